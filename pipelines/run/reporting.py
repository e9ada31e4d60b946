"""Gather what a month's report states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pipelines.base.ids import digest_parts
from pipelines.run import tables
from pipelines.run.evidence import seen_records
from pipelines.s3_validate import load_suite
from pipelines.s5_assess import asked
from pipelines.wording.data import ReportData

if TYPE_CHECKING:
    from pipelines.run.month import Run


def report_data(run: Run) -> ReportData:
    """All tables of the month and the plain facts beside them."""
    matches, reviews = tables.linked(run, "linked_match"), tables.linked(run, "linked_review")
    title = run.pack.title
    return ReportData(
        flags=run.read("flag", "flag"),
        households=run.read("compose", "household"),
        members=run.read("compose", "household_member"),
        assessed_households=run.read("assess", "assessed_household"),
        assessed_lines=asked(run.read("assess", "assessed_line")),
        matches=matches,
        reviews=reviews,
        records=seen_records(run, matches, reviews),
        source_status=run.read("assess", "source_status"),
        deliveries=run.read("compose", "delivery"),
        accounts=run.read("compose", "line_account"),
        expectation_results=tables.seen(run, "expectation_result"),
        quarantine=tables.seen(run, "quarantine"),
        quality_scores=run.read("compose", "quality_score"),
        quarantine_sample=run.read("compose", "quarantine_sample"),
        rule_sentences=_sentences(tables.seen(run, "expectation_result")),
        jurisdiction=run.jurisdiction,
        jurisdiction_title=(title["zh"], title["en"]),
        run_id=run.run_id,
        run_key=digest_parts([str(sorted(run.key.items()))]),
        unread_folders=run.key["unread"],
        unverified_parameters=_unverified(run),
        authorisations=run.read("compose", "member_authorisation"),
        link_model=tables.linked(run, "link_model"),
        previous=tables.previous(run, "assess", "assessed_household"),
    )


def _sentences(results: pa.Table) -> dict[tuple[str, str], tuple[str, str]]:
    """What each judged expectation says, in Chinese and English, from the meta of its suite."""
    said = {}
    for name in sorted(set(results["suite"].to_pylist())):
        for entry in load_suite(name).document["expectations"]:
            meta = entry["meta"]
            said[name, meta["rule"]] = (meta["sentence"]["zh"], meta["sentence"]["en"])
    return said


def _unverified(run: Run) -> list[str]:
    """The parameters in force this month that nobody has held against an official text yet."""
    in_force = run.pack.in_force(run.period).values()
    return [f"{one.path} ({one.valid_from}): {one.cited}" for one in in_force if one.verify]
