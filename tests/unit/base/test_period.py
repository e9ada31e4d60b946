"""Months: parsing, shifting, cut-off days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import PeriodInvalid
from pipelines.base.period import Period

MONTHS = st.builds(Period, st.integers(1950, 2150), st.integers(1, 12))


def test_a_month_is_written_year_dash_month() -> None:
    assert Period.parse("2024-06") == Period(2024, 6)


@pytest.mark.parametrize("text", ["2024-6", "2024-13", "202406", "2024-06-01", "", "二〇二四年六月"])
def test_anything_else_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(PeriodInvalid, match="YYYY-MM"):
        Period.parse(text)


def test_deliveries_about_june_may_come_until_the_fifteenth_of_july() -> None:
    assert Period.parse("2024-06").cut_off(15) == date(2024, 7, 15)


def test_the_month_before_january_is_december() -> None:
    assert Period.parse("2024-01").previous == Period.parse("2023-12")


@given(MONTHS)
def test_writing_and_reading_a_month_changes_nothing(month: Period) -> None:
    assert Period.parse(str(month)) == month


@given(MONTHS, st.integers(-600, 600))
def test_shifting_there_and_back_changes_nothing(month: Period, months: int) -> None:
    assert month.shift(months).shift(-months) == month
    assert month.shift(1).first_day > month.last_day
