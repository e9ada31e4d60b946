"""Excel lists. The workbook is opened in a child process with limits: a bad one must not take the run down.

A row's evidence is its `<row>` element in the worksheet's XML: offset and length are inside that member.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import numpy as np

from pipelines.base.errors import LayoutBroken
from pipelines.reference import ROOT
from pipelines.s1_land.readers.lines import Lines, check_header, check_trailer_is_last, whole_lines
from pipelines.sources.spec import Workbook

_SECONDS = 120


def read(data: bytes, form: Workbook, expected: set[str], *, place: str) -> Lines:
    """Rows of the first worksheet that exist in its XML; LayoutBroken when it cannot be opened."""
    rows = sheet_rows(data, place)
    header = next((row for row in rows if row["no"] == form.header_row), None)
    if header is None:
        raise LayoutBroken(
            f"no row {form.header_row}", place=place, remedy="correct `header_row` in the source's YAML"
        )
    # Merged titles leave empty cells behind the last column; they are not columns.
    columns = [str(cell).strip() for cell in header["cells"]]
    while columns and not columns[-1]:
        columns.pop()
    check_header(columns, expected, place=f"{place} row {form.header_row}")
    kinds = [_kind(row, form) for row in rows]
    check_trailer_is_last(kinds, place=place)
    cells = [_padded(row["cells"], len(columns)) for row in rows]
    overfull = [
        kind == "data" and any(row["cells"][len(columns) :]) for kind, row in zip(kinds, rows, strict=True)
    ]
    return whole_lines(
        columns=columns,
        kind=kinds,
        offset=np.array([row["offset"] for row in rows], dtype=np.int64),
        length=np.array([row["length"] for row in rows], dtype=np.int64),
        fault=["cell_count" if over else None for over in overfull],
        line_no=np.array([row["no"] for row in rows], dtype=np.int64),
        cells=cells,
    )


def _kind(row: dict[str, Any], form: Workbook) -> str:
    cells: list[str] = row["cells"]
    number: int = row["no"]
    if number <= form.header_row:
        return "header"
    if not any(cell.strip() for cell in cells):
        return "blank"
    return "trailer" if re.match(form.trailer, cells[0].strip()) else "data"


def _padded(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * width)[:width]


def sheet_rows(data: bytes, place: str) -> list[dict[str, Any]]:
    """Rows of the first worksheet with their numbers and cells, read in a child process with limits."""
    command = [sys.executable, "-m", "pipelines.s1_land.readers.workbook_child"]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=data, capture_output=True, timeout=_SECONDS, check=False, cwd=ROOT
        )
    except subprocess.TimeoutExpired as error:
        raise LayoutBroken(
            f"not read within {_SECONDS} s", place=place, remedy="ask for a plain list"
        ) from error
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [
            "it ended without a word"
        ]
        raise LayoutBroken(
            f"the workbook cannot be opened: {reason[0]}",
            place=place,
            remedy="open it in Excel and save it again as .xlsx, or ask for it again",
        )
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows
