"""What became of a changed delivery, and the promises that hold whatever was changed.

1. It ends accepted, quarantined or refused; a refusal has a cause and a place. No other exception.
2. Every physical line is accounted for.
3. A line with the bytes of a sound line gives exactly that line's records, with the same values.
4. A changed line's records hold only a name and an id number that stand in that line.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa

from pipelines.base import errors
from pipelines.base.errors import DeliveryRefused
from pipelines.lineage.delivered import delivered_bytes
from pipelines.s1_land import DeliveredFile, Delivery, Fates, LandedWhole, SignOff, account, land_whole
from pipelines.s2_standardise import standardise
from pipelines.s3_validate import check_unhandled, load_suite, quarantine_faults, validate
from pipelines.sources.spec import Delimited, Fixed, Workbook
from tests.mutation.deliveries import Sound

ADDRESS = {"record_id", "source", "delivery", "file_name", "line_no", "row_no", "derived_from"}
_OF_LINE = ["kind", "row_no", "cells", "byte_offset", "byte_length", "fault", "repeats"]
DAY = date(2026, 10, 6)
BATCH = "20261006_01"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """accepted · quarantined · refused; the records that are left, and the refusal."""

    ending: str
    records: dict[str, pa.Table]
    refusal: DeliveryRefused | None = None


def judge(
    sound: Sound, data: bytes, rows: int | None = None, *, md5_of: bytes | None = None, gx: bool = False
) -> Outcome:
    """Land, standardise, (validate) and account for bytes that come in the place of the sound ones."""
    landed = land_whole(spec=sound.spec, delivery=_delivery(sound, data, rows, md5_of))
    if _is_plain_text(sound):
        assert landed.files["physical_lines"].to_pylist() == [_text_lines(data)]
    if landed.refusal:
        return _refused(landed, landed.refusal)
    try:
        standardised = standardise(batches=landed.batches, spec=sound.spec)
        most = max(len(records) for records in standardised.records.values())
        check_unhandled(standardised.unhandled, most, sound.spec)
    except DeliveryRefused as refusal:
        return _refused(None, refusal)
    _check_values(sound, data, landed, standardised.records)
    records, quarantine, refusal = standardised.records, quarantine_faults(landed.lines), None
    if gx:
        records, quarantine, refusal = _validated(sound, records, quarantine)
    if refusal:
        return _refused(None, refusal)
    _check_account(landed, records, quarantine)
    return Outcome(ending="quarantined" if len(quarantine) else "accepted", records=records)


def _delivery(sound: Sound, data: bytes, rows: int | None, md5_of: bytes | None) -> Delivery:
    md5 = hashlib.md5(data if md5_of is None else md5_of, usedforsecurity=False).hexdigest()
    signed = None if rows is None else SignOff(rows=rows, md5=md5, as_of=DAY)
    file = DeliveredFile(name=sound.file_name, data=data, sign_off=signed)
    return Delivery(source=sound.source, batch=BATCH, received_at=DAY, files=(file,))


def _refused(landed: LandedWhole | None, refusal: DeliveryRefused) -> Outcome:
    assert f"/{BATCH}" in refusal.place
    assert issubclass(getattr(errors, refusal.cause), DeliveryRefused)
    assert refusal.what
    if landed:
        assert len(landed.lines) == 0
        assert min(landed.files["physical_lines"].to_pylist()) >= 0
    return Outcome(ending="refused", records={}, refusal=refusal)


def _validated(
    sound: Sound, records: dict[str, pa.Table], faults: pa.Table
) -> tuple[dict[str, pa.Table], pa.Table, DeliveryRefused | None]:
    judged = {
        table: validate(
            records=found,
            suite=load_suite(f"canonical/{table}"),
            delivery=f"{sound.source}/{BATCH}",
            as_of=DAY,
        )
        for table, found in records.items()
    }
    refusal = next((one.refusal for one in judged.values() if one.refusal), None)
    quarantine = pa.concat_tables([faults, *(one.quarantined for one in judged.values())])
    return {table: one.accepted for table, one in judged.items()}, quarantine, refusal


def _check_account(landed: LandedWhole, records: dict[str, pa.Table], quarantine: pa.Table) -> None:
    address = ["record_id", "source", "delivery", "file_name", "row_no"]
    every = pa.concat_tables([found.select(address) for found in records.values()])
    file = landed.files.to_pylist()[0]
    used = {(file["delivery"], file["file_name"])}
    account(
        files=landed.files,
        lines=landed.lines,
        fates=Fates(records=every, quarantine=quarantine, used=used),
    )
    assert len(landed.lines) == file["physical_lines"]


def _check_values(sound: Sound, data: bytes, landed: LandedWhole, records: dict[str, pa.Table]) -> None:
    known = _sound_lines(sound)
    lines = _lines(sound, data, landed)
    found = _by_row(records)
    assert set(found) <= set(lines), "a record of a row that was not delivered"
    for row_no, (key, readable) in lines.items():
        if readable and key in known:
            assert found.get(row_no) == known[key], f"row {row_no}: other values than those delivered"
        elif readable:
            _check_own_values(sound, key, found.get(row_no, []), row_no)


def _check_own_values(sound: Sound, key: Any, people: list[dict[str, Any]], row_no: int) -> None:
    """Name and number of a changed line stand in its own bytes."""
    written = key if isinstance(key, str) else _decoded(sound, key)
    if "\\" in written or "&" in written:
        return
    for row in people:
        for column in ("name_raw", "id_raw"):
            value = (row.get(column) or "").strip("\x1a").replace('"', "")
            # A character that the width cut in two is a mark, not a value.
            assert value.split("\ufffd")[0] in written.replace('"', ""), f"row {row_no}: a foreign {column}"


def _decoded(sound: Sound, line: bytes) -> str:
    form = sound.layout.format
    encoding = getattr(form, "encoding", "utf-8")
    return line.decode(encoding, "replace") if not isinstance(form, Workbook) else ""


def _lines(sound: Sound, data: bytes, landed: LandedWhole) -> dict[int, tuple[Any, bool]]:
    """Row number → (what was delivered there, whether records are due)."""
    layout = sound.layout
    inner = delivered_bytes(data, layout, 0, 1 << 40)
    is_workbook = isinstance(layout.format, Workbook)
    # Under another order of columns the same bytes mean something else.
    header = _header(landed)
    found: dict[int, tuple[Any, bool]] = {}
    for line in landed.lines.select(_OF_LINE).to_pylist():
        if line["kind"] == "data":
            span = slice(line["byte_offset"], line["byte_offset"] + line["byte_length"])
            key = str(line["cells"]) if is_workbook else inner[span]
            same_header = header == _sound_header(sound) or not isinstance(layout.format, Delimited)
            known = key if same_header else _decoded(sound, key) if isinstance(key, bytes) else key
            found[line["row_no"]] = (known, line["fault"] is None and line["repeats"] is None)
    return found


def _by_row(records: dict[str, pa.Table]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for table in records.values():
        kept = table.select([name for name in table.column_names if name not in ADDRESS])
        for row_no, values in zip(table["row_no"].to_pylist(), kept.to_pylist(), strict=True):
            found.setdefault(row_no, []).append(values)
    return found


@cache
def _landed_sound(sound: Sound) -> LandedWhole:
    landed = land_whole(spec=sound.spec, delivery=_delivery(sound, sound.data, len(sound.rows), None))
    assert landed.refusal is None
    return landed


@cache
def _sound_header(sound: Sound) -> tuple[str, ...]:
    return _header(_landed_sound(sound))


def _header(landed: LandedWhole) -> tuple[str, ...]:
    return tuple(landed.batches[-1].data.column_names) if landed.batches else ()


@cache
def _sound_lines(sound: Sound) -> dict[Any, list[dict[str, Any]]]:
    landed = _landed_sound(sound)
    records = standardise(batches=landed.batches, spec=sound.spec).records
    found = _by_row(records)
    return {key: found[row_no] for row_no, (key, _) in _lines(sound, sound.data, landed).items()}


def _is_plain_text(sound: Sound) -> bool:
    return isinstance(sound.layout.format, (Delimited, Fixed)) and not sound.layout.packed


def _text_lines(data: bytes) -> int:
    return data.count(b"\n") + (bool(data) and not data.endswith(b"\n"))


class Tally(Counter[str]):
    """How many cases ended how."""

    def judge(self, sound: Sound, data: bytes, rows: int | None = None, **how: Any) -> Outcome:
        outcome = judge(sound, data, rows, **how)
        self[outcome.ending] += 1
        return outcome
