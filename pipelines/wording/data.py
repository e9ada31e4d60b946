"""What a month is told from: its contract tables and a few plain facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class ReportData:
    """One month's contract tables and the few plain facts the pages state about the run."""

    flags: pa.Table
    households: pa.Table
    members: pa.Table
    assessed_households: pa.Table
    assessed_lines: pa.Table
    matches: pa.Table
    reviews: pa.Table
    records: Mapping[str, pa.Table]  # canonical table → the records that are linked or under review
    source_status: pa.Table
    deliveries: pa.Table
    accounts: pa.Table
    expectation_results: pa.Table
    quarantine: pa.Table
    jurisdiction: str
    jurisdiction_title: tuple[str, str]  # Chinese, English
    run_id: str
    run_key: str
    unread_folders: Sequence[str] = ()  # inbox folders no source reads
    unverified_parameters: Sequence[str] = ()  # parameters of the pack that are marked to be verified
    quality_scores: pa.Table | None = None
    quarantine_sample: pa.Table | None = None
    rule_sentences: Mapping[tuple[str, str], tuple[str, str]] = field(
        default_factory=dict
    )  # (suite, rule) → zh, en
    authorisations: pa.Table | None = None  # member_authorisation: who may be looked up
    link_model: pa.Table | None = None  # what the links were weighed by
    previous: pa.Table | None = None  # assessed_household of the month before
