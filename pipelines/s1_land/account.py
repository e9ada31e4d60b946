"""The account of every line: physical − header − trailer − blank = what became of the data lines."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import LinesUnbalanced
from pipelines.contracts import conform
from pipelines.contracts.arrival import LINE_ACCOUNT

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


def account(*, files: pa.Table, lines: pa.Table, fates: Fates) -> pa.Table:
    """LINE_ACCOUNT of delivered files, each fate counted from its own table so that the sum is a check.

    A refused file counts as quarantined whole. LinesUnbalanced when a file's lines do not add up.
    """
    in_force = {
        file["sha256"] for file in files.to_pylist() if (file["delivery"], file["file_name"]) in fates.used
    }
    rows = [_file_account(file, lines, fates, in_force) for file in files.to_pylist()]
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


def _file_account(
    file: dict[str, object], lines: pa.Table, fates: Fates, in_force: set[object]
) -> dict[str, object]:
    here = _of_file(lines.select(["delivery", "file_name", "kind", "repeats"]), file)
    kinds = {kind: pc.sum(pc.equal(here["kind"], kind)).as_py() or 0 for kind in _KINDS}
    data = kinds["data"]
    duplicates = len(here) - here["repeats"].null_count
    of_records = _of_file(fates.records, file)
    accepted = pc.unique(of_records["row_no"])
    gone = pc.is_in(of_records["record_id"], value_set=pa.array(sorted(fates.superseded), pa.string()))
    replaced = len(pc.unique(of_records["row_no"].filter(gone)))
    judged = pc.unique(_of_file(fates.quarantine, file)["row_no"])
    quarantined = len(judged.filter(pc.invert(pc.is_in(judged, value_set=accepted))))
    row: dict[str, object] = {
        **{key: file[key] for key in ("source", "delivery", "file_name", "physical_lines")},
        "record_id": f"{file['record_id']}=account",
        "status": "used",
        "header_lines": kinds["header"],
        "trailer_lines": kinds["trailer"],
        "blank_lines": kinds["blank"],
        "loaded": len(accepted) - replaced,
        "quarantined": quarantined,
        "duplicates": duplicates,
        "superseded": replaced,
        "not_authorised": 0,
        "records": len(of_records) - replaced,
        "derived_from": [file["record_id"]],
    }
    if file["status"] == "refused":
        return {**row, "status": "refused", "quarantined": file["physical_lines"]}
    if file["delivery"] in fates.held:
        nothing = {"loaded": 0, "duplicates": 0, "superseded": 0, "records": 0}
        return {**row, **nothing, "status": "held", "quarantined": data}
    if (file["delivery"], file["file_name"]) not in fates.used:
        none = {"loaded": 0, "quarantined": 0, "duplicates": 0, "records": 0}
        status = "repeated" if file["sha256"] in in_force else "superseded"
        return {**row, **none, "status": status, "superseded": data}
    return {**row, "status": "empty"} if file["status"] == "empty" else row


def _of_file(table: pa.Table, file: dict[str, object]) -> pa.Table:
    mine = pc.and_(
        pc.equal(table["delivery"], file["delivery"]), pc.equal(table["file_name"], file["file_name"])
    )
    return table.filter(mine)
