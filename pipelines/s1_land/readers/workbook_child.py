"""The child that opens a workbook: bytes on stdin, rows as JSON on stdout, within memory and time limits.

Cell texts are what the file stores: whole numbers without exponent (an id typed as a number keeps the
15 digits Excel kept), typed dates as ISO dates.
"""

from __future__ import annotations

import io
import json
import math
import re
import resource
import sys
from datetime import date, datetime
from decimal import Decimal

from python_calamine import CalamineWorkbook

from pipelines.sources.inflate import first_sheet

_MEMORY = 3 << 30
_CPU_SECONDS = 100
_ROW = re.compile(rb"<row\b[^>]*?\br=\"(\d+)\"[^>]*?(?:/>|>.*?</row>)", re.DOTALL)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    data = sys.stdin.buffer.read()
    member = first_sheet(data)
    texts = _cell_texts(data)
    rows: list[dict[str, object]] = []
    last = 0
    for found in _ROW.finditer(member):
        number = int(found[1])
        if number <= last:
            raise ValueError(f"row {number} stands after row {last}")
        last = number
        cells = texts[number - 1] if number <= len(texts) else []
        rows.append(
            {"no": number, "offset": found.start(), "length": found.end() - found.start(), "cells": cells}
        )
    json.dump(rows, sys.stdout)


def _cell_texts(data: bytes) -> list[list[str]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheet = book.get_sheet_by_index(0)
    return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return "" if math.isnan(cell) else format(Decimal(repr(cell)).normalize(), "f")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(1)
