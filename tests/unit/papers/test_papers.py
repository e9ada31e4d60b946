"""Papers of a small published month: what they say, what they never say, and that they can be checked."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from pipelines.base.errors import NotFound, OfficeInvalid, PaperNotSet
from pipelines.lineage.published import PublishedMonth, opened
from pipelines.papers import typesetting
from pipelines.papers.code import code_of, grouped, read_code
from pipelines.papers.issuing import issue_of
from pipelines.papers.making import KINDS, papers, write_papers
from pipelines.papers.office import Office, read_office
from pipelines.papers.sheet import Issue, Paper
from pipelines.store.lake import Lake
from pipelines.store.ledger import Ledger
from pipelines.store.papers import PaperRow, check_paper, keep_papers
from pipelines.wording.texts import LANGUAGES
from tests.fixtures.published import place, publish
from tests.unit.s7_report.tables import month

_WHOLE_ID = re.compile(r"\d{17}[\dXx]")
_OFFICERS_ONLY = ("本疑点即消除", "would be cleared")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> PublishedMonth:
    where = place(tmp_path_factory.mktemp("papers"))
    run_id = publish(month(), where, month="2024-06")
    found = opened(Lake(where.lake_root), Ledger(where.ledger), run_id)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def issue(published: PublishedMonth) -> Issue:
    return issue_of(published, "zh")


def every_paper(published: PublishedMonth, issue: Issue) -> Iterator[Paper]:
    for kind in KINDS:
        yield from papers(published, kind, LANGUAGES, issue)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def row(paper: Paper, run_id: str = "R-TEST") -> PaperRow:
    return PaperRow(
        code=paper.code,
        kind=paper.kind,
        language=paper.language,
        jurisdiction="demo",
        month="2024-06",
        household_id=paper.household_id,
        run_id=run_id,
        pdf_digest="d",
        made_by="王主任",
    )


def test_every_flagged_household_gets_its_papers_and_the_clean_one_none(
    published: PublishedMonth, issue: Issue
) -> None:
    reports = list(papers(published, "report", ("zh",), issue))
    flagged = set(published.table("flag")["household_id"].to_pylist())
    assert {paper.household_id for paper in reports} == flagged
    assert published.table("household").num_rows > len(flagged)


def test_a_named_household_gets_its_report_flagged_or_not(published: PublishedMonth, issue: Issue) -> None:
    flagged = set(published.table("flag")["household_id"].to_pylist())
    clean = next(key for key in published.table("household")["record_id"].to_pylist() if key not in flagged)
    (paper,) = papers(published, "report", ("zh",), issue, clean)
    assert "本月没有需核实事项" in text_of(paper.pdf())


def test_an_unknown_household_or_kind_is_named(published: PublishedMonth, issue: Issue) -> None:
    with pytest.raises(NotFound, match="H-NONE"):
        list(papers(published, "report", ("zh",), issue, "H-NONE"))
    with pytest.raises(NotFound, match="no paper is called"):
        list(papers(published, "fine", ("zh",), issue))


def test_no_paper_holds_a_whole_number_a_name_or_what_would_clear_a_finding(
    published: PublishedMonth, issue: Issue
) -> None:
    for paper in every_paper(published, issue):
        said = json.dumps({**paper.content, "qr": ""}, ensure_ascii=False)
        assert not _WHOLE_ID.search(said), paper.kind
        assert "张建国" not in said
        assert not any(words in said for words in _OFFICERS_ONLY)
        assert "None" not in said
        assert not re.search(r"违规|骗保", said)


def test_a_report_says_why_with_figures_source_and_basis(published: PublishedMonth, issue: Issue) -> None:
    (zh,) = papers(published, "report", ("zh",), issue, "H-0001")
    said = re.sub(r"\s", "", text_of(zh.pdf()))
    for words in ("居民家庭经济状况核对报告", "机动车1辆", "四、各部门登记信息", zh.code, "不是认定结论"):
        assert words in said
    (en,) = papers(published, "report", ("en",), issue, "H-0001")
    assert "counted motor vehicle" in " ".join(text_of(en.pdf()).split())


def test_a_register_that_was_not_asked_is_never_told_as_having_found_nothing(
    published: PublishedMonth, issue: Issue
) -> None:
    for paper in papers(published, "report", ("zh",), issue):
        statuses = published.of_household("source_status", paper.household_id).to_pylist()
        told = [source["state"] for source in paper.content["sources"]]
        assert len(told) == len(statuses)
        for status, state in zip(sorted(statuses, key=lambda one: one["source"]), told, strict=True):
            assert state.startswith("未核对") == (status["status"] == "not_checked")


def test_a_card_says_that_nothing_is_decided_and_how_to_answer(
    published: PublishedMonth, issue: Issue
) -> None:
    (paper,) = papers(published, "card", ("zh",), issue, "H-0001")
    said = re.sub(r"\s", "", text_of(paper.pdf()))
    assert "目前没有作出任何决定" in said
    assert "5日内口头或书面提出" in said
    assert "仅供本行政区域" not in said


def test_a_visit_sheet_asks_and_shows_no_register_figures(published: PublishedMonth, issue: Issue) -> None:
    (paper,) = papers(published, "visit", ("zh",), issue, "H-0001")
    said = re.sub(r"\s", "", text_of(paper.pdf()))
    assert "名下机动车" in said
    assert "机动车1辆" not in said
    assert "调查人二" in said


def test_a_paper_is_archivable_tagged_and_the_same_bytes_again(
    published: PublishedMonth, issue: Issue, tmp_path: Path
) -> None:
    first = list(write_papers(papers(published, "report", LANGUAGES, issue), tmp_path / "a", 1))
    second = list(write_papers(papers(published, "report", LANGUAGES, issue), tmp_path / "b", 2))
    assert [one.pdf_digest for one in first] == [one.pdf_digest for one in second]
    assert [one.path.name for one in first] == [one.path.name for one in second]
    content = first[0].path.read_bytes()
    root = PdfReader(io.BytesIO(content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfaid:part>2<", xmp)
    assert re.search(r"pdfaid:conformance>A<", xmp)
    assert re.search(r"pdfuaid:part>1<", xmp)


def test_two_households_never_share_a_code(published: PublishedMonth, issue: Issue) -> None:
    made = list(every_paper(published, issue))
    assert len({paper.code for paper in made}) == len(made)


def test_a_code_is_genuine_until_the_month_is_published_again(tmp_path: Path) -> None:
    where = place(tmp_path)
    run_id = publish(month(), where, month="2024-06")
    ledger = Ledger(where.ledger)
    found = opened(Lake(where.lake_root), ledger, run_id)
    assert found is not None
    (paper,) = papers(found, "report", ("zh",), issue_of(found, "zh"), "H-0001")
    assert check_paper(ledger.engine, paper.code).standing == "unknown"
    assert keep_papers(ledger.engine, [row(paper)]) == 1
    assert keep_papers(ledger.engine, [row(paper)]) == 0
    checked = check_paper(ledger.engine, paper.code)
    assert (checked.standing, checked.kind, checked.month) == ("genuine", "report", "2024-06")
    publish(month(), where, month="2024-06", run_id="R-AGAIN")
    assert check_paper(ledger.engine, paper.code).standing == "superseded"


def test_a_later_paper_of_the_same_kind_supersedes_the_earlier(tmp_path: Path) -> None:
    where = place(tmp_path)
    publish(month(), where, month="2024-06")
    ledger = Ledger(where.ledger)
    found = opened(Lake(where.lake_root), ledger, "R-TEST")
    assert found is not None
    said = issue_of(found, "zh")
    (first,) = papers(found, "card", ("zh",), said, "H-0001")
    moved = Issue(**{**vars(said), "office": Office(telephone="0571-00000000")})
    (second,) = papers(found, "card", ("zh",), moved, "H-0001")
    keep_papers(ledger.engine, [row(first), row(second)])
    assert check_paper(ledger.engine, first.code).standing == "superseded"
    assert check_paper(ledger.engine, second.code).standing == "genuine"


def test_a_font_without_chinese_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(typesetting, "FAMILY", "No Such Font SC")
    typesetting._fonts.cache_clear()
    typesetting._compiler.cache_clear()
    with pytest.raises(PaperNotSet) as refused:
        typesetting.pdf("report", {}, date(2024, 7, 1))
    assert "fonts-noto-cjk" in str(refused.value.remedy)
    typesetting._fonts.cache_clear()
    typesetting._compiler.cache_clear()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("answer_days: 0", "answer_days"),
        ("site: ftp://x", "site"),
        ("fax: '1'", "fax"),
        ("name: [", "YAML"),
    ],
)
def test_an_office_file_that_is_wrong_is_refused_by_field(tmp_path: Path, written: str, said: str) -> None:
    path = tmp_path / "office.yaml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(OfficeInvalid, match=said):
        read_office(path)


def test_an_office_stands_on_the_paper(published: PublishedMonth, issue: Issue, tmp_path: Path) -> None:
    path = tmp_path / "office.yaml"
    path.write_text(
        "name: {zh: 河东区核对中心, en: Hedong office}\ntelephone: 0000-1234\nsite: https://check.example\n",
        encoding="utf-8",
    )
    with_office = Issue(**{**vars(issue), "office": read_office(path)})
    (paper,) = papers(published, "card", ("zh",), with_office, "H-0001")
    said = re.sub(r"\s", "", text_of(paper.pdf()))
    assert "河东区核对中心" in said
    assert "0000-1234" in said
    assert f"https://check.example/verify/{paper.code}" in said


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=4), st.text(min_size=1, max_size=5))
def test_a_paper_changed_by_a_character_has_another_code(content: dict[str, str], more: str) -> None:
    assert code_of(content) == code_of(dict(reversed(list(content.items()))))
    assert code_of({**content, "title": more}) != code_of({**content, "title": more + "。"})


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=16))
def test_a_code_is_read_however_it_was_typed(code: str) -> None:
    for typed in (code, code.lower(), grouped(code), grouped(code).replace("-", " "), f" {code}\n"):
        assert read_code(typed) == grouped(code)


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH-IJKL-MNO9", "A" * 17, "１２３４"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
