"""Registries write people as wrongly as the error model says, and the truth records every change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.simulate import damage, garble
from pipelines.simulate.draw import stream
from pipelines.simulate.rates import Rates, rates_of
from tests.unit.simulate.conftest import Month

_NUMBER = st.integers(10**16, 10**17 - 1).map(str)
_SOURCES = (
    "dibao_urban",
    "dibao_rural",
    "tekun",
    "payment",
    "vehicle",
    "property_new",
    "property_old",
    "pension_emp",
    "pension_res",
    "death_police",
    "death_cremation",
    "death_medical",
    "hukou",
    "contrib",
    "business",
    "fund",
    "bank",
    "tax",
    "marriage",
    "disability",
    "custody",
    "other_payments",
    "authorisation",
)


def _check(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


@given(_NUMBER.filter(lambda body: len(set(body)) > 1), st.integers(0, 10**6))
def test_one_wrong_digit_or_two_swapped_always_break_the_check(body: str, seed: int) -> None:
    number = body + _check(body)
    for damaged in (
        garble.one_digit(stream(seed, "typo"), number),
        garble.swapped(stream(seed, "swap"), number),
    ):
        assert len(damaged) == len(number)
        assert _check(damaged[:17]) != damaged[17]


def test_a_number_of_equal_digits_cannot_be_swapped_so_it_stays() -> None:
    assert garble.swapped(stream(1, "swap"), "1" * 17 + "1") == "1" * 18


@given(_NUMBER)
def test_a_spreadsheet_keeps_fifteen_digits(body: str) -> None:
    cut = garble.excel_cut(body + "1")
    assert cut == body[:15] + "000"
    assert garble.as_shown_by_excel("730703194909086000") == "7.30703E+17"


@pytest.mark.parametrize("source", _SOURCES)
def test_the_written_share_of_each_damage_is_near_its_rate(district: Month, source: str) -> None:
    """On everyone of the city: conditional rates on those they can befall, within five standard errors."""
    people, rates = district.city.people, rates_of(source)
    everyone = np.arange(len(people.home))
    written = damage.write_people(people, everyone, rates, stream(3, source), today=district.city.today)
    born_before_1999 = people.birth < 10_592
    ends_in_x = np.char.endswith(people.id18, "X")
    eligible = {
        "typo": np.ones(len(everyone), dtype=bool),
        "id15": born_before_1999,
        "excel_cut": ~ends_in_x,
        "dummy": np.ones(len(everyone), dtype=bool),
        "name_spaces": np.ones(len(everyone), dtype=bool),
    }
    for kind, rows in eligible.items():
        rate = getattr(rates, kind)
        hits = int(((written.marks & damage.bit(kind)) > 0)[rows].sum())
        size = int(rows.sum())
        assert abs(hits - rate * size) <= 5 * max((rate * (1 - rate) * size) ** 0.5, 1), kind


def test_what_carries_no_mark_is_written_as_it_is(district: Month) -> None:
    people = district.city.people
    rows = np.arange(5_000)
    written = damage.write_people(
        people, rows, rates_of("property_old"), stream(5, "x"), today=district.city.today
    )
    clean = np.flatnonzero(written.marks == 0)
    changed = np.flatnonzero(written.marks != 0)
    assert written.names[clean].tolist() == people.name[clean].tolist()
    assert written.numbers[clean].tolist() == people.id18[clean].tolist()
    assert all(
        written.names[row] != people.name[row] or written.numbers[row] != people.id18[row]
        for row in changed.tolist()
    )


def test_a_registry_without_errors_writes_everyone_right(district: Month) -> None:
    rows = np.arange(2_000)
    written = damage.write_people(
        district.city.people, rows, Rates(), stream(5, "y"), today=district.city.today
    )
    assert damage.describe(written.marks) == [damage.CLEAN] * len(rows)


def test_fifteen_digit_numbers_exist_only_for_people_born_before_1999(district: Month) -> None:
    people = district.city.people
    young = np.flatnonzero(people.birth >= 10_592)
    written = damage.write_people(
        people, young, rates_of("property_old"), stream(5, "z"), today=district.city.today
    )
    assert not any("id15" in text for text in damage.describe(written.marks))


def test_kinds_are_joined_by_a_plus() -> None:
    marks = np.asarray([0, damage.bit("typo") | damage.bit("name_spaces")], dtype=np.int64)
    assert damage.describe(marks) == ["clean", "typo+name_spaces"]


def test_names_keep_their_length_when_one_character_is_mistaken() -> None:
    rng = stream(1, "names")
    for change in (garble.homophone, garble.lookalike, garble.variant):
        assert len(change(rng, "陈国华")) == 3
    assert garble.variant(rng, "㐂") == "㐂"
    assert garble.rare_lost(rng, "李䶮") != "李䶮"
    assert "·" not in garble.other_dot(rng, "阿牛·海来")
