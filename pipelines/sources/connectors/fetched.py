"""What one fetch brought: counts and names, no content."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.sources.connectors.authorisation import Authorisation


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """At most one delivery. `remaining` tells how many more the sender has ready: fetch again while it is not 0."""

    delivery: (
        str | None
    )  # `<source>/<batch>`; None when there was nothing new, or nobody who may be asked about
    files: tuple[str, ...] = ()
    rows: int = 0
    requests: int = 0  # HTTP calls, files read over SFTP, statements run
    remaining: int = 0
    not_sent: int = 0  # people without a valid authorisation
    asked: tuple[Authorisation, ...] = field(
        default=(), repr=False
    )  # silence is not zero: who was asked about
