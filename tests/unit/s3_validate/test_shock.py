"""Shock gates: a delivery too unlike the one before is held."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pipelines.s3_validate import Shape, shocks
from pipelines.sources.spec import Gates

BEFORE = Shape(
    rows=1000,
    person_records=1000,
    valid_ids=950,
    repeated_ids=10,
    as_of=date(2026, 9, 5),
    received_at=date(2026, 9, 6),
)
NOW = replace(BEFORE, as_of=date(2026, 10, 5), received_at=date(2026, 10, 6))
GATES = Gates(rows_band_percent=30, oldest_as_of_days=60, valid_id_drop_points=5, repeated_id_rise_points=5)


def gates_shut(now: Shape, before: Shape | None = BEFORE, gates: Gates = GATES) -> list[str]:
    return [shock.gate for shock in shocks(now, before, gates)]


def test_a_delivery_like_the_one_before_passes() -> None:
    assert gates_shut(NOW) == []


def test_exactly_thirty_percent_fewer_or_more_records_pass_and_one_beyond_is_held() -> None:
    assert gates_shut(replace(NOW, rows=700)) == gates_shut(replace(NOW, rows=1300)) == []
    assert gates_shut(replace(NOW, rows=699)) == gates_shut(replace(NOW, rows=1301)) == ["rows_band"]


def test_the_share_of_valid_ids_may_fall_by_five_points_and_not_more() -> None:
    assert gates_shut(replace(NOW, valid_ids=900)) == []
    assert gates_shut(replace(NOW, valid_ids=850)) == ["valid_ids"]
    assert gates_shut(replace(NOW, valid_ids=1000)) == []


def test_the_share_of_repeated_ids_may_rise_by_five_points_and_not_more() -> None:
    assert gates_shut(replace(NOW, repeated_ids=60)) == []
    assert gates_shut(replace(NOW, repeated_ids=61)) == ["repeated_ids"]


def test_old_data_are_held_even_when_nothing_came_before() -> None:
    assert gates_shut(replace(NOW, as_of=date(2026, 8, 7)), before=None) == []
    assert gates_shut(replace(NOW, as_of=date(2026, 8, 6)), before=None) == ["freshness"]


def test_the_first_delivery_has_no_history_and_passes() -> None:
    assert gates_shut(replace(NOW, rows=1, person_records=1, valid_ids=0), before=None) == []


def test_what_an_older_version_did_not_measure_holds_nothing() -> None:
    unmeasured = replace(BEFORE, person_records=None, valid_ids=None, repeated_ids=None)
    assert gates_shut(replace(NOW, valid_ids=0, repeated_ids=900), before=unmeasured) == []


def test_a_gate_that_is_not_set_is_open() -> None:
    assert gates_shut(replace(NOW, rows=1, valid_ids=0, as_of=date(2000, 1, 1)), gates=Gates()) == []


def test_a_hold_says_what_was_found_and_what_is_allowed_in_both_languages() -> None:
    (shock,) = shocks(replace(NOW, rows=10), BEFORE, GATES)
    assert shock.zh == "记录10条，上次1000条，允许相差30%"
    assert shock.en == "10 records after 1000 last time; 30 % either way are allowed"


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 100))
def test_the_band_is_the_exact_share_whatever_the_numbers(now: int, before: int, band: int) -> None:
    shut = gates_shut(replace(NOW, rows=now), replace(BEFORE, rows=before), Gates(rows_band_percent=band))
    assert bool(shut) == (100 * abs(now - before) > band * before)
