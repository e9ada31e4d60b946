"""gz, zip and workbooks: what is inside them, within bounds."""

import gzip
import io
import random
import zipfile

import pytest
import xlsxwriter

from pipelines.base.errors import DeliveryRefused, WrongEncoding
from pipelines.s1_land import LandedWhole
from pipelines.s1_land.content import InMemory
from pipelines.s1_land.count import count_lines
from pipelines.sources.inflate import Unpackable, first_sheet, unpacked
from pipelines.sources.spec import load_spec
from tests.unit.s1_land.parts import landed, signed
from tests.unit.s1_land.test_readers import (
    DBF_FIELDS,
    LEDGER_HEADER,
    dbf,
    house,
    land_ledger,
    ledger,
    pension_line,
)

LIST = "姓名,证件号\r\n陈馨怡,730723200103261722\r\n".encode("gb18030")


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def flips(data: bytes) -> list[bytes]:
    """The data with each single bit flipped."""
    return [
        data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]
        for bit in range(len(data) * 8)
    ]


def inside(data: bytes, packed: str) -> bytes | None:
    try:
        return unpacked(data, packed)
    except Unpackable:
        return None


def test_every_flipped_bit_of_a_gz_is_refused_or_leaves_the_content_as_it_was() -> None:
    found = [inside(changed, "gz") for changed in flips(gzip.compress(LIST, mtime=0))]
    assert {None, LIST} == set(found)
    assert found.count(None) > 0.8 * len(found)


def test_every_flipped_bit_of_a_zip_is_refused_or_leaves_the_content_as_it_was() -> None:
    assert {inside(changed, "zip") for changed in flips(zipped(("a.csv", LIST)))} == {None, LIST}


@pytest.mark.parametrize("packed", ["gz", "zip"])
def test_a_packed_file_cut_anywhere_is_refused(packed: str) -> None:
    whole = gzip.compress(LIST) if packed == "gz" else zipped(("a.csv", LIST))
    assert {inside(whole[:end], packed) for end in range(1, len(whole))} == {None}


def test_what_follows_the_gz_refuses_it() -> None:
    assert inside(gzip.compress(LIST) + b"x", "gz") is None


def test_the_path_inside_a_zip_is_never_used() -> None:
    assert unpacked(zipped(("../../etc/cron.d/a.csv", LIST)), "zip") == LIST
    assert unpacked(zipped(("C:\\a\\b.csv", LIST)), "zip") == LIST


@pytest.mark.parametrize(
    "members", [(), (("a.csv", LIST), ("b.csv", LIST)), (("a.csv", LIST), ("a.csv", b"x"))]
)
def test_a_zip_of_not_exactly_one_file_is_refused(members: tuple[tuple[str, bytes], ...]) -> None:
    with pytest.warns(UserWarning) if len(dict(members)) < len(members) else pytest.MonkeyPatch.context():
        data = zipped(*members)
    assert inside(data, "zip") is None


@pytest.mark.parametrize("packed", ["gz", "zip"])
def test_a_bomb_stops_long_before_it_fills_the_memory(packed: str) -> None:
    heavy = b" " * (200 << 20)
    data = gzip.compress(heavy, 1) if packed == "gz" else zipped(("a.csv", heavy))
    with pytest.raises(Unpackable, match="inflates to more than"):
        unpacked(data, packed)


def test_a_small_list_of_one_sign_is_no_bomb() -> None:
    assert len(unpacked(gzip.compress(b" " * (1 << 20)), "gz")) == 1 << 20


def test_the_bound_of_the_caller_holds() -> None:
    with pytest.raises(Unpackable):
        unpacked(gzip.compress(LIST), "gz", largest=10)


def two_sheets(*, first: str) -> bytes:
    """A workbook whose list of sheets begins with the one stored second, as after moving a sheet in Excel."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name in ("one", "two"):
            book.add_worksheet(name).write(0, 0, name)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    text = members["xl/workbook.xml"].decode()
    one, two = (text[text.index(f'<sheet name="{name}"') :].split("/>")[0] + "/>" for name in ("one", "two"))
    if first == "two":
        members["xl/workbook.xml"] = text.replace(one + two, two + one).encode()
    return zipped(*members.items())


def test_the_first_sheet_is_the_one_the_workbook_lists_first() -> None:
    assert b"<v>0</v>" in first_sheet(two_sheets(first="one"))
    assert b"<v>1</v>" in first_sheet(two_sheets(first="two"))


def with_sheet(change: tuple[bytes, bytes]) -> bytes:
    row = [1, "陈文金", "男", 70, "730723195604198311", "20260903", "20260905", "病", "甲镇", "甲"]
    with zipfile.ZipFile(io.BytesIO(ledger([row, row]))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    assert change[0] in sheet
    members["xl/worksheets/sheet1.xml"] = sheet.replace(*change)
    return zipped(*members.items())


@pytest.mark.parametrize(
    "change",
    [
        (b'<row r="5"', b'<row r="4"'),  # a row number twice
        (b'<row r="5"', b'<row r="2"'),  # out of order
        (b'<row r="5"', b"<row "),  # no number
        (b'<row r="5"', b'<row\nr="5"'),  # not counted in the bytes
        (b"</sheetData>", b"</sheetDat>"),  # no XML
    ],
)
def test_a_sheet_whose_rows_cannot_be_addressed_is_refused(change: tuple[bytes, bytes]) -> None:
    assert isinstance(land_ledger(with_sheet(change), 2).refusal, DeliveryRefused)  # type: ignore[attr-defined]


def test_a_sparse_sheet_that_claims_the_largest_size_ends_in_the_child_and_not_in_the_run() -> None:
    data = with_sheet((b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'))
    result = land_ledger(data, 2)
    assert isinstance(result.refusal, DeliveryRefused)  # type: ignore[attr-defined]


def test_a_workbook_cut_or_changed_anywhere_is_answered() -> None:
    whole, dice = (
        ledger([[1, "陈文金", "男", 70, "730723195604198311", "20260903", "", "", "", ""]]),
        random.Random(1),  # noqa: S311
    )
    layout = load_spec("death_cremation").layouts[0]
    for end in range(0, len(whole), 50):
        assert count_lines(layout, InMemory(whole[:end]), 0) == 0
    for at in dice.sample(range(len(whole)), 8):
        result: LandedWhole = land_ledger(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :], 1)  # type: ignore[assignment]
        assert result.refusal is not None or result.lines["cells"].to_pylist()[2] == LEDGER_HEADER


def test_a_line_end_inside_a_dbf_cell_moves_no_value_to_another_record() -> None:
    records = [house("陈文金"), house("李\n四"), house("王五")]
    result = landed("property_old", signed("FWDA_2009.DBF", dbf(records), 3))
    names = [row[1].strip() for row in result.lines["cells"].to_pylist()[1:]]
    assert names == ["陈文金", "李\n四", "王五"]
    assert result.files["physical_lines"].to_pylist() == [4]


@pytest.mark.parametrize("encoding", ["utf-8", "big5"])
def test_fixed_width_and_dbf_in_another_encoding_are_refused_though_every_byte_passes(encoding: str) -> None:
    def other(cell: bytes, width: int) -> bytes:
        return cell.decode("gb18030").strip().encode(encoding, "replace")[:width].ljust(width)

    widths = list(DBF_FIELDS.values())
    rows = [[other(cell, width) for cell, width in zip(house(), widths, strict=True)] for _ in range(2)]
    assert isinstance(landed("property_old", signed("FWDA_2009.DBF", dbf(rows), 2)).refusal, WrongEncoding)
    line = pension_line()
    name, address = "陳文金".encode(encoding), "臺北縣永和鄉".encode(encoding)
    line = line[:32] + name.ljust(30) + line[62:-60] + address.ljust(60)
    data = (line + b"\n") * 2
    assert isinstance(landed("pension_emp", signed("YLJFF_202610.TXT", data, 2)).refusal, WrongEncoding)
