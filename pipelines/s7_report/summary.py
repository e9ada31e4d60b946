"""The month in numbers. Every total is counted once here; pages, JSON and the printed lines only show it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.period import Period
from pipelines.wording.cases import Row, active_flags, closed_flags
from pipelines.wording.data import ReportData
from pipelines.wording.labels import OUTCOMES, REASONS, source_title, strict, unread_folder
from pipelines.wording.masking import safe_table, safe_text
from pipelines.wording.texts import LANGUAGES, Texts, texts

_ACCOUNT_COLUMNS = (
    "physical_lines",
    "header_lines",
    "trailer_lines",
    "blank_lines",
    "loaded",
    "quarantined",
    "duplicates",
    "superseded",
    "not_authorised",
    "records",
)


@dataclass(frozen=True, kw_only=True)
class ReasonCount:
    code: str
    flags: int
    households: int
    opened: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class TownCount:
    town: str
    checked: int
    flagged: int
    flags: int


@dataclass(frozen=True, kw_only=True)
class SourceCount:
    """One source: for how many households it had a record, none, or was not checked."""

    source: str
    matched: int
    no_record: int
    not_checked: int
    reasons: tuple[str, ...]
    as_of: str

    @property
    def households(self) -> int:
        return self.matched + self.no_record + self.not_checked


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Counts of the month."""

    checked: int
    flagged: int
    flags: int
    closed: int
    outcomes: dict[str, int]
    previous_outcomes: dict[str, int] | None
    reasons: tuple[ReasonCount, ...]
    towns: tuple[TownCount, ...]
    missing: dict[str, int]  # source → households that could not be verified for want of it
    sources: tuple[SourceCount, ...]
    accounts: dict[str, int]
    quarantine: tuple[Row, ...]  # source, rule, why, rows

    @property
    def unavailable(self) -> list[str]:
        """Sources no household was checked against."""
        return [count.source for count in self.sources if count.not_checked == count.households]


def summarise(data: ReportData) -> Summary:
    """Count the month's tables."""
    flags = active_flags(data)
    return Summary(
        checked=data.assessed_households.num_rows,
        flagged=len({flag["household_id"] for flag in flags}),
        flags=len(flags),
        closed=len(closed_flags(data)),
        outcomes=_outcomes(data.assessed_households),
        previous_outcomes=None if data.previous is None else _outcomes(data.previous),
        reasons=_reasons(flags),
        towns=_towns(data.households, flags),
        missing=_missing(data.assessed_households),
        sources=_sources(data.source_status),
        accounts={name: int(pc.sum(data.accounts[name]).as_py() or 0) for name in _ACCOUNT_COLUMNS},
        quarantine=_quarantine(data.quarantine),
    )


def _outcomes(assessed: pa.Table) -> dict[str, int]:
    counted = Counter(assessed["outcome"].to_pylist())
    en = texts("en")
    for outcome in counted:
        strict(OUTCOMES, outcome, en)
    return {outcome: counted[outcome] for outcome in OUTCOMES}


def _reasons(flags: list[Row]) -> tuple[ReasonCount, ...]:
    by_code: dict[str, list[Row]] = defaultdict(list)
    for flag in flags:
        by_code[flag["code"]].append(flag)
    return tuple(
        ReasonCount(
            code=code,
            flags=len(by_code[code]),
            households=len({flag["household_id"] for flag in by_code[code]}),
            opened=sum(flag["state"] == "opened" for flag in by_code[code]),
            kept=sum(flag["state"] == "kept" for flag in by_code[code]),
        )
        for code in REASONS
        if code in by_code
    )


def _towns(households: pa.Table, flags: list[Row]) -> tuple[TownCount, ...]:
    checked = Counter(safe_table(households.select(["town"]))["town"].to_pylist())
    town_of_flagged = {flag["household_id"]: flag["town"] for flag in flags}
    flagged, counted = Counter(town_of_flagged.values()), Counter(flag["town"] for flag in flags)
    towns = sorted(set(checked) | set(flagged), key=lambda town: (-flagged[town], town))
    return tuple(
        TownCount(town=town, checked=checked[town], flagged=flagged[town], flags=counted[town])
        for town in towns
    )


def _missing(assessed: pa.Table) -> dict[str, int]:
    unverified = assessed.filter(pc.equal(assessed["outcome"], "cannot_verify"))
    counted = Counter(source for row in unverified["missing_sources"].to_pylist() for source in row)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _sources(statuses: pa.Table) -> tuple[SourceCount, ...]:
    keys = ["source", "status", "reason", "as_of"]
    counted = statuses.group_by(keys).aggregate([([], "count_all")]).to_pylist()
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in counted:
        by_source[row["source"]].append(row)
    return tuple(_source_count(source, by_source[source]) for source in sorted(by_source))


def _source_count(source: str, rows: Iterable[Row]) -> SourceCount:
    status: Counter[str] = Counter()
    for row in rows:
        status[row["status"]] += row["count_all"]
    return SourceCount(
        source=source,
        matched=status["matched"],
        no_record=status["no_record"],
        not_checked=status["not_checked"],
        reasons=tuple(sorted({row["reason"] for row in rows if row["reason"]})),
        as_of=max((row["as_of"] for row in rows), default=""),
    )


def _quarantine(quarantine: pa.Table) -> tuple[Row, ...]:
    keys = ["source", "rule", "why"]
    counted = safe_table(quarantine.select(keys)).group_by(keys).aggregate([([], "count_all")]).to_pylist()
    return tuple(sorted(counted, key=lambda row: (-row["count_all"], row["source"], row["rule"], row["why"])))


def as_json(summary: Summary, data: ReportData, period: Period) -> bytes:
    """summary.json: whole numbers and codes, keys sorted."""
    body: dict[str, Any] = {
        "jurisdiction": data.jurisdiction,
        "month": str(period),
        "run_id": data.run_id,
        "run_key": data.run_key,
        "households_checked": summary.checked,
        "households_flagged": summary.flagged,
        "flags": summary.flags,
        "flags_closed": summary.closed,
        "outcomes": summary.outcomes,
        "outcomes_before": summary.previous_outcomes,
        "reasons": {count.code: _plain(count, "code") for count in summary.reasons},
        "towns": {count.town: _plain(count, "town") for count in summary.towns},
        "cannot_verify_for_want_of": summary.missing,
        "sources": {count.source: _plain(count, "source") for count in summary.sources},
        "lines": summary.accounts,
        "quarantined_records": sum(row["count_all"] for row in summary.quarantine),
        "unread_folders": sorted(safe_text(name) for name in data.unread_folders),
        "unverified_parameters": sorted(safe_text(text) for text in data.unverified_parameters),
    }
    return (json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _plain(count: ReasonCount | TownCount | SourceCount, key: str) -> dict[str, Any]:
    return {name: value for name, value in vars(count).items() if name != key}


def summary_lines(data: ReportData, period: Period | None = None) -> list[str]:
    """The few lines a run prints: Chinese, then English."""
    summary = summarise(data)
    return [line for language in LANGUAGES for line in _lines(summary, data, period, texts(language))]


def _lines(summary: Summary, data: ReportData, period: Period | None, t: Texts) -> list[str]:
    place = data.jurisdiction_title[0] if t.is_zh else data.jurisdiction_title[1]
    lines = [
        t.gettext(
            "%(place)s %(month)s: %(checked)s households checked, %(flagged)s (%(share)s) with %(flags)s queries"
        )
        % {
            "place": place,
            "month": t.month(period) if period else "",
            "checked": t.number(summary.checked),
            "flagged": t.number(summary.flagged),
            "share": t.share(summary.flagged, summary.checked),
            "flags": t.number(summary.flags),
        }
    ]
    outcomes = [f"{strict(OUTCOMES, code, t)} {t.number(n)}" for code, n in summary.outcomes.items() if n]
    reasons = [f"{strict(REASONS, count.code, t)} {t.number(count.flags)}" for count in summary.reasons]
    lines.append(t.gettext("Outcomes: %(list)s") % {"list": t.joined(outcomes) or "—"})
    lines.append(t.gettext("Queries: %(list)s") % {"list": t.joined(reasons) or "—"})
    if summary.missing:
        missing = [f"{source_title(source, t)} {t.number(n)}" for source, n in summary.missing.items()]
        lines.append(
            t.gettext("Households not verifiable for want of: %(list)s") % {"list": t.joined(missing)}
        )
    if data.unread_folders:
        folders = [unread_folder(said, t)[0] for said in sorted(data.unread_folders)]
        lines.append(t.gettext("Inbox folders no source reads: %(list)s") % {"list": t.joined(folders)})
    return lines
