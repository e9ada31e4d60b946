"""What a report becomes: named documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Report:
    """Relative path → bytes of every document of the month."""

    documents: Mapping[str, bytes]
