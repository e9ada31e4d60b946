"""Working days as offices in China keep them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.web import workdays


def test_the_national_holiday_is_no_working_time() -> None:
    # 2026-09-30 is a Wednesday; offices open again on 8 October, and on Saturday the 10th in place of a day off.
    assert workdays.after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert workdays.is_workday(date(2026, 10, 10))
    assert not workdays.is_workday(date(2026, 10, 5))


def test_a_year_whose_holidays_are_not_announced_counts_by_weekday() -> None:
    assert not workdays.is_announced(date(2031, 10, 1))
    assert workdays.is_workday(date(2031, 10, 1))  # a Wednesday
    assert not workdays.is_workday(date(2031, 10, 4))  # a Saturday


@pytest.mark.parametrize(
    ("due", "left"),
    [(date(2026, 11, 23), 0), (date(2026, 11, 24), 1), (date(2026, 11, 30), 5), (date(2026, 11, 20), -1)],
)
def test_what_is_left_until_a_day(due: date, left: int) -> None:
    assert workdays.until(date(2026, 11, 23), due) == left


@given(st.dates(date(2020, 1, 1), date(2026, 11, 1)), st.integers(1, 40))
def test_so_many_working_days_later_is_a_working_day_with_so_many_left(day: date, count: int) -> None:
    due = workdays.after(day, count)
    assert workdays.is_workday(due)
    assert workdays.until(day, due) == count
