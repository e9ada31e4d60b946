"""The month a run is about, and the only clock of the product."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pipelines.base.errors import PeriodInvalid

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Period:
    """One calendar month."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """`2024-06` → Period. Anything else raises PeriodInvalid."""
        found = _MONTH.fullmatch(text)
        if not found:
            raise PeriodInvalid(f"[{text}] is not a month", remedy="write it as YYYY-MM, e.g. 2026-10")
        return cls(int(found[1]), int(found[2]))

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def shift(self, months: int) -> Period:
        """The month `months` later (earlier when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Period(index // 12, index % 12 + 1)

    @property
    def previous(self) -> Period:
        return self.shift(-1)

    def cut_off(self, grace_days: int) -> date:
        """The last day on which a delivery about this month may still be received."""
        return self.last_day + timedelta(days=grace_days)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def now() -> datetime:
    """run_at: the wall clock in UTC. Only the shell (run, cli, ledger) calls it, no stage does."""
    return datetime.now(UTC)
