"""A clock that moves only when it is slept on, and remembers how long."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

from pipelines.sources.connectors.clock import Clock

BEIJING = timezone(timedelta(hours=8))


class FakeClock:
    """2024-07-05 09:00 in Beijing, until somebody sleeps."""

    def __init__(self) -> None:
        self.at = datetime(2024, 7, 5, 9, 0, tzinfo=BEIJING)
        self.elapsed = 0.0
        self.slept: list[float] = []
        self.chance = 0.5
        self._lock = threading.Lock()

    def advance(self, seconds: float) -> None:
        with self._lock:
            self.elapsed += seconds
            self.at += timedelta(seconds=seconds)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    @property
    def clock(self) -> Clock:
        return Clock(
            now=lambda: self.at,
            monotonic=lambda: self.elapsed,
            sleep=self.sleep,
            chance=lambda: self.chance,
        )
