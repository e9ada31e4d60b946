"""XML lists: only plain records of plain cells are taken; whatever would get lost refuses the file."""

import gzip

import pytest

from pipelines.base.errors import DeliveryRefused, LayoutBroken, MissingColumn, WrongEncoding
from pipelines.s1_land import LandedWhole
from tests.unit.s1_land.parts import landed, signed

NAMES = ("sqbh", "jtbh", "xm", "zjhm", "fw", "qsrq", "yxqz", "chrq")
CELLS = ("SQ1", "CS00000033", "陈馨怡", "730723200103261722", "all", "2026-01-05", "2027-01-04", "")


def record(**other: str) -> str:
    cells = dict(zip(NAMES, CELLS, strict=True)) | other
    return "<sq>" + "".join(f"<{name}>{cell}</{name}>" for name, cell in cells.items()) + "</sq>"


def land_xml(body: str | bytes, rows: int = 1) -> LandedWhole:
    data = gzip.compress(body if isinstance(body, bytes) else body.encode())
    return landed("authorisation", signed("核对授权_20261001.xml.gz", data, rows))


def cell(result: LandedWhole, name: str, at: int = 1) -> str:
    rows = result.lines["cells"].to_pylist()
    return str(rows[at][rows[0].index(name)])


def test_the_bytes_at_a_records_address_are_the_element_also_after_chinese() -> None:
    records = [
        record(xm="古扎丽努尔"),
        record(xm="李<!-- 注 -->四").replace("</sq>", "</sq >"),
        record(xm="王&lt;五"),
    ]
    body = "<sqs>\n" + "\n".join(records) + "\n</sqs>"
    for line, element in zip(land_xml(body, 3).lines.to_pylist()[1:], records, strict=True):
        cut = body.encode()[line["byte_offset"] : line["byte_offset"] + line["byte_length"]]
        assert cut.decode() == element


@pytest.mark.parametrize(
    ("written", "read"),
    [("陈<![CDATA[<馨>]]>怡", "陈<馨>怡"), ("<![CDATA[陈]]>", "陈"), ("陈&#39336;怡", "陈馨怡"), ("陈&amp;怡", "陈&怡"), ("陈<!--x-->怡", "陈怡")],
)  # fmt: skip
def test_a_cell_is_all_its_text(written: str, read: str) -> None:
    assert cell(land_xml(f"<sqs>{record(xm=written)}</sqs>"), "xm") == read


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!DOCTYPE sqs><sqs/>", "declares a document type"),
        ('<!DOCTYPE sqs [<!ENTITY a "b">]><sqs/>', "declares"),
        ('<!DOCTYPE sqs SYSTEM "file:///etc/passwd"><sqs/>', "declares"),
        (f"<sqs>{record(xm='&nobody;')}</sqs>", "undefined entity"),
        (f"<sqs>{record(xm='<b>陈</b>馨怡')}</sqs>", "an element in an element"),
        (f"<sqs>{record(xm='陈</xm><xm>馨怡')}</sqs>", "stands twice"),
        (f"<sqs><sq>{record()}</sq></sqs>", "an element in an element"),
        (
            f"<sqs>{record().replace('<xm>', '<xm old=&quot;1&quot;>'.replace('&quot;', chr(34)))}</sqs>",
            "attribute",
        ),
        (
            f"<sqs>{record().replace('<sq>', '<sq no=&quot;1&quot;>'.replace('&quot;', chr(34)))}</sqs>",
            "attribute",
        ),
        (f"<sqs>{record().replace('<xm>', '陈<xm>')}</sqs>", "text outside the cells"),
        (f"<sqs>共1条{record()}</sqs>", "text outside the cells"),
        (f"<sqs>{record()}", "no element found"),
        (f"<sqs>{record()}</sqs><sqs/>", "junk after"),
        (f"<sqs>{record()}<!-- </sq> --></sqs>", "lines stand in the bytes"),
        ("", "no element found"),
        ('<?xml version="1.0" encoding="GB18030"?><sqs/>', "UTF-8 is agreed"),
        ('<?xml version="1.0" encoding="no-such"?><sqs/>', "UTF-8 is agreed"),
    ],
)
def test_what_is_no_plain_list_is_refused(body: str, words: str) -> None:
    refusal = land_xml(body, body.count("</sq>")).refusal
    assert isinstance(refusal, LayoutBroken)
    assert words in str(refusal)


def test_a_record_without_one_of_the_cells_is_refused_at_its_number() -> None:
    body = f"<sqs>{record()}{record().replace('<chrq></chrq>', '')}</sqs>"
    refusal = land_xml(body, 2).refusal
    assert isinstance(refusal, MissingColumn)
    assert "record 2" in refusal.place


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5"])
def test_another_encoding_is_refused(encoding: str) -> None:
    body = f"<sqs>{record(xm='陈文金')}</sqs>".encode(encoding, "replace")
    assert isinstance(land_xml(body).refusal, WrongEncoding)


def test_a_list_without_records_is_an_empty_delivery() -> None:
    result = land_xml("<sqs></sqs>", 0)
    assert result.refusal is None
    assert result.files["status"].to_pylist() == ["empty"]


def test_a_self_closing_record_is_refused_and_not_an_empty_person() -> None:
    assert isinstance(land_xml("<sqs><sq/></sqs>").refusal, DeliveryRefused)
