"""A file read in many stretches is the file read in one: no line is lost, doubled or changed at a seam."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.s1_land import LandedWhole, content
from pipelines.s1_land.content import InMemory, facts_of, stretches
from pipelines.s1_land.readers import delimited, fixed
from pipelines.s1_land.readers.cells import cut_rows
from pipelines.s1_land.readers.delimited import line_spans
from pipelines.s2_standardise import standardise
from pipelines.sources.spec import Delimited, load_spec
from tests.unit.s1_land.parts import VEHICLE_HEADER, landed, signed, text_file, vehicles
from tests.unit.s1_land.test_readers import pension_line

CSV = Delimited(kind="delimited", encoding="utf-8", delimiter=",", quote='"')
NAMES = ["a", "b", "c"]
CELL = st.text(alphabet="张ab ,\"\t'", max_size=5)


@dataclass(frozen=True)
class InPieces:
    """Bytes that come in blocks of any size."""

    data: bytes
    size: int

    def blocks(self) -> Iterator[bytes]:
        for at in range(0, len(self.data), self.size):
            yield self.data[at : at + self.size]


def told(result: LandedWhole, source: str) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    records = standardise(batches=result.batches, spec=load_spec(source)).records[source]
    return result.lines.to_pylist(), records.to_pylist()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(["sound", "repeat", "short", "quote", "blank", "quoted"]), max_size=20),
    st.data(),
)
def test_vehicles_in_stretches_are_vehicles_in_one(kinds: list[str], data: st.DataObject) -> None:
    made = vehicles(len(kinds) + 1)
    forms = {
        "sound": lambda at: made[at],
        "repeat": lambda _: made[0],
        "short": lambda at: made[at].rsplit(",", 2)[0],
        "quote": lambda at: made[at].replace("五菱牌", '"五菱牌'),
        "quoted": lambda at: ",".join(f'"{cell}"' for cell in made[at].split(",")),
        "blank": lambda _: "",
    }
    body = text_file([VEHICLE_HEADER, made[-1], *(forms[kind](at) for at, kind in enumerate(kinds))])
    rows = 1 + len(kinds) - kinds.count("blank")
    whole = told(landed("vehicle", signed("VEH_FULL_20261006.csv", body, rows)), "vehicle")
    size = data.draw(st.integers(1, len(body)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content, "BLOCK", data.draw(st.integers(1, 500)))
        patch.setattr(delimited, "STRETCH", size)
        patch.setattr("pipelines.s1_land.repeats.STRETCH", data.draw(st.integers(1, len(body))))
        parts = landed("vehicle", signed("VEH_FULL_20261006.csv", body, rows))
    assert told(parts, "vehicle") == whole


def test_a_repeat_is_found_across_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    body = text_file([VEHICLE_HEADER, *vehicles(3), vehicles(3)[0]])
    monkeypatch.setattr(content, "BLOCK", 100)
    monkeypatch.setattr(delimited, "STRETCH", 1)
    result = landed("vehicle", signed("VEH_FULL_20261006.csv", body, 4))
    assert len(result.batches) > 2
    assert result.lines["repeats"].to_pylist()[-1] == "vehicle/20261006_01/VEH_FULL_20261006.csv:2"


def test_fixed_width_in_stretches_keeps_line_and_byte_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [pension_line(f"甲{chr(0x4E00 + n)}") for n in range(4)]
    body = b"".join(line + b"\r\n" for line in lines)
    monkeypatch.setattr(content, "BLOCK", 100)
    monkeypatch.setattr(fixed, "STRETCH", 1)
    result = landed("pension_emp", signed("YLJFF_202610.TXT", body, 4))
    for row, line in zip(result.lines.to_pylist(), lines, strict=True):
        assert body[row["byte_offset"] :][: row["byte_length"]] == line
    assert result.lines["line_no"].to_pylist() == [1, 2, 3, 4]


def test_the_wrong_byte_of_a_later_stretch_is_named_by_its_line_in_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = text_file([VEHICLE_HEADER, *vehicles(3)]) + b"\xff\xff\r\n"
    monkeypatch.setattr(content, "BLOCK", 100)
    monkeypatch.setattr(delimited, "STRETCH", 1)
    result = landed("vehicle", signed("VEH_FULL_20261006.csv", body, 4))
    assert result.refusal is not None and "line 5" in str(result.refusal)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.integers(1, 20), st.integers(1, 70))
def test_stretches_are_the_bytes_and_end_with_a_line(data: bytes, block: int, size: int) -> None:
    found = list(stretches(InPieces(data, block).blocks(), size))
    assert b"".join(body for _, body in found) == data
    assert [start for start, _ in found] == [
        sum(len(body) for _, body in found[:at]) for at in range(len(found))
    ]
    assert all(body.endswith(b"\n") for _, body in found[:-1])
    facts = facts_of(InPieces(data, block))
    assert (facts.size, facts.text_lines) == (len(data), len(line_spans(data)[0]))


def by_python(line: str) -> list[str] | None:
    try:
        (cells,) = csv.reader([line], delimiter=",", quotechar='"', strict=True)
    except (csv.Error, ValueError):
        return None
    return cells


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=4).map(",".join), max_size=6))
def test_every_line_is_cut_as_pythons_own_strict_reader_cuts_it_alone(lines: list[str]) -> None:
    body = "".join(line + "\n" for line in lines).encode()
    lengths = line_spans(body)[1]
    cut = cut_rows(body, lengths, NAMES, CSV)
    expected = [by_python(line) if '"' in line else line.split(",") for line in lines]
    sound = [
        cells
        for cells, line in zip(expected, lines, strict=True)
        if line.strip() and cells and len(cells) == 3
    ]
    assert [list(row.values()) for row in cut.data.to_pylist()] == sound
    for fault, is_data, cells, line in zip(cut.fault, cut.is_data, expected, lines, strict=True):
        assert is_data == bool(line.strip())
        if is_data:
            due = "quote_stray" if cells is None else "" if len(cells) == 3 else "cell_count"
            assert fault == due


@given(st.lists(st.lists(st.text(alphabet="张ab \r", max_size=4), min_size=3, max_size=3), max_size=5))
def test_a_tab_delimited_line_of_nothing_but_blanks_is_blank(rows: list[list[str]]) -> None:
    form = Delimited(kind="delimited", encoding="utf-8", delimiter="\t")
    rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    body = "".join("\t".join(row) + "\n" for row in rows).encode()
    cut = cut_rows(body, line_spans(body)[1], NAMES, form)
    assert cut.is_data.tolist() == [bool("".join(row).strip()) for row in rows]
    assert [list(row.values()) for row in cut.data.to_pylist()] == [
        row for row in rows if "".join(row).strip()
    ]


def test_a_lone_carriage_return_stays_in_its_cell() -> None:
    body = b"1,a\rb,3\n4,5,6\n"
    cut = cut_rows(body, line_spans(body)[1], NAMES, CSV)
    assert cut.data.column("b").to_pylist() == ["a\rb", "5"]
    assert isinstance(cut.data, pa.Table)


def test_an_empty_file_has_no_line() -> None:
    assert facts_of(InMemory(b"")).text_lines == 0
    assert list(stretches(InMemory(b"").blocks(), 10)) == []
