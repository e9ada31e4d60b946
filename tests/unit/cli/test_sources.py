"""A registry unknown to the code is added with a YAML and a test pair, landed, linked and reported."""

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from pipelines.base.errors import LayoutBroken, SpecInvalid
from pipelines.cli import app
from pipelines.s3_validate.suite import _suite_at
from pipelines.sources.spec import Workbook, load_spec, spec_digest
from tests.e2e.village import MONTH, only, terminal, village
from tests.unit.run.parts import drop

ROWS = "姓名,身份证号,余额\n张建国,730701195001010016,1200.50\n李秀英,730701196203040024,88.00\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A city's own folder of sources, empty."""
    folder = tmp_path / "sources"
    folder.mkdir()
    monkeypatch.setenv("HEDUI_SOURCES", str(folder))
    return folder


def hedui(*words: object) -> Result:
    return CliRunner().invoke(app, ["--lang", "en", *map(str, words)])


def sample(folder: Path, text: str, encoding: str = "gb18030", name: str = "HK_20261006.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_the_list_names_every_source_with_its_table() -> None:
    told = hedui("sources", "list").output
    assert "Motor vehicle register" in told and "Traffic police" in told and "business_role" in told


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", "|", "\t", "，", "\x01"])
def test_encoding_delimiter_and_columns_are_found_from_the_sample(
    own: Path, tmp_path: Path, encoding: str, mark: str
) -> None:
    done = hedui("sources", "new", "loans", "--from", sample(tmp_path, ROWS.replace(",", mark), encoding))
    assert done.exit_code == 0, done.output + str(done.exception)
    layout = load_spec("loans").layouts[0]
    found = {name: (use.source_column, use.kind) for name, use in layout.columns.items()}
    assert found == {"id_no": ("身份证号", "id"), "name": ("姓名", "name"), "amount": ("余额", "yuan")}
    assert layout.unused_columns == ()


def test_what_no_rule_recognises_is_left_for_a_person_to_decide(own: Path, tmp_path: Path) -> None:
    text = "XM,SFZH,JE,BZ\n张建国,730701195001010016,12.50,x1\n李秀英,730701196203040024,8.00,\n"
    hedui("sources", "new", "loans", "--from", sample(tmp_path, text))
    assert load_spec("loans").layouts[0].unused_columns == ("BZ",)
    assert "DECIDE: read them or sign them off" in (own / "loans.yaml").read_text(encoding="utf-8")


def test_a_sample_without_people_is_refused_and_nothing_is_left_behind(own: Path, tmp_path: Path) -> None:
    done = hedui("sources", "new", "rain", "--from", sample(tmp_path, "place,mm\nA,3\nB,4\n"))
    assert isinstance(done.exception, LayoutBroken)
    assert list(own.iterdir()) == []


def test_a_name_that_is_taken_or_no_name_is_refused(own: Path, tmp_path: Path) -> None:
    path = sample(tmp_path, ROWS)
    for name in ("vehicle", "../x"):
        assert isinstance(hedui("sources", "new", name, "--from", path).exception, SpecInvalid)


def test_check_holds_the_pair_against_the_yaml_and_tells_what_a_file_would_meet(
    own: Path, tmp_path: Path
) -> None:
    hedui("sources", "new", "loans", "--from", sample(tmp_path, ROWS))
    assert "ok   loans: 2" in hedui("sources", "check", "loans").output
    worse = sample(tmp_path, ROWS.replace("余额", "结余"), name="HK_20261106.csv")
    refused = hedui("sources", "check", "loans", "--file", worse).exception
    assert type(refused).__name__ == "MissingColumn"
    (own / "tests/loans/expected.json").write_text("[]")
    assert isinstance(hedui("sources", "check", "loans").exception, SpecInvalid)


def workbook(path: Path, *rows: list[object], widths: int = 3) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=widths)
    book.save(path)
    return path


def test_a_workbook_with_a_title_and_a_total_becomes_a_source(own: Path, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "2026年10月贷款名单.xlsx",
        ["2026年10月贷款名单"],
        ["姓名", "身份证号", "余额"],
        ["张建国", "730701195001010016", 1200.5],
        ["李秀英", "730701196203040024", 88],
        ["合计", None, 1288.5],
    )
    done = hedui("sources", "new", "loans", "--from", path)
    assert done.exit_code == 0, done.output + str(done.exception)
    layout = load_spec("loans").layouts[0]
    assert isinstance(layout.format, Workbook)
    assert layout.format.header_row == 2
    assert {name: use.source_column for name, use in layout.columns.items()} == {
        "id_no": "身份证号",
        "name": "姓名",
        "amount": "余额",
    }
    records = json.loads((own / "tests/loans/expected.json").read_text(encoding="utf-8"))
    assert [row["amount"] for row in records] == [120_050, 8_800]
    assert "ok   loans: 2" in hedui("sources", "check", "loans").output


def test_a_workbook_without_a_title_becomes_a_source_too(own: Path, tmp_path: Path) -> None:
    head, body = ["姓名", "身份证号", "余额"], ["张建国", "730701195001010016", 1200.5]
    path = workbook(tmp_path / "loans_202610.xlsx", head, body, widths=1)
    assert hedui("sources", "new", "loans", "--from", path).exit_code == 0
    assert load_spec("loans").layouts[0].files == r"loans_\d+\.xlsx"


def test_a_text_with_a_title_line_is_refused_with_the_reason(own: Path, tmp_path: Path) -> None:
    found = hedui(
        "sources", "new", "loans", "--from", sample(tmp_path, "2026年10月贷款名单\n" + ROWS)
    ).exception
    assert isinstance(found, LayoutBroken)
    assert "the first 1 line(s) are a title" in str(found)
    assert list(own.iterdir()) == []


def test_the_expectations_of_a_new_source_lie_in_the_city_s_folder_and_are_what_its_records_meet(
    own: Path, tmp_path: Path
) -> None:
    hedui("sources", "new", "loans", "--from", sample(tmp_path, ROWS))
    path = own / "expectations/loans.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    rules = [one["meta"]["rule"] for one in suite["expectations"]]
    assert rules == ["name_or_id_present", "amount_plausible", "valid_id_rate"]
    before = spec_digest("loans")
    suite["expectations"][1]["kwargs"] = {"column": "amount", "min_value": 0, "max_value": 100_000}
    path.write_text(json.dumps(suite, ensure_ascii=False), encoding="utf-8")
    assert spec_digest("loans") != before
    _suite_at.cache_clear()
    told = hedui("sources", "check", "loans", "--file", sample(tmp_path, ROWS, name="HK_20261106.csv")).output
    assert "usable: 1 records" in told
    assert "set aside amount_plausible: 1" in told


def test_a_three_column_file_and_three_edited_files_are_linked_and_shown(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All by the command line and in the city's folder: new, the YAML, the suite and the pair edited, check, run."""
    at = terminal(monkeypatch, capsys)
    inbox = village(tmp_path / "city")
    only(inbox)
    names = read_lists(inbox)
    lines = [f"{name},{id18},{place}.50" for place, (name, id18) in enumerate(names, start=1)]
    path = sample(tmp_path, "\n".join(["name,id,amount", *lines]) + "\n", "utf-8", "loans_20261006.csv")
    assert at("sources", "new", "loans", "--from", path)[0] == 0
    yaml_file, suite_file = own / "loans.yaml", own / "expectations/loans.json"
    text = yaml_file.read_text(encoding="utf-8")
    for old, new in (
        ("{zh: loans, en: loans}", "{zh: 助农贷款, en: Farm loans}"),
        ("{zh: 待定, en: to be named}", "{zh: 农商银行, en: Rural bank}"),
        ("sign_off: ''", "sign_off: .ok"),
        ("fact_kind: loans", "fact_kind: farm_loan"),
    ):
        assert old in text
        text = text.replace(old, new)
    yaml_file.write_text(text, encoding="utf-8")
    suite = suite_file.read_text(encoding="utf-8").replace("1000000000000", "1000")
    suite_file.write_text(suite.replace("100亿元", "10元"), encoding="utf-8")
    expected = own / "tests/loans/expected.json"
    pair = expected.read_text(encoding="utf-8")
    expected.write_text(pair.replace('"fact_kind": "loans"', '"fact_kind": "farm_loan"'), encoding="utf-8")
    _suite_at.cache_clear()
    code, said = at("sources", "check", "loans")
    assert (code, f"ok   loans: {len(lines)}" in said) == (0, True), said
    drop(inbox, "loans", "20261006_01", path.name, path.read_bytes(), len(lines), "20261006")
    code, said = at("run", "--month", MONTH, "--inbox", inbox, "--home", tmp_path / "home")
    assert code == 0, said
    out = tmp_path / "links.csv"
    assert at("export", "linked_match", "--month", MONTH, "--home", tmp_path / "home", "--out", out)[0] == 0
    linked = [line for line in out.read_text(encoding="utf-8").splitlines() if "loans/20261006_01" in line]
    assert 9 <= len(linked) < len(lines)  # three amounts are beyond the city's own limit
    report = Path(re.findall(r"report: (.*)", said)[-1])
    quality = report.with_name("quality.html").read_text(encoding="utf-8")
    assert "助农贷款" in quality
    assert (
        "农商银行" in quality or "Rural bank" in quality or "助农贷款" in report.read_text(encoding="utf-8")
    )
    assert "10元" in quality
    assert "loans/20261006_01/loans_20261006.csv" in report.read_text(encoding="utf-8")


def read_lists(inbox: Path) -> list[tuple[str, str]]:
    """Twelve people of the rural list by name and number."""
    (file,) = inbox.glob("dibao_rural/*/*.csv")
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode("gb18030"))))
    return [(row["姓名"], row["身份证号"]) for row in rows if len(row["身份证号"]) == 18][:12]
