"""Tables of whole numbers, money and words, written as a workbook or as a paper. The same tables give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

from pipelines.papers.typesetting import pdf
from pipelines.wording.masking import short
from pipelines.wording.texts import Texts

_FEN_A_YUAN = Decimal(100)
_LONGEST_SHEET_NAME = 31
_WIDEST, _NARROWEST = 44, 10


@dataclass(frozen=True)
class Fen:
    """Money in 分, so that a cell knows it is money."""

    fen: int


Cell = str | int | Fen


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table with its heads; the note says what it speaks of."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


def workbook(sheets: Sequence[Sheet], title: str, made_on: date) -> bytes:
    """A sheet a table: numbers are numbers, words stay words, nothing is a formula or a link."""
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(written, options)
    book.set_properties(
        {"title": title, "author": "Hedui 核对", "created": datetime.combine(made_on, time())}
    )
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        "whole": book.add_format({"num_format": "#,##0"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
    }
    for number, sheet in enumerate(sheets, start=1):
        _write(book.add_worksheet(f"{number} {sheet.title}"[:_LONGEST_SHEET_NAME]), sheet, title, formats)
    book.close()
    return written.getvalue()


def _write(page: Any, sheet: Sheet, title: str, formats: dict[str, Any]) -> None:
    for column, head in enumerate(sheet.heads):
        longest = max([len(head), *(len(str(row[column])) for row in sheet.rows)])
        page.set_column(column, column, min(_WIDEST, max(_NARROWEST, 2 * longest)))
        page.write_string(0, column, head, formats["head"])
    for place, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _cell(page, place, column, cell, formats)
    if sheet.note:
        page.write_string(len(sheet.rows) + 2, 0, sheet.note, formats["text"])
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L{title}&R&P / &N")


def _cell(page: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, Fen):
        page.write_number(row, column, Decimal(cell.fen) / _FEN_A_YUAN, formats["money"])
    elif isinstance(cell, int):
        page.write_number(row, column, cell, formats["whole"])
    else:
        page.write_string(row, column, short(cell), formats["text"])


def paper(sheets: Sequence[Sheet], title: str, made_on: date, t: Texts) -> bytes:
    """The tables one after another as PDF."""
    content = {
        "title": title,
        "lang": "zh" if t.is_zh else "en",
        "region": "cn" if t.is_zh else "gb",
        "code": "",
        "words": {"printed": t.day(made_on)},
        "office": {"name": "Hedui 核对"},
        "sheets": [
            {
                "title": sheet.title,
                "head": list(sheet.heads),
                "rows": [[_shown(cell, t) for cell in row] for row in sheet.rows],
                "is_number": [_is_number(sheet, column) for column in range(len(sheet.heads))],
                "note": sheet.note,
            }
            for sheet in sheets
        ],
    }
    return pdf("statement", content, made_on)


def _shown(cell: Cell, t: Texts) -> str:
    if isinstance(cell, Fen):
        return t.yuan(cell.fen)
    return t.number(cell) if isinstance(cell, int) else cell


def _is_number(sheet: Sheet, column: int) -> bool:
    return any(not isinstance(row[column], str) for row in sheet.rows)
