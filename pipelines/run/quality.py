"""The month's score of each source: 准确性 accuracy, 实时性 timeliness, 有效性 validity. Whole numbers only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.period import Period
from pipelines.contracts import conform
from pipelines.contracts.quality import QUALITY_SCORE, QUARANTINE_SAMPLE

Row = dict[str, Any]

_MILLE = 1000
_SAMPLE = 10
# How old a statement may be at the month's end before the source is late; other cadences never are.
CADENCE_DAYS: Mapping[str, int] = {"monthly": 31, "quarterly": 92, "yearly": 366}


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What the ledger and the YAML say of a source in the month."""

    source: str
    status: str
    cadence: str
    used: frozenset[str]  # deliveries that count
    persons: int
    valid_ids: int
    columns_read: Mapping[str, int]  # record_id of a file → delivered columns that are read


def quality_score(
    *,
    period: Period,
    spoken: Sequence[Spoken],
    files: pa.Table,
    accounts: pa.Table,
    unhandled: pa.Table,
    results: pa.Table,
) -> pa.Table:
    """QUALITY_SCORE, one row a source, also of those that sent nothing."""
    rows = [
        _score(
            period,
            said,
            [file for file in _of(files, said) if file["status"] == "accepted"],
            _of(accounts, said),
            sum(row["rows"] for row in _of(unhandled, said)),
            [row["success"] for row in _of(results, said)],
        )
        for said in spoken
    ]
    return conform(pa.Table.from_pylist(rows, schema=QUALITY_SCORE.schema), QUALITY_SCORE)


def sampled(quarantine: pa.Table) -> list[Row]:
    """Ten lines of each delivery and rule, in row order."""
    chosen: dict[tuple[str, str], list[Row]] = {}
    of_lines = quarantine.filter(pc.is_valid(quarantine["row_no"]))
    for row in of_lines.sort_by(
        [(name, "ascending") for name in ("delivery", "file_name", "row_no", "record_id")]
    ).to_pylist():
        sample = chosen.setdefault((row["delivery"], row["rule"]), [])
        if len(sample) < _SAMPLE:
            sample.append(row)
    return [row for sample in chosen.values() for row in sample]


def quarantine_sample(samples: Sequence[Row], cells: Mapping[tuple[str, str, int], list[str]]) -> pa.Table:
    """QUARANTINE_SAMPLE: the sampled rows, the cells of their lines (by delivery, file and row) masked."""
    rows = [
        {
            **{key: row[key] for key in ("source", "delivery", "file_name", "row_no", "rule")},
            "record_id": f"{row['record_id']}=sample",
            "cells": [
                masked(cell) for cell in cells.get((row["delivery"], row["file_name"], row["row_no"]), [])
            ],
            "derived_from": [row["record_id"]],
        }
        for row in samples
    ]
    return conform(pa.Table.from_pylist(rows, schema=QUARANTINE_SAMPLE.schema), QUARANTINE_SAMPLE)


def masked(cell: str | None) -> str:
    """The first character of a cell; of the others only whether they are letters or digits, or a mark."""
    text = (cell or "").strip()
    return text[:1] + "".join("*" if char.isalnum() else char for char in text[1:])


def _score(
    period: Period,
    said: Spoken,
    files: list[Row],
    accounts: list[Row],
    not_understood: int,
    successes: list[bool],
) -> Row:
    data_lines = sum(_data_lines(row) for row in accounts)
    as_of = max((day for file in files if isinstance(day := file["as_of"], date)), default=None)
    age = (period.last_day - as_of).days if as_of else None
    values = sum(_data_lines(row) * said.columns_read.get(str(row["derived_from"][0]), 0) for row in accounts)
    return {
        "record_id": f"{said.source}/{period}=quality",
        "source": said.source,
        "month": str(period),
        "status": said.status,
        "data_lines": data_lines,
        "persons": said.persons,
        "valid_id_permille": permille(said.valid_ids, said.persons),
        "quarantined_permille": permille(sum(row["quarantined"] for row in accounts), data_lines),
        "as_of": as_of,
        "age_days": age,
        "is_late": age is None or age > CADENCE_DAYS.get(said.cadence, age),
        "lag_days": _lag(files),
        "loaded_permille": permille(sum(row["loaded"] for row in accounts), data_lines),
        "understood_permille": permille(max(0, values - not_understood), values),
        "checks": len(successes),
        "checks_failed": successes.count(False),
        "derived_from": sorted(str(file["record_id"]) for file in files),
    }


def permille(part: int, whole: int) -> int | None:
    """part of whole in thousandths, cut down: nothing short of all is called 1000."""
    return part * _MILLE // whole if whole else None


def _lag(files: list[Row]) -> int | None:
    """Days the newest statement took to arrive."""
    days = [
        (as_of, (received - as_of).days)
        for file in files
        if isinstance(as_of := file["as_of"], date) and isinstance(received := file["received_at"], date)
    ]
    return max(days)[1] if days else None


def _data_lines(row: Row) -> int:
    lines: int = row["physical_lines"] - row["header_lines"] - row["trailer_lines"] - row["blank_lines"]
    return lines


def _of(table: pa.Table, said: Spoken) -> list[Row]:
    """The rows of the deliveries that count, of one source."""
    used = pa.array(sorted(said.used), pa.string())
    found: list[Row] = table.filter(pc.is_in(table["delivery"], value_set=used)).to_pylist()
    return found
