"""The month's documents: whole, linked, masked, well-formed, the same bytes each time."""

from __future__ import annotations

import html
import io
import json
import posixpath
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import openpyxl
import pytest
from lxml import etree

from pipelines.base.errors import ContractBroken
from pipelines.contracts import by_name
from pipelines.contracts.contract import Sensitivity
from pipelines.s7_report import report, summary_lines
from pipelines.s7_report.lists import PAGE_ROWS
from pipelines.wording.data import ReportData
from pipelines.wording.texts import catalog
from tests.unit.s7_report.tables import (
    FLAGS,
    LINES,
    MATCHES,
    MONTH,
    OUTCOMES,
    VEHICLE,
    assessed,
    comparison,
    flag_of,
    household,
    line,
    member,
    month,
    table,
)

_XHTML = "{http://www.w3.org/1999/xhtml}"
POISON = (
    '=HYPERLINK("http://x.invalid","go")',
    "<script>alert(1)</script>",
    "{{7*7}}",
    "\"' onmouseover='x",
    "\u202eevil\u202c",
    "a\x00b\x0bc",
    "&lt;b&gt;",
    "长" * 40000,
)


def documents(data: ReportData) -> Mapping[str, bytes]:
    return report(data=data, period=MONTH).documents


@cache
def plain() -> Mapping[str, bytes]:
    return documents(month())


def pages(made: Mapping[str, bytes]) -> dict[str, Any]:
    """Every page parsed as XML, without mending anything."""
    parser = etree.XMLParser(recover=False, resolve_entities=False)
    return {path: etree.fromstring(body, parser) for path, body in made.items() if path.endswith(".html")}


def visible(made: Mapping[str, bytes], path: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", made[path].decode()))


def poisoned(text: str) -> ReportData:
    """The month with one text in every place a registry or a list can write into."""
    comparisons = [
        comparison(field, "equal", 1, text, text) for field in ("name", "id", "address", "sex", "other")
    ]
    said = {"head_name": text, "town": text, "village": text}
    return month(
        flags=table("flag", [flag | {"town": text, "village": text} for flag in FLAGS]),
        households=table("household", [household(place, **said) for place in range(1, 10)]),
        members=table(
            "household_member",
            [
                member(place, f"H-{place:04d}", name=text, id_no=text, relation=text, is_head=False)
                for place in range(1, 10)
            ],
        ),
        matches=table("linked_match", [MATCHES[0] | {"comparisons": comparisons}, *MATCHES[1:]]),
        assessed_lines=table("assessed_line", [row | {"citation": text, "parameter": text} for row in LINES]),
        records=month().records
        | {
            "vehicle": table(
                "vehicle", [VEHICLE | dict.fromkeys(("name", "id_no", "brand", "plate_no", "status"), text)]
            )
        },
        unread_folders=(text,),
        unverified_parameters=(text,),
        jurisdiction_title=(text[:200], text[:200]),
    )


def test_the_same_month_gives_the_same_bytes() -> None:
    assert documents(month()) == documents(month())


def test_each_flagged_household_has_a_page_in_both_languages_and_the_others_none() -> None:
    flagged = (*range(1, 9), 10, 11)
    expected = {f"{root}households/H-{place:04d}.html" for place in flagged for root in ("", "en/")}
    assert {path for path in plain() if "households/" in path} == expected
    assert {"index.html", "en/index.html", "flags.html", "en/flags.html", "flags.xlsx", "style.css"} <= set(
        plain()
    )
    assert {"summary.json", "summary.txt"} <= set(plain())


@pytest.mark.parametrize("text", POISON, ids=lambda text: ascii(text[:20]))
def test_a_hostile_text_stays_text_on_every_page(text: str) -> None:
    made = documents(poisoned(text))
    for path, root in pages(made).items():
        assert [node.tag for node in root.iter(f"{_XHTML}script", f"{_XHTML}b", f"{_XHTML}img")] == [], path
        assert not [name for node in root.iter() for name in node.attrib if name.startswith("on")], path
        assert "49" not in re.findall(r"\b\d\d\b", visible(made, path)) or "{{7*7}}" not in text, path
        assert not re.search("[\u202a-\u202e\x00\x0b]", made[path].decode()), path


@pytest.mark.parametrize("text", POISON, ids=lambda text: ascii(text[:20]))
def test_a_hostile_text_is_inert_in_the_workbook(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(documents(poisoned(text))["flags.xlsx"]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.coordinate for cell in cells if cell.hyperlink] == []
    assert any(cell.value == text[:400] for cell in cells) or len(text) > 400 or not text.isprintable()


def test_no_document_shows_a_whole_id_number_or_an_identifying_value() -> None:
    assert [path for path, body in plain().items() if re.search(rb"\d{17}[\dXx]", body)] == []
    shown = "".join(visible(plain(), path) for path in plain() if path.endswith(".html"))
    book = openpyxl.load_workbook(io.BytesIO(plain()["flags.xlsx"]))
    shown += " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    hidden = by_name("household_member").names(Sensitivity.IDENTIFYING)
    values = {value for name in hidden for value in month().members[name].to_pylist() if value}
    values |= {VEHICLE["plate_no"], "河西路12号"}
    assert len(values) > 9
    assert [value for value in values if value in shown] == []


def test_no_page_shows_a_template_mark_or_an_empty_value() -> None:
    for path in plain():
        if path.endswith(".html"):
            text = visible(plain(), path)
            assert [mark for mark in ("{{", "}}", "None", "undefined", "%(") if mark in text] == [], path


def test_the_chinese_pages_have_no_untranslated_message() -> None:
    english = {forms if isinstance(forms, str) else forms[0] for forms in (m.id for m in catalog() if m.id)}
    for path, root in pages(plain()).items():
        if path.startswith("en/"):
            continue
        for foreign in list(root.iter()):
            if foreign.get("lang") == "en" or foreign.tag in (
                f"{_XHTML}code",
                f"{_XHTML}bdi",
                f"{_XHTML}pre",
            ):
                foreign.text, foreign[:] = "", []
        texts = {text.strip() for text in root.itertext()} | {
            value for node in root.iter() for name, value in node.attrib.items() if name == "aria-label"
        }
        assert sorted(texts & english) == [], path
        assert [text for text in texts if re.search(r"[A-Za-z]{3,} [A-Za-z]{3,}", text)] == [], path


def test_every_link_leads_to_a_document_and_a_place_in_it() -> None:
    parsed = pages(plain())
    anchors = {
        path: {node.get("id") for node in root.iter() if node.get("id")} for path, root in parsed.items()
    }
    links = 0
    for path, root in parsed.items():
        for node in root.iter(f"{_XHTML}a", f"{_XHTML}link"):
            href = node.get("href")
            if href == "data:,":
                continue
            file, _, anchor = href.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
            assert target in plain(), f"{path} → {href}"
            assert not anchor or anchor in anchors[target], f"{path} → {href}"
            links += 1
    assert links > 200


def test_no_page_asks_for_anything_outside_the_site() -> None:
    for path, body in plain().items():
        if path.endswith((".html", ".css")):
            text = body.decode().replace("http://www.w3.org/", "")
            assert (
                "http" not in text.replace("http-equiv", "") and "@import" not in text and "url(" not in text
            ), path


def test_identifiers_on_a_page_are_there_once() -> None:
    for path, root in pages(plain()).items():
        ids = [node.get("id") for node in root.iter() if node.get("id")]
        assert len(ids) == len(set(ids)), path


def test_the_page_of_a_household_says_why_in_both_languages() -> None:
    for path in ("households/H-0001.html", "en/households/H-0001.html"):
        text = visible(plain(), path)
        assert "计入的家庭成员名下计入核对的机动车1辆" in text
        assert "counted members hold 1 counted motor vehicle" in text
        assert "hedui trace F-0001-vehicle_owned" in text
        assert "vehicle/20240606_01/vehicle.csv" in text


def test_a_business_stands_beside_the_post_in_it_and_names_no_person() -> None:
    text = visible(plain(), "households/H-0010.html")
    assert "云溪市建材有限公司" in text and "1,000,000.00元" in text
    assert "股东" in text and "business/20240606_01/scztxx.tsv" in text


def test_a_death_is_told_without_the_colour_of_a_fault() -> None:
    page = plain()["households/H-0007.html"].decode()
    assert 'class="why death"' in page and "refused" not in page and "why eligibility" not in page


def test_what_would_clear_a_flag_is_not_printed() -> None:
    css = plain()["style.css"].decode()
    assert re.search(r"@media print \{.*\.officers[^}]*display: none", css, re.S)


def test_the_totals_of_the_summary_tie() -> None:
    said = json.loads(plain()["summary.json"])
    assert said["households_checked"] == len(OUTCOMES) == sum(said["outcomes"].values())
    assert said["flags"] == sum(reason["flags"] for reason in said["reasons"].values()) == 10
    assert said["households_flagged"] == sum(town["flagged"] for town in said["towns"].values()) == 10
    assert said["households_checked"] == sum(town["checked"] for town in said["towns"].values())
    assert said["cannot_verify_for_want_of"] == {"bank": 1, "vehicle": 1}
    lines = said["lines"]
    data_lines = (
        lines["physical_lines"] - lines["header_lines"] - lines["trailer_lines"] - lines["blank_lines"]
    )
    became = ("loaded", "quarantined", "duplicates", "superseded", "not_authorised")
    assert data_lines == sum(lines[name] for name in became) == 181
    assert not re.search(rb"\d\.\d", plain()["summary.json"])


def test_lines_that_do_not_balance_are_said_not_to() -> None:
    short = month().accounts.to_pylist()
    short[0]["loaded"] += 1
    made = documents(month(accounts=table("line_account", short)))
    assert visible(made, "index.html").count("不平") == 2  # the file and the total
    assert "不平" not in visible(plain(), "index.html")


def test_the_printed_lines_are_chinese_then_english() -> None:
    lines = summary_lines(month(), MONTH)
    assert lines[0] == "云溪市 2024年6月：核对 11 户，10 户（90.9%）有疑点需核实，共 10 条"
    assert lines[len(lines) // 2] == "Yunxi June 2024: 11 households checked, 10 (90.9%) with 10 queries"
    assert plain()["summary.txt"].decode().splitlines() == lines


def test_folders_nobody_reads_are_named_with_the_cause_in_the_pages_language() -> None:
    assert "bank/ （没有此名称的数据源）" in visible(plain(), "index.html")
    assert "bank/ (no source of this name)" in visible(plain(), "en/index.html")
    assert "收件目录中未读取的文件夹：bank/、vehicle/old" in plain()["summary.txt"].decode()


def test_every_amount_beside_a_death_keeps_the_calm_colour() -> None:
    paid = flag_of(line(7, "amount_above_entitlement", value=35000, limit=0, unit="fen_per_month"), "amount")
    page = documents(month(flags=table("flag", [*FLAGS, paid])))["households/H-0007.html"].decode()
    assert page.count('class="why death"') == 2 and 'class="why amount"' not in page


def test_a_flag_that_is_closed_is_listed_but_raises_no_page() -> None:
    closed = [FLAGS[0] | {"state": "closed", "first_month": "2024-05"}, *FLAGS[1:]]
    made = documents(month(flags=table("flag", closed)))
    assert "households/H-0001.html" not in made
    assert json.loads(made["summary.json"])["flags_closed"] == 1
    assert "本月未再出现" in visible(made, "flags.html") and "CS00000001" in visible(made, "flags.html")


def test_last_month_stands_beside_this_month_with_the_change_marked() -> None:
    before = table("assessed_household", [assessed(4, "keep", counted_income=100000)])
    made = documents(month(previous=before))
    assert "<mark>+234.50元</mark>" in made["households/H-0004.html"].decode()
    assert "2024年5月" in visible(made, "households/H-0004.html")
    assert "上月" in visible(made, "index.html")


def test_a_long_list_is_cut_into_pages_whose_contents_point_to_the_right_one() -> None:
    places = range(1, PAGE_ROWS + 3)
    rows = [line(place, "vehicle_owned", value=1, limit=0) for place in places]
    rows.append(line(1, "member_deceased", subject="P-0001", value=19815, unit="date"))
    flags = [flag_of(row, "eligibility", town="白水镇") for row in rows]
    made = documents(
        month(
            flags=table("flag", flags),
            households=table("household", [household(place) for place in places]),
            assessed_households=table(
                "assessed_household", [assessed(place, "exit_suggested") for place in places]
            ),
            assessed_lines=table("assessed_line", rows),
        )
    )
    first, second = pages(made)["flags.html"], pages(made)["flags-2.html"]
    assert len(first.findall(f".//{_XHTML}tbody/{_XHTML}tr")) == PAGE_ROWS + 1  # and the township's own row
    assert "续" in visible(made, "flags-2.html")
    hrefs = [node.get("href") for node in first.iter(f"{_XHTML}a")]
    assert "flags-2.html#member_deceased" in hrefs
    assert "member_deceased" in {node.get("id") for node in second.iter()}


def test_a_month_without_flags_has_its_pages_too() -> None:
    made = documents(month(flags=table("flag", [])))
    assert "本月没有疑点" in visible(made, "index.html")
    assert json.loads(made["summary.json"])["households_flagged"] == 0


def test_a_flag_about_a_household_nobody_assessed_stops_the_report() -> None:
    with pytest.raises(ContractBroken, match="no assessment"):
        documents(month(assessed_households=table("assessed_household", [])))


def test_the_workbook_has_chinese_headers_english_below_and_text_ids() -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain()["flags.xlsx"]))
    assert book.sheetnames == ["flags", "households", "deliveries"]
    flags = book["flags"]
    assert [flags["B1"].value, flags["B2"].value, flags["B3"].value] == [
        "户号",
        "Household no.",
        "CS00000001",
    ]
    assert flags.freeze_panes == "A3" and flags["B3"].data_type == "s"
    assert flags.max_row == 2 + len(FLAGS) and book["households"].max_row == 2 + 10
    assert book["households"]["J6"].value == "1234.50"
    assert book.properties.created.isoformat() == "2024-06-30T00:00:00"


def test_a_member_without_a_valid_form_is_named_with_what_is_wrong_and_what_to_do() -> None:
    shut = {
        "household_id": "H-0001",
        "source": "vehicle",
        "status": "not_checked",
        "reason": "not_authorised",
    }
    made = documents(
        month(
            source_status=table("source_status", [shut | {"record_id": "S-1", "as_of": ""}]),
            assessed_households=table(
                "assessed_household",
                [
                    assessed(place, code, **said | {"missing_sources": ["vehicle"]})
                    for place, (code, said) in enumerate(OUTCOMES, start=1)
                ],
            ),
            authorisations=table(
                "member_authorisation",
                [
                    {
                        "record_id": "form",
                        "member_id": member(1, "H-0001")["record_id"],
                        "household_id": "H-0001",
                        "standing": "expired",
                        "scope": [],
                    }
                ],
            ),
        )
    )
    said = visible(made, "households/H-0001.html")
    assert "请补签核对授权" in said and "张** 授权已过期" in said
    assert "have it signed again" in visible(made, "en/households/H-0001.html")
