"""`hedui policy` and `hedui whatif` as an operator meets them: what is printed, and how a mistake ends."""

import csv
import re
import shutil
from pathlib import Path

import pytest

from pipelines.policy import model
from tests.e2e.village import Hedui, terminal
from tests.fixtures.city import MONTH, City
from tests.unit.policy.copies import changed, copied

LISTS = ("dibao_urban", "dibao_rural", "tekun", "payment", "authorisation")


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    return terminal(monkeypatch, capsys)


def test_show_gives_each_value_with_its_day_and_marks_the_unverified(hedui: Hedui) -> None:
    code, said = hedui("policy", "show", "chongqing", "--month", "2023-06")
    assert code == 0
    assert re.search(r"assets\.financial\.months.*\n\s+2023-01-01 .*24 .*渝民〔2023〕3号.*待核实", said)
    assert "income.standard.urban" in said.split("vehicle_owned")[0]  # among what is missing


def test_show_without_a_month_gives_every_dated_value(hedui: Hedui) -> None:
    code, said = hedui("policy", "show", "demo")
    assert code == 0
    assert all(figure in said for figure in ("380 ", "420 ", "470 ", "240 ", "270 ", "310 "))


def test_diff_of_one_pack_in_two_months(hedui: Hedui) -> None:
    code, said = hedui("policy", "diff", "chongqing", "--from", "2022-12", "--to", "2023-01")
    assert code == 0
    assert "assets.financial.months" in said and re.search(r"- 12 .*\n\s+\+ 24 ", said)
    again = hedui("policy", "diff", "chongqing@2022-12", "chongqing@2023-01")
    assert again == (0, said)


def test_diff_of_two_packs_in_one_month(hedui: Hedui) -> None:
    code, said = hedui("policy", "diff", "demo", "demo-prefecture", "--month", MONTH)
    assert code == 0
    assert "income.standard.urban" in said and "assets.vehicles.limit" not in said


def test_diff_without_a_month_asks_for_one(hedui: Hedui) -> None:
    code, said = hedui("policy", "diff", "demo", "yunxi")
    assert code == 13
    assert "demo@YYYY-MM" in said


def test_lint_is_content_with_every_pack_that_is_shipped(hedui: Hedui) -> None:
    code, said = hedui("policy", "lint", "all")
    assert code == 0
    assert "zhejiang-haiyan-2023/assets.yaml:" in said and "verify" in said


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("yunxi/income.yaml", "    rural:", "      2024-01-01: {value: 1, unit: count, citation: x}\n    rural:", "yunxi/income.yaml:9"),
        ("yunxi/income.yaml", "unit: fen_per_person_month", "unit: yuan", "yunxi/income.yaml:7"),
        ("yunxi/amounts.yaml", "citation:", "quotation:", "has no citation"),
        ("demo/income.yaml", "value: 42000", "value: 40000", "below the floor of 41000"),
    ],
)  # fmt: skip
def test_lint_ends_with_an_error_that_names_file_line_and_remedy(
    hedui: Hedui, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    root = changed(copied(tmp_path), file, old, new)
    monkeypatch.setattr(model, "PACKS_ROOT", root)
    monkeypatch.setattr("pipelines.policy.lint.read_pack", lambda name, _: model.read_pack(name, root))
    code, said = hedui("policy", "lint", file.partition("/")[0])
    assert code == 13
    assert told in said and "→" in said and re.search(r"\.yaml:\d+", said)


def test_the_rule_book_is_written_in_both_languages(hedui: Hedui, tmp_path: Path) -> None:
    code, said = hedui("policy", "book", "demo", "--out", tmp_path / "book")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "book").iterdir()) == ["demo.en.html", "demo.zh.html"]
    assert "demo.zh.html" in said


@pytest.fixture(scope="module")
def home(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month of the lists alone, published."""
    from pipelines.run.whole import run_month

    inbox, home = tmp_path_factory.mktemp("inbox"), tmp_path_factory.mktemp("home")
    for source in LISTS:
        shutil.copytree(city.inbox / source, inbox / source)
    run_month(MONTH, {"home": home, "inbox": inbox, "jurisdiction": "demo"})
    return home


def test_what_if_gives_every_household_and_totals_that_are_its_sums(
    hedui: Hedui, home: Path, tmp_path: Path
) -> None:
    out = tmp_path / "whatif.csv"
    code, said = hedui(
        "whatif", "--pack", "demo", "--against", "demo@2023-12", "--month", MONTH, "--home", home, "--out", out
    )  # fmt: skip
    assert code == 0, said
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    change = sum(int(row["change"]) for row in rows)
    assert change == sum(int(row["amount_b"]) - int(row["amount_a"]) for row in rows) < 0
    told = re.search(r"difference\s+-([\d,.]+) yuan a month", said)
    assert told and round(float(told[1].replace(",", "")) * 100) == -change
    downs = [row for row in rows if row["move"] == "down"]
    assert re.search(rf"amount down\s+{len(downs)} ", said)
    assert {row["programme"] for row in downs} >= {"dibao_urban", "dibao_rural"}


def test_what_if_of_a_pack_against_itself_moves_nobody(hedui: Hedui, home: Path) -> None:
    code, said = hedui("whatif", "--pack", "demo", "--against", "demo", "--month", MONTH, "--home", home)
    assert code == 0
    assert re.search(r"difference\s+0 yuan a month", said)


def test_what_if_under_a_pack_that_is_not_in_force_names_file_line_and_remedy(
    hedui: Hedui, home: Path
) -> None:
    code, said = hedui(
        "whatif", "--pack", "demo", "--against", "demo@2013-12", "--month", MONTH, "--home", home
    )
    assert code == 14
    assert re.search(r"demo/\w+\.yaml:\d+ ", said) and "2013-12" in said


def test_what_if_under_a_partial_pack_names_what_is_missing(hedui: Hedui, home: Path) -> None:
    code, said = hedui("whatif", "--pack", "demo", "--against", "chongqing", "--month", MONTH, "--home", home)
    assert code == 13
    assert "chongqing/pack.yaml" in said and "income.standard.urban" in said and "extends: chongqing" in said


def test_a_month_with_a_partial_pack_does_not_start(hedui: Hedui, city: City, tmp_path: Path) -> None:
    code, said = hedui(
        "run", "--month", MONTH, "--inbox", city.inbox, "--home", tmp_path, "--jurisdiction", "guangdong-2023"
    )  # fmt: skip
    assert code == 13
    assert "guangdong-2023/pack.yaml" in said and "income.standard.urban" in said


def test_a_month_before_the_pack_begins_does_not_start(hedui: Hedui, city: City, tmp_path: Path) -> None:
    code, said = hedui("run", "--month", "2013-12", "--inbox", city.inbox, "--home", tmp_path)
    assert code == 14
    assert re.search(r"demo/amounts\.yaml:\d+ amount\.materiality", said) and "begins on 2014-01-01" in said
    assert [path.name for path in tmp_path.iterdir()] == [
        "keys"
    ]  # the home's master key, told of first; no month


def test_no_rule_is_in_shadow_until_a_pack_says_so(hedui: Hedui, home: Path) -> None:
    assert hedui("policy", "shadow", "--month", MONTH, "--home", home) == (
        0,
        "no rule is in shadow\n",
    )
