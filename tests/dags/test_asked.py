"""Which month and which places a DAG run is about."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from dags import asked
from pipelines.base.errors import PeriodInvalid


def run_of(
    *, params: dict[str, Any] | None = None, partition: str | None = None, logical: datetime | None = None
) -> dict[str, Any]:
    run = SimpleNamespace(run_id="r1", partition_key=partition, logical_date=logical)
    return {"dag_run": run, "params": params or {}}


def landed_in(*homes: str) -> dict[str, list[SimpleNamespace]]:
    return {home: [SimpleNamespace(extra={"where": {"home": home}})] for home in homes}


def test_a_month_asked_by_hand_wins_over_the_partition() -> None:
    assert asked.month(run_of(params={"month": "2026-09"}, partition="2026-10")) == "2026-09"


def test_a_run_by_clock_is_about_its_partition() -> None:
    assert asked.month(run_of(params={"month": None}, partition="2026-10")) == "2026-10"


def test_the_logical_date_is_read_on_the_clock_of_the_office() -> None:
    """20:00 in UTC on the last of October is already November in Shanghai."""
    assert asked.month(run_of(logical=datetime(2026, 10, 31, 20, tzinfo=UTC))) == "2026-11"


def test_a_run_without_any_month_is_refused_and_never_takes_todays() -> None:
    with pytest.raises(PeriodInvalid, match="has no month"):
        asked.month(run_of())


def test_places_asked_by_hand_win_over_what_the_events_tell() -> None:
    context = run_of(params={"home": "/a", "inbox": None}) | {"triggering_asset_events": landed_in("/b")}
    assert asked.where(context) == {"home": "/a"}


def test_the_cross_check_goes_where_the_sources_were_landed() -> None:
    assert asked.where(run_of() | {"triggering_asset_events": landed_in("/b")}) == {"home": "/b"}


def test_sources_landed_in_two_places_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="2 different places"):
        asked.where(run_of() | {"triggering_asset_events": landed_in("/b", "/c")})


def test_without_places_the_environment_decides() -> None:
    assert asked.where(run_of()) == {}
