"""What the first page shows: the month's numbers, and what became of every delivery and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.s7_report.summary import Summary
from pipelines.wording.cases import Row
from pipelines.wording.data import ReportData
from pipelines.wording.labels import (
    CAUSES,
    CODES,
    DELIVERY_STATES,
    OUTCOMES,
    REASONS,
    STATUS_REASONS,
    lenient,
    source_title,
    strict,
    unread_folder,
)
from pipelines.wording.masking import safe_table, safe_text, short
from pipelines.wording.texts import Texts

_BAR_LENGTH = 170  # of the longest bar, in the chart's own units
_BAR_STEP = 28
_MOST_BARS = 24
_LABEL = 15  # characters of a label that fit before the bars; Latin letters take half
_SUBTRACTED = ("header_lines", "trailer_lines", "blank_lines")
_BECAME = ("loaded", "quarantined", "duplicates", "superseded", "not_authorised")


@dataclass(frozen=True, kw_only=True)
class Bar:
    label: str
    value: str
    y: int
    width: int
    tone: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    title: str
    height: int
    bars: list[Bar]


def chart(title: str, counts: list[tuple[str, int, str]], t: Texts) -> Chart:
    """Horizontal bars of (label, count, tone); the longest counts are kept when there are many."""
    shown = counts[:_MOST_BARS]
    most = max((count for _, count, _ in shown), default=0) or 1
    bars = [
        Bar(
            label=_fitting(label),
            value=t.number(count),
            y=place * _BAR_STEP,
            width=max(1, count * _BAR_LENGTH // most),
            tone=tone,
        )
        for place, (label, count, tone) in enumerate(shown)
    ]
    return Chart(title=title, height=max(1, len(bars)) * _BAR_STEP, bars=bars)


def _fitting(label: str) -> str:
    """The label, cut to the room before the bars; the table beside has it in full."""
    room = 2 * _LABEL
    for place, character in enumerate(label):
        room -= 1 if character.isascii() else 2
        if room < 0:
            return label[: place - 1] + "…"
    return label


@dataclass(frozen=True, kw_only=True)
class Account:
    """The account of one file's lines, or of all."""

    source: str
    file_name: str
    numbers: list[int]
    balances: bool
    is_total: bool


def overview(
    data: ReportData, summary: Summary, links: Mapping[str, str], towns: Mapping[str, str], t: Texts
) -> dict[str, Any]:
    """Everything the first page's template reads. `links` and `towns` say where lists stand."""
    return {
        **_results(summary, links, towns, t),
        "deliveries": _deliveries(data, t),
        "accounts": _accounts(data, summary, t),
        "sources": [
            {
                "title": source_title(c.source, t),
                "count": c,
                "why": t.joined([lenient(STATUS_REASONS, r, t) for r in c.reasons]),
            }
            for c in summary.sources
        ],
        **_checks(data, summary, t),
        "unread_folders": [unread_folder(said, t) for said in sorted(data.unread_folders)],
        "unverified_parameters": sorted(safe_text(text) for text in data.unverified_parameters),
    }


def _results(
    summary: Summary, links: Mapping[str, str], towns: Mapping[str, str], t: Texts
) -> dict[str, Any]:
    before = summary.previous_outcomes or {}
    outcomes = [
        {"title": strict(OUTCOMES, code, t), "count": count, "before": before.get(code, 0)}
        for code, count in summary.outcomes.items()
    ]
    tones = {"keep": "calm", "population_change": "calm", "cannot_verify": "open"}
    outcome_bars = [
        (strict(OUTCOMES, code, t), n, tones.get(code, "")) for code, n in summary.outcomes.items()
    ]
    reasons = [
        {"title": strict(REASONS, c.code, t), "count": c, "href": links[c.code]} for c in summary.reasons
    ]
    reason_bars = [
        (strict(REASONS, c.code, t), c.flags, "calm" if c.code == "member_deceased" else "")
        for c in summary.reasons
    ]
    return {
        "summary": summary,
        "unavailable": t.joined([source_title(source, t) for source in summary.unavailable]),
        "outcomes": outcomes,
        "outcome_chart": chart(t.gettext("Suggested next step, by household"), outcome_bars, t),
        "previous_total": sum(before.values()),
        "missing": [{"title": source_title(s, t), "count": n} for s, n in summary.missing.items()],
        "reasons": reasons,
        "reason_chart": chart(t.gettext("Queries by reason"), reason_bars, t),
        "opened": sum(count.opened for count in summary.reasons),
        "kept": sum(count.kept for count in summary.reasons),
        "towns": [{"title": short(c.town), "count": c, "href": towns.get(c.town, "")} for c in summary.towns],
        "town_chart": chart(t.gettext("By township"), [(c.town, c.flagged, "") for c in summary.towns], t),
    }


def _deliveries(data: ReportData, t: Texts) -> list[dict[str, str]]:
    rows = safe_table(data.deliveries).to_pylist()
    return [
        {
            "source": source_title(row["source"], t),
            "delivery": short(row["delivery"]),
            "file_name": short(row["file_name"]),
            "received_at": str(row["received_at"]),
            "as_of": str(row["as_of"]),
            "stated_rows": "—" if row["stated_rows"] is None else t.number(row["stated_rows"]),
            "status": lenient(DELIVERY_STATES, row["status"], t),
            "status_code": row["status"],
            "cause": lenient(CAUSES, row["cause"], t) if row["cause"] else "",
            "reason": short(row["reason"] or ""),
        }
        for row in sorted(rows, key=lambda row: (row["delivery"], row["file_name"]))
    ]


def _accounts(data: ReportData, summary: Summary, t: Texts) -> list[Account]:
    rows = sorted(safe_table(data.accounts).to_pylist(), key=lambda row: (row["delivery"], row["file_name"]))
    return [*(_account(row, t) for row in rows), _account(summary.accounts, t)]


def _account(row: Row, t: Texts) -> Account:
    lines = row["physical_lines"] - sum(row[name] for name in _SUBTRACTED)
    became = [row[name] for name in _BECAME]
    return Account(
        source=source_title(row["source"], t) if "source" in row else "",
        file_name=f"{short(row['delivery'])}/{short(row['file_name'])}" if "source" in row else "",
        numbers=[row["physical_lines"], *(row[name] for name in _SUBTRACTED), lines, *became],
        balances=lines == sum(became),
        is_total="source" not in row,
    )


def _checks(data: ReportData, summary: Summary, t: Texts) -> dict[str, Any]:
    results = safe_table(data.expectation_results).to_pylist()
    failed = sorted(
        (row for row in results if not row["success"]),
        key=lambda row: (
            row["consequence"] != "stop",
            -row["unexpected"],
            row["delivery"],
            row["suite"],
            row["rule"],
        ),
    )
    shown = ("suite", "rule", "delivery", "observed", "why", "owner")
    return {
        "checks_total": len(results),
        "checks_failed": [
            {name: short(row[name]) for name in shown}
            | {"unexpected": row["unexpected"], "consequence": lenient(CODES, row["consequence"], t)}
            for row in failed
        ],
        "quarantine": [
            {
                "source": source_title(row["source"], t),
                "rule": short(row["rule"]),
                "why": short(row["why"]),
                "count": row["count_all"],
            }
            for row in summary.quarantine
        ],
    }
