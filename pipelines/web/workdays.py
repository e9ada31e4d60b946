"""Working days of the People's Republic of China: public holidays and the weekends worked in their place.

The holidays of a year are announced in the autumn before. A day the calendar does not know yet counts by its weekday.
"""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from pipelines.base.period import now
from pipelines.web.words import CHINA

_WORKING_WEEKDAYS = 5


def today() -> date:
    """The day it is in China, wherever the machine stands."""
    return now().astimezone(CHINA).date()


def is_workday(day: date) -> bool:
    """Whether offices are open."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _WORKING_WEEKDAYS


def is_announced(day: date) -> bool:
    """Whether the holidays of the day's year are known."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def after(day: date, workdays: int) -> date:
    """The working day so many working days after a day; the day itself does not count."""
    while workdays > 0:
        day += timedelta(days=1)
        workdays -= is_workday(day)
    return day


def until(today: date, due: date) -> int:
    """Working days left until a day, negative when it is past; 0 on the day."""
    step = 1 if due >= today else -1
    days, count = today, 0
    while days != due:
        days += timedelta(days=step)
        count += is_workday(days)
    return count * step


def before(day: date) -> date:
    """The day before: what is due up to it is late."""
    return day - timedelta(days=1)
