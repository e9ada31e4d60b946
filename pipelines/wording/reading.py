"""A published month's tables as the sentences need them: of one household, or of all."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from pipelines import contracts
from pipelines.lineage.published import PublishedMonth
from pipelines.wording.data import ReportData

_OF_HOUSEHOLD = (
    "flag",
    "household",
    "household_member",
    "assessed_household",
    "assessed_line",
    "linked_match",
    "linked_review",
    "source_status",
    "member_authorisation",
)


def household_data(month: PublishedMonth, household_id: str) -> ReportData:
    """What the month says of one household."""
    before = month.previous
    previous = None if before is None else before.of_household("assessed_household", household_id)
    return _data(month, lambda name: month.of_household(name, household_id), previous)


def month_data(month: PublishedMonth) -> ReportData:
    """What the month says of every household, read once: for papers in bulk."""
    before = month.previous
    return _data(month, month.table, None if before is None else before.table("assessed_household"))


def _data(month: PublishedMonth, read: Callable[[str], pa.Table], previous: pa.Table | None) -> ReportData:
    of = {name: read(name) for name in _OF_HOUSEHOLD}
    return ReportData(
        flags=of["flag"],
        households=of["household"],
        members=of["household_member"],
        assessed_households=of["assessed_household"],
        assessed_lines=of["assessed_line"],
        matches=of["linked_match"],
        reviews=of["linked_review"],
        source_status=of["source_status"],
        authorisations=of["member_authorisation"],
        records=month.records(_named(of)),
        deliveries=month.table("delivery"),
        accounts=contracts.by_name("line_account").empty(),
        expectation_results=contracts.by_name("expectation_result").empty(),
        quarantine=contracts.by_name("quarantine").empty(),
        jurisdiction=month.jurisdiction,
        jurisdiction_title=(month.jurisdiction, month.jurisdiction),
        run_id=month.run_id,
        run_key="",
        previous=previous,
    )


def _named(of: dict[str, pa.Table]) -> set[str]:
    """Records that a match, a review, a figure, a flag or the household itself names."""
    named = {
        record for name in ("linked_match", "linked_review") for record in of[name]["record"].to_pylist()
    }
    for name in ("household", "assessed_line", "flag"):
        named |= {parent for parents in of[name]["derived_from"].to_pylist() for parent in parents}
    return named
