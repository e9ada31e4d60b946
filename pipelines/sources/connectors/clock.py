"""What a fetch knows of time and chance, given from outside so that tests neither wait nor guess."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pipelines.base.period import now


@dataclass(frozen=True, kw_only=True)
class Clock:
    """`now` has a time zone, and its date is the local day; `monotonic` only grows; `chance` is in [0, 1)."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    chance: Callable[[], float]


def machine_clock() -> Clock:
    """The real one, in the machine's own time zone."""
    return Clock(
        now=lambda: now().astimezone(),
        monotonic=time.monotonic,
        sleep=time.sleep,
        chance=random.SystemRandom().random,
    )
