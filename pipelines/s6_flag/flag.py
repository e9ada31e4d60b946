"""A line that is exceeded or to be confirmed raises a flag: a prompt to look, never a decision.

A case is one household, reason code and subject across months. Against the month before it is opened, kept or
closed; a case nobody could look into this month is kept with the sources that are missing. A closed flag
carries last month's values and derives from last month's flag alone. A case that closed and comes back is
opened again, with a new first month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from pipelines.base.database import in_memory
from pipelines.base.ids import short_id
from pipelines.base.period import Period
from pipelines.contracts import conform
from pipelines.contracts.flagged import FLAG
from pipelines.contracts.household import HOUSEHOLD_MEMBER
from pipelines.policy import Pack
from pipelines.reference import sql

_SETTINGS = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET temp_directory = ''",
    "SET python_enable_replacements = false",
    "SET enable_external_access = false",
)


@dataclass(frozen=True, kw_only=True)
class Flagged:
    """FLAG of the month, and how many flags each reason code has in each state."""

    flags: pa.Table
    counts: Mapping[str, Mapping[str, int]]


def flag(
    *,
    lines: pa.Table,
    households: pa.Table,
    household_table: pa.Table,
    previous: pa.Table | None,
    policy: Pack,
    period: Period,
    jurisdiction: str,
    members: pa.Table | None = None,
    threads: int = 2,
) -> Flagged:
    """Flags of the month from ASSESSED_LINE, ASSESSED_HOUSEHOLD and HOUSEHOLD, against last month's FLAG.

    With HOUSEHOLD_MEMBER given, a question about a member who is off the list is closed at once; without,
    no member counts as being off the list.
    """
    before = FLAG.empty() if previous is None else previous
    given = {
        "assessed_line": lines,
        "assessed_household": households.select(["household_id", "missing_sources"]),
        "household": household_table.select(["record_id", "household_no", "programme", "town", "village"]),
        "member": _known_members(members, before),
        "previous": before,
        "track": _tracks(policy),
    }
    with in_memory() as connection:
        for setting in _SETTINGS:
            connection.execute(setting)
        connection.execute("SET threads = $threads", {"threads": threads})
        for name, table in given.items():
            connection.register(name, table)
        raised = connection.sql(sql("transforms/flag/raised.sql")).to_arrow_table()
        connection.register("raised", _with_cases(raised, jurisdiction))
        found = connection.sql(
            sql("transforms/flag/flag.sql"), params={"month": str(period)}
        ).to_arrow_table()
    flags = conform(_with_ids(found, period), FLAG)
    return Flagged(flags=flags, counts=_counts(flags))


def _known_members(members: pa.Table | None, before: pa.Table) -> pa.Table:
    """The ids of the members on the list."""
    if members is not None:
        return members.select(["record_id"])
    return pa.table({"record_id": before["subject"].cast(HOUSEHOLD_MEMBER.column("record_id").type)})


def _tracks(policy: Pack) -> pa.Table:
    codes = sorted(policy.rules)
    tracks = [policy.rules[code].track for code in codes]
    return pa.table({"code": pa.array(codes, pa.string()), "track": pa.array(tracks, pa.string())})


def _with_cases(raised: pa.Table, jurisdiction: str) -> pa.Table:
    """case_id: the same household, code and subject have the same id in every month."""
    keys = zip(*(raised[name].to_pylist() for name in ("household_id", "code", "subject")), strict=True)
    cases = [short_id("C", jurisdiction, *key) for key in keys]
    return raised.append_column("case_id", pa.array(cases, pa.string()))


def _with_ids(found: pa.Table, period: Period) -> pa.Table:
    """record_id, the flag_id: the case in this month."""
    flags = [short_id("F", case, str(period)) for case in found["case_id"].to_pylist()]
    return found.append_column("record_id", pa.array(flags, pa.string()))


def _counts(flags: pa.Table) -> dict[str, dict[str, int]]:
    """Code → state → number, both in alphabetical order."""
    pairs = zip(flags["code"].to_pylist(), flags["state"].to_pylist(), strict=True)
    counts: dict[str, dict[str, int]] = {}
    for (code, state), number in sorted(Counter(pairs).items()):
        counts.setdefault(code, {})[state] = number
    return counts
