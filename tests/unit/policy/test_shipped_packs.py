"""The packs of real places hold what could be verified, say what they lack, and run no month."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.base.errors import PackInvalid
from pipelines.base.period import Period
from pipelines.policy import load_pack, pack_names, read_pack
from pipelines.policy.catalogue import KNOWN
from pipelines.policy.lint import lint
from pipelines.policy.words import NAMES, name_of
from pipelines.run.policy_told import write_books
from tests.unit.policy.copies import changed, copied

PARTIAL = ("chongqing", "guangdong-2023", "zhejiang-haiyan-2023")
MONTHS = "assets.financial.months"


@pytest.mark.parametrize("pack", PARTIAL)
def test_a_partial_pack_is_shown_but_no_month_runs_with_it(pack: str) -> None:
    shown = read_pack(pack)
    assert {"income.standard.urban", "income.standard.rural"} <= set(shown.missing)
    with pytest.raises(PackInvalid, match=r"partial.*income\.standard\.urban") as caught:
        load_pack(pack)
    assert caught.value.place == f"{pack}/pack.yaml" and "extends" in caught.value.remedy


@pytest.mark.parametrize("pack", PARTIAL)
def test_no_figure_of_a_real_place_passes_as_verified(pack: str) -> None:
    assert all(step.verify for steps in read_pack(pack).parameters.values() for step in steps.values())


@pytest.mark.parametrize(
    ("pack", "when", "path", "value"),
    [
        ("chongqing", "2022-12", MONTHS, 12),
        ("chongqing", "2023-01", MONTHS, 24),
        ("guangdong-2023", "2023-06", MONTHS, 24),
        ("zhejiang-haiyan-2023", "2023-09", MONTHS, 48),
        ("zhejiang-haiyan-2023", "2023-09", "tiers.marginal", 200),
    ],
)
def test_what_they_state_is_what_was_published(pack: str, when: str, path: str, value: int) -> None:
    assert read_pack(pack).value(path, Period.parse(when)).number == value


def test_a_pack_that_extends_a_partial_one_and_states_the_rest_runs(tmp_path: Path) -> None:
    root = copied(tmp_path)
    (root / "town").mkdir()
    for name in ("income", "amounts", "support"):
        text = (root / "demo" / f"{name}.yaml").read_text(encoding="utf-8")
        (root / "town" / f"{name}.yaml").write_text(text, encoding="utf-8")
    codes = "{2013-11-01: {value: [x], unit: codes, citation: y}}"
    assets = "".join(
        f"  {group}: {{{', '.join(f'{name}: {codes}' for name in names)}}}\n"
        for group, names in {
            "vehicles": ("exempt_types", "exempt_plate_types", "gone_status", "sources"),
            "dwellings": ("sources",),
            "non_residential": ("sources",),
            "businesses": ("roles", "sources"),
            "financial": ("sources",),
        }.items()
    )
    limit = "limit: {2013-11-01: {value: 0, unit: count, citation: y}}"
    for group in ("non_residential", "dwellings"):
        assets = assets.replace(f"{group}: {{", f"{group}: {{{limit}, ")
    (root / "town" / "assets.yaml").write_text(f"assets:\n{assets}", encoding="utf-8")
    head = "jurisdiction: town\ntitle: {zh: 镇, en: Town}\nextends: chongqing\nlists: [dibao_urban]\n"
    (root / "town" / "pack.yaml").write_text(head, encoding="utf-8")
    assert load_pack("town", root).value(MONTHS, Period.parse("2023-01")).number == 24


@pytest.mark.parametrize("pack", pack_names())
def test_lint_finds_nothing_wrong_and_lists_every_value_to_be_verified(pack: str) -> None:
    found = lint(pack)
    assert [one for one in found if one.kind in ("error", "doubt")] == []
    marked = sum(step.verify for steps in read_pack(pack).parameters.values() for step in steps.values())
    assert sum(one.kind == "verify" for one in found) == marked
    assert all(".yaml:" in one.place for one in found if one.kind == "verify")


def test_lint_asks_about_a_standard_that_falls_and_a_value_said_twice(tmp_path: Path) -> None:
    root = changed(copied(tmp_path), "yunxi/income.yaml", "    rural:", _LOWER + "    rural:")
    (fall,) = [one for one in lint("yunxi", root) if "falls" in one.said]
    assert (fall.kind, fall.said) == ("doubt", "falls from 70000 to 60000 分")
    assert fall.place.startswith("yunxi/income.yaml:9 income.standard.urban.2025-01-01")


_LOWER = "      2025-01-01: {value: 60000, unit: fen_per_person_month, citation: x}\n"


def test_lint_tells_a_broken_pack_with_file_line_and_remedy(tmp_path: Path) -> None:
    root = changed(copied(tmp_path), "yunxi/income.yaml", "unit: fen_per_person_month", "unit: yuan")
    (error,) = lint("yunxi", root)
    assert (error.kind, error.place) == ("error", "yunxi/income.yaml:7 income.standard.urban.2024-01-01.unit")
    assert error.remedy.startswith("write fen_per_person_month")


@pytest.mark.parametrize("path", sorted(KNOWN))
def test_every_parameter_has_a_name_in_both_languages(path: str) -> None:
    assert path in NAMES, f"add its words to pipelines/policy/words.py: {path}"
    assert name_of(path, "zh") != name_of(path, "en")


def test_the_rule_book_states_every_value_in_words_and_marks_what_is_unverified(tmp_path: Path) -> None:
    zh, en = (path.read_text(encoding="utf-8") for path in write_books(read_pack("demo"), tmp_path))
    assert "810 元/人月" in zh and "810 yuan per person and month" in en
    assert "“城镇低保标准”的 130%，向上取整到 0.01 元" in zh
    steps = [step for dated in read_pack("demo").parameters.values() for step in dated.values()]
    for page in (zh, en):
        assert page.count("待核实 / to be verified") == sum(step.verify for step in steps)
    assert 'lang="zh-Hans"' in zh and "http" not in zh + en


def test_the_rule_book_of_a_partial_pack_says_so(tmp_path: Path) -> None:
    zh, en = (path.read_text(encoding="utf-8") for path in write_books(read_pack("chongqing"), tmp_path))
    assert "不能用于核对" in zh and "城镇低保标准" in zh
    assert "no month can run with it" in en
