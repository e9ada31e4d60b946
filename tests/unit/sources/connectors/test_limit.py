"""The call limit holds in every window."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.connectors.limit import CallLimit
from tests.unit.sources.connectors.fake_clock import FakeClock

pauses = st.lists(st.floats(0, 5, allow_nan=False), min_size=1, max_size=60)


def made_calls(calls: int, seconds: float, between: list[float], *, naps: float = 1.0) -> list[float]:
    clock = FakeClock()
    wakes_early = lambda asked: clock.sleep(max(asked * naps, 1e-9))  # noqa: E731
    given_clock = clock.clock
    limit = CallLimit(
        calls=calls,
        seconds=seconds,
        clock=type(given_clock)(
            now=given_clock.now, monotonic=given_clock.monotonic, sleep=wakes_early, chance=given_clock.chance
        ),
    )
    at: list[float] = []
    for pause in between:
        clock.advance(pause)
        limit.wait()
        at.append(clock.elapsed)
    return at


@given(calls=st.integers(1, 8), seconds=st.floats(0.1, 10), between=pauses)
def test_no_window_ever_has_more_calls_than_allowed(calls: int, seconds: float, between: list[float]) -> None:
    at = made_calls(calls, seconds, between)
    for first, later in zip(at, at[calls:], strict=False):
        assert later >= first + seconds


@given(calls=st.integers(1, 4), between=pauses)
def test_a_sleep_that_ends_early_lets_no_call_through(calls: int, between: list[float]) -> None:
    at = made_calls(calls, 1.0, between, naps=0.5)
    for first, later in zip(at, at[calls:], strict=False):
        assert later >= first + 1.0


@given(calls=st.integers(1, 8), seconds=st.floats(0.1, 10))
def test_calls_under_the_limit_do_not_wait(calls: int, seconds: float) -> None:
    assert made_calls(calls, seconds, [0.0] * calls) == [0.0] * calls


def test_five_a_second_lets_the_sixth_wait_a_second() -> None:
    assert made_calls(5, 1.0, [0.0] * 11) == [0.0] * 5 + [1.0] * 5 + [2.0]
