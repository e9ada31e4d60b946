"""The month's documents: a static site in two languages, a workbook, and the numbers. No clock, no file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.period import Period
from pipelines.lineage.explaining import Models, models_of
from pipelines.s7_report.data import Report
from pipelines.s7_report.lists import Names, closed_rows, contents, list_pages, list_rows
from pipelines.s7_report.overview import overview
from pipelines.s7_report.quality import quality
from pipelines.s7_report.summary import Summary, as_json, summarise, summary_lines
from pipelines.s7_report.workbook import Told, workbook
from pipelines.s7_report.writing import Site, site, style
from pipelines.wording.cases import Case, Row, active_flags, cases, closed_flags
from pipelines.wording.data import ReportData
from pipelines.wording.household_page import (
    comparisons,
    line_views,
    link_views,
    member_views,
    missing_views,
    reason_views,
    record_views,
    sentences,
)
from pipelines.wording.labels import PROGRAMMES, strict
from pipelines.wording.masking import mask_name
from pipelines.wording.outcomes import outcome_of
from pipelines.wording.texts import LANGUAGES, texts


def report(*, data: ReportData, period: Period) -> Report:
    """Every document of the month by its path. The same tables give the same bytes."""
    flags = active_flags(data)
    summary = summarise(data)
    zh, en = texts("zh"), texts("en")
    models = models_of(data.link_model)
    told = [(case, sentences(case, zh, en)) for case in cases(data, flags)]
    documents = {
        "style.css": style(),
        "summary.json": as_json(summary, data, period),
        "summary.txt": ("\n".join(summary_lines(data, period)) + "\n").encode(),
        "flags.xlsx": workbook(data, period, told, zh, en),
    }
    for language in LANGUAGES:
        half = site(data, period, language)
        documents |= dict(_overview_and_lists(half, data, summary, flags))
        documents |= dict(_household_page(half, case, reasons, models) for case, reasons in told)
    return Report(documents=dict(sorted(documents.items())))


def _names(data: ReportData, flags: Sequence[Row]) -> Names:
    households = _named(data.households, "head_name", {flag["household_id"] for flag in flags})
    members = _named(data.members, "name", {flag["subject"] for flag in flags})
    return Names(heads=households, members=members)


def _named(table: pa.Table, column: str, wanted: set[str]) -> dict[str, str | None]:
    ids = pa.array(sorted(wanted), type=pa.string())
    chosen = table.filter(pc.is_in(table["record_id"], value_set=ids))
    return dict(zip(chosen["record_id"].to_pylist(), chosen[column].to_pylist(), strict=True))


def _overview_and_lists(
    half: Site, data: ReportData, summary: Summary, flags: Sequence[Row]
) -> Iterator[tuple[str, bytes]]:
    t = half.t
    rows = list_rows(flags, _names(data, flags), t)
    towns = sorted({row.town for row in rows})
    stems = {town: f"town-{place}" for place, town in enumerate(towns, start=1)}
    entries = contents("flags", rows, towns, t)
    links = {entry.href.partition("#")[2]: entry.href for entry in entries}
    pages = {town: f"{stem}.html" for town, stem in stems.items()}
    yield half.page("index.html", "index.html.j2", tab="index", **overview(data, summary, links, pages, t))
    yield half.page("quality.html", "quality.html.j2", tab="quality", **quality(data, t))
    gone = closed_rows(closed_flags(data), t)
    yield from list_pages(
        half,
        stem="flags",
        title=t.gettext("Queries by reason and township"),
        rows=rows,
        towns=towns,
        closed=gone,
    )
    for town, stem in stems.items():
        own = [row for row in rows if row.town == town]
        left = [row for row in gone if row["town"] == town]
        yield from list_pages(half, stem=stem, title=town, rows=own, towns=towns, closed=left)


def _household_page(half: Site, case: Case, told: Sequence[Told], models: Models) -> tuple[str, bytes]:
    t = half.t
    records = record_views(case, t)
    values: dict[str, Any] = {
        "head": mask_name(case.household["head_name"]) or "—",
        "household": case.household,
        "programme": strict(PROGRAMMES, case.household["programme"], t),
        "outcome": outcome_of(case, t),
        "outcome_code": case.assessed["outcome"],
        # Where a death is recorded the whole page keeps the calm colour.
        "tone": "death" if any(flag["track"] == "death" for flag in case.flags) else "",
        "reasons": reason_views(list(told), t),
        "missing": missing_views(case, t),
        "comparisons": comparisons(case, t),
        "members": member_views(case),
        "lines": line_views(case, t),
        "records": records,
        "hidden_records": len(case.evidence) - len(records),
        "links": link_views(case, models, t),
    }
    return half.page(f"households/{case.household_id}.html", "household.html.j2", tab="flags", **values)
