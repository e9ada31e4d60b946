"""Never before its term, never what is held, never what is under way: a purge against the plainest reading of the rules."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.period import Period
from pipelines.run.terms import (
    HELD,
    NO_TERM,
    NOT_OVER,
    UNDER_WAY,
    Month,
    Standing,
    Unit,
    kept_households,
    last_day,
    verdicts,
)

HOUSEHOLDS, RUNS, DELIVERIES = ("H-1", "H-2", "H-3"), ("R-1", "R-2"), ("a/1", "b/1")
terms = st.none() | st.integers(0, 40)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
some_households = st.frozensets(st.sampled_from(HOUSEHOLDS))
months = st.builds(
    Month,
    period=st.builds(Period, st.integers(2020, 2027), st.integers(1, 12)),
    raw_months=terms,
    flag_months=terms,
)
units = st.builds(
    Unit,
    name=st.just("lake/x"),
    digest=st.just("d"),
    is_raw=st.booleans(),
    months=st.lists(months, max_size=3).map(tuple),
    runs=st.frozensets(st.sampled_from(RUNS)),
    deliveries=st.frozensets(st.sampled_from(DELIVERIES)),
    households=some_households,
)
standings = st.builds(
    Standing,
    held_runs=st.frozensets(st.sampled_from(RUNS)),
    held_deliveries=st.frozensets(st.sampled_from(DELIVERIES)),
    held_households=some_households,
    under_way=some_households,
    decided=st.dictionaries(st.sampled_from(HOUSEHOLDS), days),
    anybody_held=st.booleans(),
)


def end_of(year: int, month: int, months_later: int) -> date:
    """The last day of the month so many months later, counted one by one."""
    for _ in range(months_later):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, monthrange(year, month)[1])


@given(unit=units, standing=standings, as_of=days)
def test_what_is_due_is_past_every_term_and_nothing_holds_it(
    unit: Unit, standing: Standing, as_of: date
) -> None:
    [verdict] = verdicts([unit], standing, as_of)
    if verdict.stays:
        return
    assert unit.months
    for month in unit.months:
        term = month.raw_months if unit.is_raw else month.flag_months
        assert term is not None
        assert end_of(month.period.year, month.period.month, term) < as_of
        for household in unit.households & standing.decided.keys():
            day = standing.decided[household]
            assert end_of(day.year, day.month, term) < as_of
    assert not unit.runs & set(standing.held_runs)
    assert not unit.deliveries & set(standing.held_deliveries)
    assert not unit.households & set(standing.held_households)
    assert not unit.households & set(standing.under_way)
    assert not (unit.is_raw and not unit.runs and standing.anybody_held)


@given(unit=units, as_of=days)
def test_what_is_past_every_term_and_held_by_nothing_is_due(unit: Unit, as_of: date) -> None:
    end = last_day(unit, {})
    [verdict] = verdicts([unit], Standing(), as_of)
    assert (verdict.stays == "") == (end is not None and end < as_of)


@given(flagged=some_households, of_run=some_households, standing=standings)
def test_every_household_that_is_flagged_held_or_under_way_is_kept_first(
    flagged: frozenset[str], of_run: frozenset[str], standing: Standing
) -> None:
    kept = kept_households(flagged, of_run, standing)
    for household in of_run:
        must = household in {*flagged, *standing.held_households, *standing.under_way}
        assert (household in kept) == must
    assert kept <= of_run


@pytest.mark.parametrize(
    ("as_of", "standing", "why"),
    [
        (date(2028, 10, 31), Standing(), NOT_OVER),
        (date(2028, 11, 1), Standing(), ""),
        (date(2028, 11, 1), Standing(held_runs={"R-1"}), HELD),
        (date(2028, 11, 1), Standing(held_deliveries={"a/1"}), HELD),
        (date(2028, 11, 1), Standing(held_households={"H-1"}), HELD),
        (date(2028, 11, 1), Standing(under_way={"H-1"}), UNDER_WAY),
        (date(2028, 11, 1), Standing(under_way={"H-9"}), ""),
        (date(2028, 11, 1), Standing(decided={"H-1": date(2026, 12, 9)}), NOT_OVER),
    ],
)
def test_two_years_end_with_the_last_day_of_the_month(as_of: date, standing: Standing, why: str) -> None:
    month = Month(period=Period(2026, 10), raw_months=24, flag_months=24)
    unit = Unit(
        name="lake/x",
        digest="d",
        is_raw=False,
        months=(month,),
        runs=frozenset(("R-1",)),
        deliveries=frozenset(("a/1",)),
        households=frozenset(("H-1",)),
    )
    assert verdicts([unit], standing, as_of)[0].stays == why


def test_a_pack_without_a_term_lets_nothing_go() -> None:
    month = Month(period=Period(2026, 10), raw_months=None, flag_months=60)
    unit = Unit(name="lake/x", digest="d", is_raw=True, months=(month,))
    assert verdicts([unit], Standing(), date(2099, 1, 1))[0].stays == NO_TERM


def test_a_delivery_that_no_run_saw_waits_while_anybody_is_held() -> None:
    month = Month(period=Period(2026, 10), raw_months=24, flag_months=60)
    unit = Unit(name="lake/x", digest="d", is_raw=True, months=(month,), deliveries=frozenset(("a/1",)))
    assert verdicts([unit], Standing(anybody_held=True), date(2099, 1, 1))[0].stays == HELD
    assert verdicts([unit], Standing(), date(2099, 1, 1))[0].stays == ""
