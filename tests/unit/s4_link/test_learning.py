"""The model says what the run showed: counts over counts beside the starting rates, priors, thresholds, digest."""

from __future__ import annotations

import dataclasses
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as checked
from hypothesis import strategies as st

from pipelines.s4_link import Linked, LinkSettings, default_settings, link
from pipelines.s4_link.model import Model, probability_ppm
from tests.unit.s4_link.link_cases import HOME, crowd, deaths, linked, members, number, person, told

SETTINGS = default_settings()
_NOBODY = np.zeros(0, dtype=np.int32)
BILLION = 10**9


def _linked(records: pa.Table, lists: pa.Table, settings: LinkSettings = SETTINGS) -> Linked:
    return link(
        batches=records.combine_chunks().to_batches(),
        table_name="death",
        members=lists,
        judgements=None,
        settings=settings,
    )


def _levels(result: Linked, field: str) -> list[dict[str, Any]]:
    return [row for row in result.model.to_pylist() if (row["kind"], row["name"]) == ("level", field)]


def test_a_rate_is_what_was_seen_and_what_was_thought_before_each_worth_its_pairs() -> None:
    shown = told(linked([], [], listed=400), "level", "address", "same_number")
    thought, worth = 450_000, SETTINGS.learning.prior_pairs
    assert (shown["count"], shown["of"]) == (400, 400)
    assert shown["m_ppb"] == BILLION * (400 * 1_000_000 + thought * worth) // ((400 + worth) * 1_000_000)


@pytest.mark.parametrize("field", ["name", "address"])
def test_the_counts_of_a_field_add_up_to_the_exact_pairs(field: str) -> None:
    levels = _levels(linked([], [], listed=300), field)
    assert {row["of"] for row in levels} == {300}
    assert sum(row["count"] for row in levels) == 300


def test_a_register_with_old_addresses_says_less_by_a_differing_one() -> None:
    moved = [who | {"address": "澧水县王家厂镇大团村284号"} for who in crowd(300)]
    lists = members(*crowd(300))
    fresh, old = (_linked(deaths(*records), lists) for records in (crowd(300), moved))
    against = [told(result, "level", "address", "different_place")["weight"] for result in (fresh, old)]
    assert against[0] < against[1]
    assert [told(result, "level", "address", "different_place")["count"] for result in (fresh, old)] == [
        0,
        300,
    ]


def test_the_same_village_says_less_in_a_register_where_all_live_in_one_village() -> None:
    here = [who | {"address": f"{HOME[:-4]}{at}号"} for at, who in enumerate(crowd(300))]
    weights = [
        told(_linked(deaths(*people), members(*people)), "level", "address", "number_differs")["weight"]
        for people in (crowd(300), here)
    ]
    assert weights[1] < weights[0]


def test_a_common_name_weighs_less_than_a_rare_one() -> None:
    births = [number(f"19{year}-01-01", "111", "730701") for year in range(30, 60)]
    common = [person("李卫东", birth) for birth in births]
    one = person("李卫东", number("1968-07-01", "123"))
    weights = []
    for others in ([], common):
        (row,) = linked([one, *others], [one]).matches.to_pylist()
        weights.append(next(entry["weight"] for entry in row["comparisons"] if entry["field"] == "name"))
    assert weights[0] - weights[1] > 3500  # thirty more of the name


def test_a_level_nobody_showed_keeps_its_starting_rate_diluted_by_what_was_seen() -> None:
    said = SETTINGS.fields["name"]["homophone"]
    assert not isinstance(said, int)
    unseen = told(linked([], []), "level", "name", "homophone")
    assert unseen["m_ppb"] == said.m * 1000
    diluted = told(linked([], [], listed=500), "level", "name", "homophone")
    assert (diluted["count"], diluted["of"], diluted["m_ppb"]) == (0, 500, said.m * 500)


def test_birth_dates_that_only_repeat_the_number_teach_nothing() -> None:
    repeated = linked([], [], listed=300)
    assert {row["of"] for row in _levels(repeated, "birth_date")} == {0}
    unnumbered = person("赵明月", birth_date="1980-02-02", sex="F")  # this source holds dates beside numbers
    own = linked([unnumbered], [], listed=300)
    assert told(own, "level", "birth_date", "equal")["count"] == 300


def test_a_number_typed_for_another_person_teaches_nothing_about_names() -> None:
    wrong = [who | {"name": "欧阳慧"} for who in crowd(40)]
    result = _linked(deaths(*wrong, *crowd()[40:]), members(*crowd(300)))
    assert {row["of"] for row in _levels(result, "name")} == {260}


def test_weights_given_in_the_settings_are_never_learned() -> None:
    shown = told(linked([], [], listed=400), "level", "birth_date", "different")
    assert (shown["weight"], shown["m_ppb"], shown["u_ppb"]) == (-25000, None, None)


def test_rows_of_strangers_raise_the_bar() -> None:
    few, many = (told(linked([], [], listed=size), "prior", "open", "odds") for size in (50, 500))
    assert few["weight"] < many["weight"]


def test_a_short_list_is_not_over_confident() -> None:
    (who, *_) = crowd(1)
    result = _linked(deaths(who), members(who))  # the only row is about the only member
    learning = SETTINGS.learning
    share = Fraction(1 + learning.prior_share * learning.prior_rows, 1 + learning.prior_rows)
    least = told(result, "prior", "open", "odds")["weight"]
    assert share < Fraction(1, 8)
    assert least < -16_000  # one in eight rows, among ten thousand neighbours


def test_a_former_number_is_rarer_than_an_unknown_one() -> None:
    result = linked([], [], listed=300)
    odds = [told(result, "prior", kind, "odds")["weight"] for kind in ("former", "stranger")]
    assert odds[0] < odds[1] < 0


_error = st.fractions(min_value=Fraction(1, 10**6), max_value=Fraction(999, 1000), max_denominator=10**6)


def _model(match_error: Fraction, **other: Any) -> Model:
    empty = {"levels": {}, "name_weights": _NOBODY, "names_counted": 0, "priors": {}, "settings_digest": "x"}
    return Model(**({**empty, "match_error": match_error, "review_error": match_error} | other))


@checked(deadline=None)
@given(_error, _error)
def test_the_lower_the_error_that_is_wanted_the_more_a_match_must_weigh(
    one: Fraction, other: Fraction
) -> None:
    low, high = sorted((one, other))
    assert _model(low).match_odds >= _model(high).match_odds


@checked(deadline=None)
@given(_error)
def test_at_the_threshold_the_probability_is_the_one_that_was_wanted(error: Fraction) -> None:
    odds = np.array([_model(error).match_odds], dtype=np.int32)
    assert abs(int(probability_ppm(odds)[0]) - int(10**6 * (1 - error))) <= 600


def test_a_stricter_target_turns_a_match_into_a_review() -> None:
    listed, missing = person("李卫东", number("1968-07-01", "123")), person("李卫东", birth_date="1968-07-01")
    usual = linked([missing], [listed], listed=500)
    strict = dataclasses.replace(SETTINGS, match_error=Fraction(1, 10**9))
    assert usual.stats.matches["scored"] == 1
    assert linked([missing], [listed], listed=500, settings=strict).stats.reviews == {
        "below_match_threshold": 1
    }


def test_the_digest_follows_settings_counts_and_targets() -> None:
    other_target = dataclasses.replace(SETTINGS, review_error=Fraction(1, 2))
    other_text = dataclasses.replace(SETTINGS, digest="0" * 64)
    results = [
        linked([], [], listed=300),
        linked([], [], listed=299),
        linked([], [], listed=300, settings=other_target),
        linked([], [], listed=300, settings=other_text),
    ]
    assert len({result.model["model"][0].as_py() for result in results}) == 4


def test_the_order_of_rows_changes_neither_the_digest_nor_a_row_of_the_model() -> None:
    records, lists = deaths(*crowd()), members(*crowd(300))
    shuffled = [_shuffled(table, seed) for seed, table in enumerate((records, lists))]
    assert _linked(records, lists).model.equals(_linked(*shuffled).model)


def _shuffled(table: pa.Table, seed: int) -> pa.Table:
    order = list(range(table.num_rows))
    random.Random(seed).shuffle(order)  # noqa: S311 an order, not a secret
    return table.take(pa.array(order))
