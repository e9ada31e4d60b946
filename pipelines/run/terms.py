"""What is past its term on a day, and what stays: rules over plain facts, without a store, a clock or a pack.

A unit is what one key opens: a delivered file, a partition of the lake, a month's report. It is due when the term of every
month it is about is over and nothing holds it. Households that were flagged, are held or have a case under way are kept
before a month's raw data goes; their own evidence is due by the longer term of flags.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.base.period import Period

NO_TERM, NOT_OVER, HELD, UNDER_WAY = "no_term", "not_over", "held", "under_way"


@dataclass(frozen=True, kw_only=True)
class Month:
    """A run's month and its terms in months; None where the pack states none: then nothing of it is ever due."""

    period: Period
    raw_months: int | None
    flag_months: int | None


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What goes or stays as a whole. `households` are those whose flags it shows; empty for raw data."""

    name: str
    digest: str
    is_raw: bool
    months: tuple[Month, ...]
    runs: frozenset[str] = frozenset()
    deliveries: frozenset[str] = frozenset()
    households: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What stands against an erasure on the day."""

    held_runs: Collection[str] = ()
    held_deliveries: Collection[str] = ()
    held_households: Collection[str] = ()
    under_way: Collection[str] = ()
    decided: Mapping[str, date] = field(default_factory=dict)
    anybody_held: bool = False  # a household or a person is held: what no run can attribute stays


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Of one unit: the last day of its term where there is one, and why it stays; empty when it is due."""

    unit: Unit
    last_day: date | None
    stays: str


def verdicts(units: Iterable[Unit], standing: Standing, as_of: date) -> list[Verdict]:
    """Each unit with the reason why it stays on that day, or none."""
    return [_verdict(unit, standing, as_of) for unit in units]


def kept_households(flagged: Collection[str], of_run: Collection[str], standing: Standing) -> frozenset[str]:
    """The households of a run whose evidence outlives its raw data."""
    return frozenset(of_run) & frozenset((*flagged, *standing.held_households, *standing.under_way))


def last_day(unit: Unit, decided: Mapping[str, date]) -> date | None:
    """The end of the longest term that applies; None when one of its months has no term."""
    terms = [month.raw_months if unit.is_raw else month.flag_months for month in unit.months]
    known = [term for term in terms if term is not None]
    if not terms or len(known) < len(terms):
        return None
    ends = [month.period.shift(term).last_day for month, term in zip(unit.months, known, strict=True)]
    for household in unit.households & decided.keys():
        day = decided[household]
        ends += [Period(day.year, day.month).shift(term).last_day for term in known]
    return max(ends)


def _verdict(unit: Unit, standing: Standing, as_of: date) -> Verdict:
    end = last_day(unit, standing.decided)
    return Verdict(unit=unit, last_day=end, stays=_stays(unit, standing, end, as_of))


def _stays(unit: Unit, standing: Standing, end: date | None, as_of: date) -> str:
    if end is None:
        return NO_TERM
    if end >= as_of:
        return NOT_OVER
    held = unit.runs & set(standing.held_runs) or unit.deliveries & set(standing.held_deliveries)
    if held or unit.households & set(standing.held_households):
        return HELD
    if unit.is_raw and not unit.runs and standing.anybody_held:
        return HELD
    return UNDER_WAY if unit.households & set(standing.under_way) else ""
