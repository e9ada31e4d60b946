"""The call limit: in no window of the given length are there more than the given number of calls.

A plain token bucket lets a full bucket and its refill through in one window, up to twice the quota; here each
token comes back only when the call that took it has left the window, so the number holds for every window.
"""

from __future__ import annotations

from collections import deque

from pipelines.sources.connectors.clock import Clock


class CallLimit:
    """`calls` tokens; a token taken at t is back at t + seconds."""

    def __init__(self, *, calls: int, seconds: float, clock: Clock) -> None:
        self._seconds = seconds
        self._clock = clock
        self._taken: deque[float] = deque(maxlen=calls)

    def wait(self) -> None:
        """Return when a call may be made, and count it."""
        if len(self._taken) == self._taken.maxlen:
            back = self._taken[0] + self._seconds
            # A sleep may end early; a call may not.
            while (now := self._clock.monotonic()) < back:
                self._clock.sleep(back - now)
        self._taken.append(self._clock.monotonic())
