"""A value may follow another or be stated for a quarter or a year; none may be below the province's floor."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import PackInvalid, PackNotInForce
from pipelines.base.period import Period
from pipelines.policy import load_pack
from pipelines.policy.formula import worked_out
from pipelines.policy.stated import Formula
from tests.unit.policy.copies import added, changed, copied

MONTH, YEAR = "fen_per_person_month", "fen_per_person_year"
COUNTY = "jurisdiction: county\ntitle: {zh: 县, en: County}\nextends: demo\n"
URBAN, RURAL = "income.standard.urban", "income.standard.rural"


def month(text: str) -> Period:
    return Period.parse(text)


def county(tmp_path: Path, income: str) -> Path:
    return added(copied(tmp_path), "county", {"pack.yaml": COUNTY, "income.yaml": income})


@pytest.mark.parametrize(
    ("rounding", "to", "expected"),
    [
        ("down", 1, 66_666),
        ("up", 1, 66_667),
        ("half_up", 1, 66_667),
        ("up", 100, 66_700),
        ("down", 1_000, 66_000),
    ],
)
def test_sixty_percent_of_a_years_income_is_a_months_amount_rounded_as_stated(
    rounding: str, to: int, expected: int
) -> None:
    formula = Formula.model_validate({"percent": 60, "of": "x", "rounding": rounding, "to": to})
    assert worked_out(formula, 1_333_330, YEAR, MONTH) == expected


@given(base=st.integers(0, 10**8), percent=st.integers(1, 500), to=st.sampled_from([1, 100, 1000]))
def test_rounding_up_and_down_enclose_the_exact_share_within_one_grain(
    base: int, percent: int, to: int
) -> None:
    low, high = (
        worked_out(Formula(percent=percent, of="x", rounding=way, to=to), base, YEAR, MONTH)
        for way in ("down", "up")
    )
    assert low * 1200 <= base * percent <= high * 1200
    assert high - low in (0, to)


def test_destitute_support_follows_the_standard_of_its_month_and_cites_both() -> None:
    before, after = (load_pack("demo").value("support.basic", month(when)) for when in ("2014-12", "2015-01"))
    assert (before.number, after.number) == (49_400, 54_600)
    assert after.valid_from == "2015-01-01"
    assert "1.3 倍" in after.citation and "420 元" in after.citation
    assert after.verify and "待核实" in after.cited


def test_a_county_states_its_own_standard_and_takes_the_rest_from_its_city(tmp_path: Path) -> None:
    text = f"income: {{standard: {{urban: {{2014-01-01: {{value: 90000, unit: {MONTH}, citation: 县文件}}}}}}}}\n"
    root = county(tmp_path, text)
    pack, city = load_pack("county", root), load_pack("demo", root)
    assert pack.value(URBAN, month("2026-10")).number == 90_000
    assert pack.value(RURAL, month("2026-10")) == city.value(RURAL, month("2026-10"))
    assert pack.value("support.basic", month("2026-10")).number == 117_000  # 1.3 × the county's standard
    assert pack.rules == city.rules and pack.programmes == city.programmes


def test_urban_and_rural_are_one_from_a_date_when_one_follows_the_other(tmp_path: Path) -> None:
    text = (
        "income:\n  standard:\n    rural:\n"
        f"      2014-01-01: {{value: 26000, unit: {MONTH}, citation: 县文件}}\n"
        f"      2016-01-01: {{value: {{percent: 100, of: {URBAN}, rounding: down}}, unit: {MONTH}, citation: 城乡一体化}}\n"
    )
    pack = load_pack("county", county(tmp_path, text))
    assert pack.value(RURAL, month("2015-12")).number == 26_000
    for when in ("2016-01", "2026-10"):
        assert pack.value(RURAL, month(when)).number == pack.value(URBAN, month(when)).number


def test_an_amount_stated_for_a_quarter_counts_by_the_month(tmp_path: Path) -> None:
    text = "income: {standard: {urban: {2014-01-01: {value: 270000, unit: fen_per_person_quarter, citation: x}}}}\n"
    found = load_pack("county", county(tmp_path, text)).value(URBAN, month("2026-10"))
    assert (found.number, found.unit) == (90_000, MONTH)


def test_an_amount_that_does_not_divide_into_months_needs_its_rounding(tmp_path: Path) -> None:
    text = "income: {standard: {urban: {2014-01-01: {value: 1000001, unit: fen_per_person_year, citation: x}}}}\n"
    with pytest.raises(PackInvalid, match=r"county/income\.yaml:1 .*no whole number.*rounding"):
        load_pack("county", county(tmp_path, text))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{percent: 60, of: income.standard.rural}", "has no rounding"),
        ("{percent: 60, of: income.standard.rural, rounding: nearest}", "[rounding] is not right"),
        ("{percent: 60, off: income.standard.rural, rounding: up}", "has no of"),
        ("{percent: 60, of: income.standard.country, rounding: up}", "which the pack does not state"),
        ("{percent: 60, of: income.standard.urban, rounding: up}", "follows itself"),
        ("{percent: 60, of: assets.vehicles.limit, rounding: up}", "cannot follow"),
        ("{percent: 60, of: income.disposable.urban, rounding: up}", "did you mean income.disposable.rural"),
    ],
)
def test_a_formula_that_cannot_be_worked_out_is_refused_with_its_line(
    tmp_path: Path, value: str, said: str
) -> None:
    text = f"income:\n  standard:\n    urban:\n      2014-01-01:\n        value: {value}\n        unit: {MONTH}\n        citation: x\n"
    with pytest.raises(PackInvalid) as caught:
        load_pack("county", county(tmp_path, text))
    assert said in str(caught.value)
    assert caught.value.place.startswith("county/income.yaml:") and caught.value.remedy


@pytest.mark.parametrize(("standard", "is_refused"), [(40_999, True), (41_000, False)])
def test_a_standard_below_the_floor_of_the_province_is_refused(
    tmp_path: Path, standard: int, is_refused: bool
) -> None:
    root = changed(copied(tmp_path), "demo-prefecture/income.yaml", "value: 42000", f"value: {standard}")
    if not is_refused:
        assert load_pack("demo-prefecture", root).value(URBAN, month("2015-06")).number == standard
        return
    with pytest.raises(PackInvalid, match="below the floor of 41000 分 in 2015-01") as caught:
        load_pack("demo-prefecture", root)
    assert caught.value.place.startswith("demo-prefecture/income.yaml:6 income.standard.urban")
    assert "demo/income.yaml" in caught.value.remedy


def test_a_floor_may_be_a_formula_and_holds_for_what_follows_one(tmp_path: Path) -> None:
    root = changed(copied(tmp_path), "demo/income.yaml", "value: 2000000", "value: 2106001")
    with pytest.raises(PackInvalid, match=r"105300 is below the floor of 105301 分 in 2024-01"):
        load_pack("demo", root)


def test_a_month_without_a_value_is_told_with_file_line_and_remedy() -> None:
    with pytest.raises(PackNotInForce) as caught:
        load_pack("demo").value(URBAN, month("2013-12"))
    assert caught.value.place.startswith("demo/income.yaml:4 income.standard.urban")
    assert "2013-12" in caught.value.what and caught.value.remedy
