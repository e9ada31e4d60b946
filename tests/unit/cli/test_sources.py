"""A registry unknown to the code is added with a YAML and a test pair, landed, linked and reported."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.base.errors import LayoutBroken, SpecInvalid
from pipelines.cli import app
from pipelines.run import run_month
from pipelines.run.published import published_run, read_table
from pipelines.sources.spec import load_spec
from tests.fixtures.city import MONTH, City

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


def test_any_three_column_file_is_landed_linked_and_shown_in_the_report(
    own: Path, tmp_path: Path, city: City
) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(city.inbox, inbox)
    where = {"home": str(tmp_path / "first"), "inbox": str(inbox), "jurisdiction": "demo"}
    run_month(MONTH, where)
    people = [
        row
        for row in read_table(published_run(MONTH, where), "household_member").to_pylist()
        if row["id_state"] == "valid18"
    ][:20]
    lines = [f"{row['name']},{row['id18']},{place}.50" for place, row in enumerate(people, start=1)]
    path = sample(tmp_path, "\n".join(["name,id,amount", *lines]) + "\n", "utf-8", "loans_20261006.csv")
    assert hedui("sources", "new", "loans", "--from", path).exit_code == 0
    batch = inbox / "loans" / "20261006_01"
    batch.mkdir(parents=True)
    shutil.copyfile(path, batch / path.name)
    done = run_month(MONTH, {**where, "home": str(tmp_path / "second")})
    run = published_run(MONTH, {**where, "home": str(tmp_path / "second")})
    linked = [
        row for row in read_table(run, "linked_match").to_pylist() if row["record"].startswith("loans/")
    ]
    assert {row["member_id"] for row in linked} >= {row["record_id"] for row in people}
    report = Path(done["publication"]["report"])
    assert "loans/20261006_01/loans_20261006.csv" in report.read_text(encoding="utf-8")
    assert "loans" in report.with_name("quality.html").read_text(encoding="utf-8")
