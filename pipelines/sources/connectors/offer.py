"""Which of the batches a sender offers is fetched next: pure choice over names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from pipelines.base.fetch_errors import FetchRefused
from pipelines.base.period import Period
from pipelines.sources.connectors.batch import check_name

_OWN_FORM = re.compile(r"\d{8}_\d{2}")
SIGN_OFF_BYTES = 4096


@dataclass(frozen=True, order=True)
class Offered:
    """A batch folder of the sender: our name for it, and the sender's."""

    name: str
    remote: str


def fill_month(text: str, month: str) -> str:
    """`{month}` and `{next_month}` as 202406 and 202407; other braces stay, they may be a regular expression's."""
    period = Period.parse(month)
    later = period.shift(1)
    return text.replace("{month}", f"{period.first_day:%Y%m}").replace(
        "{next_month}", f"{later.first_day:%Y%m}"
    )


def offered(remote_names: Iterable[str], *, pattern: str, month: str) -> list[Offered]:
    """The batch folders whose names match, oldest first, under the names they will have with us."""
    form = re.compile(fill_month(pattern, month))
    found = ((name, form.fullmatch(name)) for name in remote_names if "/" not in name)
    named = (Offered(_local_name(match), name) for name, match in found if match)
    batches = sorted(batch for batch in named if _OWN_FORM.fullmatch(batch.name))
    for one, following in pairwise(batches):
        if one.name == following.name:
            raise FetchRefused(
                "two batches of the sender would have one name here",
                place=one.name,
                remedy="make the groups `day` and `number` of `batches` tell them apart",
            )
    return batches


def _local_name(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if "day" not in groups:
        return match[0]
    return f"{groups['day']}_{int(groups.get('number') or 1):02d}"


def signed_files(names: Iterable[str], *, suffix: str, ignore: Iterable[str]) -> tuple[str, ...]:
    """The data files of a batch, or none at all while one of them lacks its sign-off: the sender is not ready."""
    left_out = set(ignore)
    listed = {name for name in names if name not in left_out and not name.startswith(".")}
    data = sorted(check_name(name) for name in listed if not name.endswith(suffix))
    return tuple(data) if all(name + suffix in listed for name in data) else ()


def stated_rows(sign_off: bytes) -> int:
    """The row count a sign-off states, 0 where it states none: only for the summary, landing reads it strictly."""
    fields = sign_off.decode("utf-8", "replace").strip().split("|")
    return int(fields[1]) if len(fields) > 1 and re.fullmatch(r"\d{1,12}", fields[1]) else 0
