"""flags.xlsx: the month's flags, flagged households and deliveries. Masked, ids as text, nothing live."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, time

import xlsxwriter

from pipelines.base.period import Period
from pipelines.wording.cases import Case
from pipelines.wording.data import ReportData
from pipelines.wording.household_page import person_of
from pipelines.wording.labels import (
    DELIVERY_STATES,
    PROGRAMMES,
    REASONS,
    STATES,
    lenient,
    source_title,
    strict,
)
from pipelines.wording.masking import mask_name, safe_table, short
from pipelines.wording.outcomes import outcome_of
from pipelines.wording.reason import Reason, Sentence
from pipelines.wording.texts import N_, Texts

Told = tuple[Reason, Sentence, Sentence]  # a flag with its sentence in Chinese and English
Line = Sequence[str | int | None]

_FLAG_HEADS = (
    (N_("Query no."), 22), (N_("Household no."), 14), (N_("Head"), 9), (N_("Programme"), 11), (N_("Township"), 14),
    (N_("Village"), 14), (N_("Reason"), 18), (N_("Person"), 9), (N_("Why flagged (Chinese)"), 70),
    (N_("Why flagged (English)"), 70), (N_("State"), 12), (N_("First raised"), 11),
)  # fmt: skip
_HOUSEHOLD_HEADS = (
    (N_("Household no."), 14), (N_("Head"), 9), (N_("Programme"), 11), (N_("Township"), 14), (N_("Village"), 14),
    (N_("Members"), 9), (N_("Counted members"), 9), (N_("Suggested next step"), 26), (N_("Queries"), 9),
    (N_("Counted income, yuan"), 14), (N_("Entitlement at most, yuan"), 14), (N_("Paid, yuan"), 14),
    (N_("Sources not checked"), 50),
)  # fmt: skip
_DELIVERY_HEADS = (
    (N_("Source"), 22), (N_("Delivery"), 26), (N_("File"), 36), (N_("Received"), 12), (N_("State of"), 12),
    (N_("Rows stated"), 12), (N_("Status"), 12), (N_("What was wrong"), 60),
)  # fmt: skip


class _Book:
    """A workbook whose bytes depend on its content only."""

    def __init__(self, data: ReportData, period: Period, zh: Texts, en: Texts) -> None:
        self._bytes = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(self._bytes, options)
        title = f"{data.jurisdiction_title[0]} {period}"
        made_of = datetime.combine(period.last_day, time())  # a fixed day, not the moment of writing
        self._book.set_properties({"title": title, "author": "Hedui 核对", "created": made_of})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._text = self._book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self._whole = self._book.add_format({"num_format": "#,##0", "valign": "top"})
        self._footer = f"&L{title}&R{data.run_id}"
        self._zh, self._en = zh, en

    def sheet(self, name: str, heads: Sequence[tuple[str, int]], lines: Sequence[Line]) -> None:
        """One sheet: Chinese headers, English below, both frozen; text stays text."""
        sheet = self._book.add_worksheet(name)
        for column, (label, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, self._zh.gettext(label), self._head)
            sheet.write_string(1, column, self._en.gettext(label), self._head)
        for place, line in enumerate(lines):
            for column, value in enumerate(line):
                self._cell(sheet, place + 2, column, value)
        sheet.freeze_panes(2, 0)
        sheet.autofilter(1, 0, max(1, len(lines) + 1), len(heads) - 1)
        sheet.set_footer(self._footer)
        sheet.set_landscape()
        sheet.repeat_rows(0, 1)

    def _cell(
        self, sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: str | int | None
    ) -> None:
        if isinstance(value, int):
            sheet.write_number(row, column, value, self._whole)
            return
        sheet.write_string(row, column, short(value or ""), self._text)

    def close(self) -> bytes:
        self._book.close()
        return self._bytes.getvalue()


def workbook(
    data: ReportData, period: Period, told: Sequence[tuple[Case, Sequence[Told]]], zh: Texts, en: Texts
) -> bytes:
    """The three sheets. `told` has every flagged household with its sentences."""
    book = _Book(data, period, zh, en)
    book.sheet("flags", _FLAG_HEADS, [_flag_line(case, one, zh) for case, reasons in told for one in reasons])
    book.sheet("households", _HOUSEHOLD_HEADS, [_household_line(case, zh) for case, _ in told])
    book.sheet("deliveries", _DELIVERY_HEADS, _delivery_lines(data, zh))
    return book.close()


def _flag_line(case: Case, told: Told, t: Texts) -> Line:
    reason, zh, en = told
    flag, household = reason.flag, case.household
    return [
        flag["record_id"],
        flag["household_no"],
        mask_name(household["head_name"]),
        strict(PROGRAMMES, flag["programme"], t),
        flag["town"],
        flag["village"],
        strict(REASONS, flag["code"], t),
        person_of(case, flag["subject"]),
        zh.text,
        en.text,
        strict(STATES, flag["state"], t),
        flag["first_month"],
    ]


def _yuan(fen: int | None) -> str:
    """1234.50 as text: a spreadsheet must not round money."""
    if fen is None:
        return ""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _household_line(case: Case, t: Texts) -> Line:
    household, assessed = case.household, case.assessed
    return [
        household["household_no"],
        mask_name(household["head_name"]),
        strict(PROGRAMMES, household["programme"], t),
        household["town"],
        household["village"],
        household["members"],
        assessed["counting_members"],
        outcome_of(case, t),
        len(case.flags),
        _yuan(assessed["counted_income"]),
        _yuan(assessed["entitlement_at_most"]),
        _yuan(assessed["paid_amount"]),
        t.joined([source_title(source, t) for source in case.missing_sources]),
    ]


def _delivery_lines(data: ReportData, t: Texts) -> list[Line]:
    rows = safe_table(data.deliveries).to_pylist()
    return [
        [
            source_title(row["source"], t),
            row["delivery"],
            row["file_name"],
            str(row["received_at"]),
            str(row["as_of"]),
            row["stated_rows"],
            lenient(DELIVERY_STATES, row["status"], t),
            row["reason"],
        ]
        for row in sorted(rows, key=lambda row: (row["delivery"], row["file_name"]))
    ]
