"""Fixed width, DBF and workbooks."""

import io
import struct
import zipfile

import pytest
import xlsxwriter

from pipelines.base.errors import LayoutBroken, MissingColumn, WrongEncoding
from pipelines.lineage.delivered import delivered_bytes
from pipelines.sources.spec import load_spec
from tests.unit.s1_land.parts import landed, signed

WIDTHS = load_spec("pension_emp").layouts[0].format.widths  # type: ignore[union-attr]
DBF_FIELDS = {"CQZH": 20, "QLR": 24, "SFZH": 40, "ZL": 60, "YT": 8, "JZMJ": 10, "DJRQ": 8, "GYQK": 8, "ZT": 4}
LEDGER_HEADER = [
    "序号",
    "逝者姓名",
    "性别",
    "年龄",
    "身份证号",
    "死亡日期",
    "火化日期",
    "死亡原因",
    "户籍地址",
    "经办人",
]


def pension_line(name: str = "王英银", amount: str = "2038.72") -> bytes:
    cells = ["7307000008", "730726195603205722", name, "19560320", "20110701", amount, "1", "甲镇乙村1号"]
    return b"".join(
        cell.encode("gb18030")[:width].ljust(width)
        for cell, width in zip(cells, WIDTHS.values(), strict=True)
    )


def dbf(records: list[list[bytes]], states: bytes = b"", fields: dict[str, int] = DBF_FIELDS) -> bytes:
    head = b"".join(
        name.encode().ljust(11, b"\0") + b"C" + bytes(4) + bytes([width]) + bytes(15)
        for name, width in fields.items()
    )
    size = 1 + sum(fields.values())
    header_size = 32 + len(head) + 1
    first = struct.pack("<BBBBIHH", 3, 124, 6, 30, len(records), header_size, size) + bytes(20)
    marks = states or b" " * len(records)
    rows = b"".join(
        marks[at : at + 1]
        + b"".join(cell.ljust(width) for cell, width in zip(row, fields.values(), strict=True))
        for at, row in enumerate(records)
    )
    return first + head + b"\r" + rows + b"\x1a"


def house(owner: str = "陈文金") -> list[bytes]:
    cells = [
        "房权证0000009",
        owner,
        "730723570419831",
        "甲镇乙村225号",
        "住宅",
        "68.41",
        "19990313",
        "私有",
        "正常",
    ]
    return [cell.encode("gb18030")[:width] for cell, width in zip(cells, DBF_FIELDS.values(), strict=True)]


def ledger(rows: list[list[object]], header: list[str] = LEDGER_HEADER) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 9, "火化登记台账")
    sheet.merge_range(1, 1, 1, 4, "逝者信息")
    for number, row in enumerate([header, *rows], start=2):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def land_ledger(data: bytes, rows: int) -> object:
    return landed("death_cremation", signed("火化登记表_一馆.xlsx", data, rows))


def test_fixed_width_is_cut_in_bytes_not_in_characters() -> None:
    result = landed("pension_emp", signed("YLJFF_202610.TXT", pension_line() + b"\r\n", 1))
    cells = [cell.strip() for cell in result.batches[0].data.to_pylist()[0].values()]
    assert cells == [
        "7307000008",
        "730726195603205722",
        "王英银",
        "19560320",
        "20110701",
        "2038.72",
        "1",
        "甲镇乙村1号",
    ]


def test_a_name_cut_through_a_character_keeps_a_mark_where_the_character_was() -> None:
    data = (
        pension_line("古扎丽努尔热依汗阿卜杜热合曼江") + b"\n" + pension_line("甲" * 14 + "a" + "乙") + b"\n"
    )
    result = landed("pension_emp", signed("YLJFF_202610.TXT", data, 2))
    names = result.batches[0].data["AAC003"].to_pylist()
    assert names == ["古扎丽努尔热依汗阿卜杜热合曼江", "甲" * 14 + "a" + "\ufffd"]


def test_a_byte_that_is_no_character_inside_a_cell_refuses_the_file_at_its_line() -> None:
    bad = pension_line()[:32] + b"\xff" + pension_line()[33:]
    refusal = landed(
        "pension_emp", signed("YLJFF_202610.TXT", pension_line() + b"\n" + bad + b"\n", 2)
    ).refusal
    assert isinstance(refusal, WrongEncoding)
    assert "line 2" in refusal.place


def test_a_line_of_another_width_is_a_fault_of_that_line() -> None:
    data = pension_line() + b"\n" + pension_line()[:-3] + b"\n"
    assert landed("pension_emp", signed("YLJFF_202610.TXT", data, 2)).lines["fault"].to_pylist() == [
        None,
        "width",
    ]


def test_the_dbf_header_is_line_one_and_a_deleted_record_is_kept_as_a_fault() -> None:
    result = landed("property_old", signed("FWDA_2009.DBF", dbf([house(), house("李四")], b" *"), 2))
    assert result.lines["kind"].to_pylist() == ["header", "data", "data"]
    assert result.lines["fault"].to_pylist() == [None, None, "deleted"]
    assert result.lines["cells"].to_pylist()[1][1].strip() == "陈文金"


def test_a_cut_dbf_is_refused() -> None:
    data = dbf([house(), house()])
    for cut in (10, 200, len(data) - 50):
        refusal = landed("property_old", signed("FWDA_2009.DBF", data[:cut], 2)).refusal
        assert isinstance(refusal, (LayoutBroken, MissingColumn)), cut


def test_a_workbook_gives_its_rows_without_title_group_header_and_total() -> None:
    data = ledger(
        [[1, "陆清", "男", 70, "730726195409078416", "2026年9月1日", 46266, "", "甲镇", "王"], ["合计", "1"]]
    )
    result = land_ledger(data, 1)
    assert result.lines["kind"].to_pylist() == ["header", "header", "header", "data", "trailer"]
    assert result.lines["cells"].to_pylist()[3][4:7] == ["730726195409078416", "2026年9月1日", "46266"]


def test_an_id_typed_as_a_number_keeps_the_fifteen_digits_excel_kept() -> None:
    data = ledger([[1, "梁珍", "女", 75, 730703194909086000, "2026年9月1日", "", "", "", ""]])
    assert land_ledger(data, 1).lines["cells"].to_pylist()[3][4] == "730703194909086000"


def test_the_bytes_of_a_worksheet_row_are_its_row_element() -> None:
    data = ledger([[1, "陆清", "男", 70, "730726195409078416", "", "", "", "", ""]])
    line = land_ledger(data, 1).lines.to_pylist()[3]
    layout = load_spec("death_cremation").layouts[0]
    element = delivered_bytes(data, layout, line["byte_offset"], line["byte_length"])
    assert element.startswith(b'<row r="4"') and element.endswith(b"</row>")


def test_data_below_the_total_means_two_lists_were_pasted_together() -> None:
    data = ledger([[1, "甲", "男"], ["合计", "1"], [2, "乙", "女"]])
    assert "after the total" in str(land_ledger(data, 2).refusal)


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04 cut"])
def test_a_file_that_is_no_workbook_is_refused_with_a_remedy(data: bytes) -> None:
    refusal = land_ledger(data, 1).refusal
    assert isinstance(refusal, LayoutBroken)
    assert "save it again as .xlsx" in str(refusal)


def test_a_workbook_that_inflates_without_bound_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<row " * (110 << 20))
    assert "512 MiB" in str(land_ledger(out.getvalue(), 1).refusal)
