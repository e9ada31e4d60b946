"""The delivered files have the layouts real registries send, down to sign-offs, encodings and cut fields."""

from __future__ import annotations

import hashlib
import re
import struct

import openpyxl
import pytest

from tests.unit.simulate.conftest import Month

_TRUNCATED = "VEH_FULL_20261005.csv"


def test_the_batches_are_those_of_the_calendar(district: Month) -> None:
    batches = sorted(
        path.relative_to(district.root / "inbox").as_posix() for path in district.root.glob("inbox/*/*")
    )
    assert batches == [
        "authorisation/20261027_01",
        "bank/20261025_01",
        "business/20261010_01",
        "contrib/20260810_01",
        "contrib/20260910_01",
        "contrib/20261010_01",
        "contrib/20261011_02",
        "custody/20261022_01",
        "death_cremation/20261102_01",
        "death_medical/20261001_01",
        "death_medical/20261101_02",
        "death_police/20261101_01",
        "dibao_rural/20261028_01",
        "dibao_urban/20261028_01",
        "disability/20261018_01",
        "fund/20261008_01",
        "fund/20261103_01",
        "hukou/20261031_01",
        "hukou/20261107_01",
        "marriage/20261014_01",
        "other_payments/20260826_01",
        "other_payments/20260926_01",
        "other_payments/20261026_01",
        "payment/20260825_01",
        "payment/20260925_01",
        "payment/20261025_01",
        "pension_emp/20261020_01",
        "pension_res/20261021_01",
        "property_new/20261012_01",
        "property_old/20261012_02",
        "tax/20261015_01",
        "tekun/20261028_01",
        "vehicle/20261005_01",
        "vehicle/20261006_01",
    ]


def test_every_file_but_bank_pages_has_a_sign_off_and_only_the_truncated_vehicle_files_is_wrong(
    district: Month,
) -> None:
    files = [path for path in district.root.glob("inbox/*/*/*") if path.suffix != ".ok"]
    assert len(files) == district.counts.files
    signed = [path for path in files if not path.match("bank/*/*")]
    assert len(signed) < len(files)
    assert not list(district.root.glob("inbox/bank/*/*.ok"))
    for path in signed:
        sign_off = path.with_name(path.name + ".ok").read_text(encoding="utf-8")
        name, rows, md5, day = sign_off.removesuffix("\n").split("|")
        assert (name, day) == (path.name, path.parent.name[:8])
        assert rows.isdigit()
        true = md5 == hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
        assert true == (path.name != _TRUNCATED)


def test_the_truncated_vehicle_file_ends_in_the_middle_of_a_line_of_the_whole_one(district: Month) -> None:
    cut = district.file(f"vehicle/*/{_TRUNCATED}").read_bytes()
    full = district.file("vehicle/*/VEH_FULL_20261006.csv").read_bytes()
    assert full.startswith(cut)
    assert not cut.endswith(b"\n")
    lines = full.decode("gb18030").removesuffix("\r\n").split("\r\n")[1:]
    assert len(lines) > len(set(lines))
    assert lines[-1] in lines[:-20]


def test_the_rural_list_is_gb18030_with_one_row_a_person(district: Month) -> None:
    header, *rows = district.rows("dibao_rural/*/*.csv", "gb18030")
    assert header == [
        "家庭编号",
        "乡镇",
        "村",
        "姓名",
        "身份证号",
        "与户主关系",
        "是否保障对象",
        "救助类型",
        "人均月补差（元）",
        "首次享受日期",
    ]
    assert {len(row) for row in rows} == {len(header)}
    assert sum(row[6] == "是" for row in rows) == 844
    assert len({row[0] for row in rows}) == 619
    assert {row[5] for row in rows} == {"户主", "配偶", "子女", "父亲", "母亲"}


def test_the_urban_list_is_a_wide_workbook_with_merged_headers_and_a_trailer(district: Month) -> None:
    sheet = openpyxl.load_workbook(district.file("dibao_urban/*/*.xlsx")).active
    rows = list(sheet.iter_rows(values_only=True))
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:W1", "D2:E2", "L2:W2"}
    assert rows[2][:5] == ("序号", "街道（乡镇）", "社区（村）", "户主姓名", "户主身份证号码")
    data = rows[3:-2]
    assert len(data) == 512
    assert rows[-2][0] == "合计"
    assert str(rows[-1][0]).startswith("制表人")
    assert sum(int(row[7]) for row in data) == 664
    named = sum(cell is not None for row in data for cell in row[11::2]) + len(data)
    assert named == 664
    numeric = [cell for row in data for cell in (row[4], *row[12::2]) if isinstance(cell, int)]
    assert numeric
    assert all(number % 1000 == 0 and number >= 73 * 10**16 for number in numeric)


def test_the_destitute_list_is_a_workbook_of_one_row_a_person_whose_amounts_add_up(district: Month) -> None:
    sheet = openpyxl.load_workbook(district.file("tekun/*/*.xlsx")).active
    rows = list(sheet.iter_rows(values_only=True))
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:O1", "G2:I2", "J2:L2"}
    assert rows[2][1] == "供养证号" and rows[-2][0] == "合计"
    data = rows[3:-2]
    assert len(data) == 120
    assert all(row[9] + row[10] == row[11] for row in data)
    assert {row[5] for row in data} == {"集中", "集中供养", "分散", "分散供养"}
    assert all(("敬老院" in row[4]) == row[5].startswith("集中") for row in data)
    assert sum(row[11] for row in data) == rows[-2][11]


def test_full_width_digits_occur_on_both_lists(district: Month) -> None:
    wide = set("０１２３４５６７８９")
    rural = district.rows("dibao_rural/*/*.csv", "gb18030")
    assert any(wide & set(row[4]) for row in rural)
    sheet = openpyxl.load_workbook(district.file("dibao_urban/*/*.xlsx")).active
    cells = (
        str(cell) for row in sheet.iter_rows(values_only=True, min_row=4) for cell in (row[4], *row[12::2])
    )
    assert any(wide & set(cell) for cell in cells)


def test_payments_name_the_household_by_account_and_number_for_three_months(district: Month) -> None:
    for month in ("202608", "202609", "202610"):
        text = district.file(f"payment/*/DBFF_{month}.txt").read_bytes().decode()
        rows = [line.split("|") for line in text.removesuffix("\n").split("\n")]
        assert len(rows) == 1251
        assert all(row[0] == month and row[5] == f"62000000{row[1][2:]}3" and row[6] == "0" for row in rows)


def test_vehicles_carry_only_codes_seen_in_such_registers(district: Month) -> None:
    header, *rows = district.rows("vehicle/20261006_01/*.csv", "gb18030")
    assert len(header) == 18
    assert {row[1] for row in rows} <= {"02", "07", "52"}
    assert {row[5] for row in rows} == {"K33", "H31", "M21", "N11", "T11"}
    assert {row[15] for row in rows} <= {"A", "E", "G", "Q", "AG", "B", "K", "M", "P"}


def test_the_new_property_register_starts_with_a_byte_order_mark_and_has_28_characters_a_unit(
    district: Month,
) -> None:
    assert district.file("property_new/*/*.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    header, *rows = district.rows("property_new/*/*.csv", "utf-8-sig")
    assert {len(row) for row in rows} == {len(header)}
    assert {len(row[0]) for row in rows} == {28}
    assert {row[7] for row in rows} == {"住宅", "车位", "商业", "办公"}
    assert any(row[8].endswith("㎡") for row in rows)


def _dbf(data: bytes) -> tuple[list[tuple[str, int]], list[list[bytes]]]:
    count, start, width = struct.unpack("<IHH", data[4:12])
    fields = [
        (data[at : at + 11].split(b"\0")[0].decode(), data[at + 16]) for at in range(32, start - 32, 32)
    ]
    records = []
    for row in range(count):
        record, place, cells = data[start + row * width : start + (row + 1) * width], 1, []
        for _, size in fields:
            cells.append(record[place : place + size])
            place += size
        records.append(cells)
    assert start + count * width + 1 == len(data)
    return fields, records


def test_the_house_archive_is_dbase_with_two_owners_in_one_cell(district: Month) -> None:
    data = district.file("property_old/*/*.DBF").read_bytes()
    fields, records = _dbf(data)
    assert data[0] == 3
    assert data.endswith(b"\x1a")
    assert [name for name, _ in fields] == ["CQZH", "QLR", "SFZH", "ZL", "YT", "JZMJ", "DJRQ", "GYQK", "ZT"]
    sign_off = district.file("property_old/*/*.DBF").with_name("FWDA_2009.DBF.ok").read_text()
    assert int(sign_off.split("|")[1]) == len(records)
    shared = [record for record in records if record[7].decode("gbk").strip() == "共有"]
    assert len(shared) > 100
    assert any("、" in record[1].decode("gbk") for record in shared)
    assert any("、" in record[2].decode("gbk") for record in shared)


def test_employee_pensions_are_151_bytes_a_line(district: Month) -> None:
    lines = district.file("pension_emp/*/*.TXT").read_bytes().removesuffix(b"\r\n").split(b"\r\n")
    assert {len(line) for line in lines} == {151}
    assert {line[90:91] for line in lines} == {b"1"}
    assert all(line[78:90].decode().strip().replace(".", "").isdigit() for line in lines)


def test_resident_pensions_are_whole_fen_of_the_month(district: Month) -> None:
    _, *rows = district.rows("pension_res/*/*.csv", "gb18030")
    assert all(row[4].isdigit() and row[5] == "202610" for row in rows)


@pytest.mark.parametrize("hall", ["一", "二"])
def test_cremation_ledgers_mix_typed_dates_serials_and_numbers_excel_took(district: Month, hall: str) -> None:
    sheet = openpyxl.load_workbook(district.file(f"death_cremation/*/*{hall}殡仪馆.xlsx")).active
    rows = list(sheet.iter_rows(values_only=True, min_row=4))
    assert rows[-1][0] == "合计"
    days = {type(row[5]) for row in rows[:-1]}
    assert days == {str, int}
    assert any(isinstance(row[4], int) or str(row[4]).endswith("E+17") for row in rows[:-1])


def test_the_first_medical_delivery_is_a_header_and_nothing_else(district: Month) -> None:
    assert len(district.rows("death_medical/20261001_01/*.csv", "utf-8")) == 1
    assert len(district.rows("death_medical/20261101_02/*.csv", "utf-8")) > 100


def test_the_truth_knows_where_every_member_stands_on_the_lists(district: Month) -> None:
    links = [row for row in district.truth("truth_link") if str(row["source"]).startswith(("dibao", "tekun"))]
    assert {row["person_key"] for row in links} == {
        row["person_key"] for row in district.truth("truth_person")
    }
    assert len(links) == district.counts.members
    _, *rows = district.rows("dibao_rural/*/*.csv", "gb18030")
    names = {row["person_key"]: (row["name"], row["id18"]) for row in district.truth("truth_person")}
    clean = [row for row in links if row["source"] == "dibao_rural" and row["damage"] == "clean"]
    assert len(clean) > 500
    assert all(names[link["person_key"]] == tuple(rows[int(str(link["row_no"])) - 1][3:5]) for link in clean)


def test_a_shared_cell_nobody_can_split_in_two_is_marked_as_such(district: Month) -> None:
    _, records = _dbf(district.file("property_old/*/*.DBF").read_bytes())
    links = [
        row for row in district.truth("truth_link") if row["source"] == "property_old" and row["slot"] == 1
    ]
    assert len(links) > 20
    for link in links:
        cell = records[int(str(link["row_no"])) - 1][1].decode("gbk", "replace").strip()
        unclear = "unclear_cell" in str(link["damage"]) or "name_field_cut" in str(link["damage"])
        assert unclear or len(re.split(r"[、 \u3000]+", cell)) == 2
