"""What each key and each test of two values says."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.s4_link.scoring.agreement import holds
from pipelines.s4_link.scoring.coding import Column
from pipelines.s4_link.scoring.keys import KEYS, soundex
from pipelines.s4_link.scoring.schema import Call
from pipelines.s4_link.scoring.words import shared, words_of


@pytest.mark.parametrize(
    ("key", "number", "text", "keys"),
    [
        ("first", 3, "rossi", ("ros",)),
        ("last", 2, "rossi", ("si",)),
        ("cut", 2, "tq13 8df", ("tq13 8",)),
        ("year", 0, "1861-04-26", ("1861",)),
        ("month_day", 0, "1861-04-26", ("0426",)),
        ("year_day", 0, "1861-04-26", ("186126",)),
        ("year", 0, "1861", ()),
        ("soundex", 0, "robert", ("r163",)),
        ("sorted_words", 0, "rossi Anna", ("anna rossi",)),
        ("word", 0, "thomas of devon", ("thomas", "devon")),
        ("word_pair", 0, "thomas devon", ("devon thomas",)),
        ("digits", 0, "nr 12-b", ("12",)),
        ("postcode_area", 0, "tq13 8df", ("tq13",)),
        ("deletions", 0, "abb", ("abb", "bb", "ab")),
        ("lower", 0, " ROSSI ", ("rossi",)),
    ],
)
def test_a_key_of_a_value(key: str, number: int, text: str, keys: tuple[str, ...]) -> None:
    assert KEYS[key](text, number) == keys


def test_names_that_sound_alike_have_one_soundex() -> None:
    assert soundex("ashcraft") == soundex("ashcroft") == "a261"
    assert soundex("张伟") == ""


@pytest.mark.parametrize(
    ("test", "left", "right", "is_so"),
    [
        ("equal", "anna", "anna", True),
        ("jaro_winkler(90)", "martha", "marhta", True),
        ("jaro_winkler(90)", "anna", "bruno", False),
        ("typos(1)", "1861-04-26", "1861-04-62", True),
        ("edits(1)", "1861-04-26", "1861-04-62", False),
        ("similar(80)", "grand street", "grand stret", True),
        ("begins(1)", "j.", "john", True),
        ("begins(3)", "jo", "john", False),
        ("within(2)", "12", "14", True),
        ("within(2)", "12", "no number", False),
        ("years_within(5)", "1861-01-01", "1866-12-31", True),
        ("date_parts(2)", "1861-04-26", "1861-04-11", True),
        ("date_parts(2)", "1861-04-26", "1861-05-11", False),
        ("day_month_swapped", "1861-04-05", "1861-05-04", True),
        ("day_month_swapped", "unknown", "unknown!", False),
        ("synonym", "tom", "thomas", True),
        ("synonym", "tom", "tim", False),
        ("same_year", "1861-04-05", "1861-05-04", True),
        ("same_postcode_area", "tq13 8df", "tq13 9aa", True),
    ],
)
def test_two_values(test: str, left: str, right: str, is_so: bool) -> None:
    name, _, number = test.rstrip(")").partition("(")
    column = Column(sorted({left, right}), np.array([0, 1], dtype=np.int32))
    codes = [np.array([column.values.index(each)], dtype=np.int32) for each in (left, right)]
    synonyms = {"tom": frozenset({"thomas"}), "thomas": frozenset({"tom"})}
    for a, b in (codes, codes[::-1]):
        found = holds(Call(name=name, number=int(number or 0)), column, a, b, synonyms)
        assert found.tolist() == [is_so]


def test_two_values_without_the_key_do_not_share_it() -> None:
    column = Column(["1861", "1862"], np.array([0, 1], dtype=np.int32))
    both = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
    assert not holds(Call(name="same_year", number=0), column, *both, {})[0]


def test_words_are_shared_in_any_order() -> None:
    column = Column(["anna maria rossi", "rossi, anna"], np.array([0, 1], dtype=np.int32))
    one, other = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
    assert shared(words_of(column), one, other)[0].tolist() == [2]
