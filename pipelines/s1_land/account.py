"""The account of every line: physical − header − trailer − blank = what became of the data lines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import LinesUnbalanced
from pipelines.contracts import conform
from pipelines.contracts.arrival import LINE_ACCOUNT

_ROW = ("delivery", "file_name", "row_no")
_KINDS = ("header", "data", "trailer", "blank")
_FATES = ("loaded", "quarantined", "duplicates", "superseded", "not_authorised")


@dataclass(frozen=True, kw_only=True)
class Fates:
    """What became of the lines: accepted records, quarantined ones, and the (delivery, file) pairs in force."""

    records: pa.Table
    quarantine: pa.Table
    used: set[tuple[str, str]]
    superseded: frozenset[str] = frozenset()  # record_ids a later delta replaces
    held: frozenset[str] = frozenset()  # deliveries a shock gate holds: nothing of them is loaded
    not_authorised: frozenset[str] = frozenset()  # record_ids about people who may not be looked up


def account(*, files: pa.Table, lines: pa.Table, fates: Fates) -> pa.Table:
    """LINE_ACCOUNT of delivered files, each fate counted from its own table so that the sum is a check.

    Of `lines` and of the records only addresses are read. A refused file counts as quarantined whole.
    LinesUnbalanced when a file's lines do not add up.
    """
    in_force = {
        file["sha256"] for file in files.to_pylist() if (file["delivery"], file["file_name"]) in fates.used
    }
    counted = _Counted(lines, fates)
    rows = [_file_account(file, counted, fates, in_force) for file in files.to_pylist()]
    for row in rows:
        check_balance(row)
    return conform(pa.Table.from_pylist(rows, schema=LINE_ACCOUNT.schema), LINE_ACCOUNT)


def check_balance(row: dict[str, object]) -> None:
    """LinesUnbalanced when the row's fates do not sum to its data lines."""
    count = {key: value for key, value in row.items() if isinstance(value, int)}
    data = count["physical_lines"] - count["header_lines"] - count["trailer_lines"] - count["blank_lines"]
    fates = sum(count[fate] for fate in _FATES)
    if data != fates:
        raise LinesUnbalanced(
            f"{data} data lines, {fates} accounted for",
            place=f"{row['delivery']}/{row['file_name']}",
            remedy="nothing was published; this is a fault of the program: report it with the delivery",
        )


class _Counted:
    """Every count by (delivery, file), each table gone through once however many files it holds."""

    def __init__(self, lines: pa.Table, fates: Fates) -> None:
        self.kinds = _counts(lines, ["kind"])
        self.duplicates = _counts(lines.filter(pc.is_valid(lines["repeats"])), [])
        gone = pc.is_in(fates.records["record_id"], value_set=pa.array(sorted(fates.superseded), pa.string()))
        records = _rows(fates.records)
        replaced = _rows(fates.records.filter(gone))
        self.records = _counts(fates.records, [])
        self.records_replaced = _counts(fates.records.filter(gone), [])
        self.loaded, self.replaced = _counts(records, []), _counts(replaced, [])
        # A line is not authorised when none of its people may be looked up: a couple's row stays for the other.
        is_shut = pc.is_in(
            fates.records["record_id"], value_set=pa.array(sorted(fates.not_authorised), pa.string())
        )
        shut = fates.records.filter(pc.and_not(is_shut, gone))
        left = _rows(fates.records.filter(pc.invert(pc.or_(is_shut, gone))))
        self.records_shut = _counts(shut, [])
        wholly = _rows(shut).join(left, list(_ROW), join_type="left anti")
        self.shut = _counts(wholly.join(replaced, list(_ROW), join_type="left anti"), [])
        # A line is quarantined when none of its people was accepted.
        judged = _rows(fates.quarantine.filter(pc.is_valid(fates.quarantine["row_no"])))
        self.quarantined = _counts(judged.join(records, list(_ROW), join_type="left anti"), [])


def _rows(table: pa.Table) -> pa.Table:
    """The lines its rows come from, each once."""
    return table.select(_ROW).group_by(list(_ROW)).aggregate([])


def _counts(table: pa.Table, by: list[str]) -> Counter[tuple[object, ...]]:
    """Rows by delivery, file and the columns named."""
    keys = ["delivery", "file_name", *by]
    grouped = table.select(keys).group_by(keys).aggregate([([], "count_all")])
    return Counter({tuple(row[key] for key in keys): row["count_all"] for row in grouped.to_pylist()})


def _file_account(
    file: dict[str, object], counted: _Counted, fates: Fates, in_force: set[object]
) -> dict[str, object]:
    here = (file["delivery"], file["file_name"])
    kinds = {kind: counted.kinds[(*here, kind)] for kind in _KINDS}
    data = kinds["data"]
    row: dict[str, object] = {
        **{key: file[key] for key in ("source", "delivery", "file_name", "physical_lines")},
        "record_id": f"{file['record_id']}=account",
        "status": "used",
        "header_lines": kinds["header"],
        "trailer_lines": kinds["trailer"],
        "blank_lines": kinds["blank"],
        "loaded": counted.loaded[here] - counted.replaced[here] - counted.shut[here],
        "quarantined": counted.quarantined[here],
        "duplicates": counted.duplicates[here],
        "superseded": counted.replaced[here],
        "not_authorised": counted.shut[here],
        "records": counted.records[here] - counted.records_replaced[here] - counted.records_shut[here],
        "derived_from": [file["record_id"]],
    }
    if file["status"] == "refused":
        return {**row, "status": "refused", "quarantined": file["physical_lines"]}
    if file["delivery"] in fates.held:
        nothing = {"loaded": 0, "duplicates": 0, "superseded": 0, "records": 0}
        return {**row, **nothing, "status": "held", "quarantined": data}
    if here not in fates.used:
        none = {"loaded": 0, "quarantined": 0, "duplicates": 0, "not_authorised": 0, "records": 0}
        status = "repeated" if file["sha256"] in in_force else "superseded"
        return {**row, **none, "status": status, "superseded": data}
    return {**row, "status": "empty"} if file["status"] == "empty" else row
