"""What a DAG run was asked to do: which month, and where the data is."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.base.errors import PeriodInvalid

TIMEZONE = "Asia/Shanghai"
PLACES = ("home", "inbox", "jurisdiction", "without")  # without: sources the operator goes on without


def month(context: Any) -> str:
    """As asked by hand, else the run's partition, else its logical date's month; never today's."""
    run = context["dag_run"]
    asked = context["params"].get("month") or run.partition_key
    if not asked and run.logical_date:
        asked = f"{run.logical_date.astimezone(ZoneInfo(TIMEZONE)):%Y-%m}"
    if not asked:
        raise PeriodInvalid(
            "the run has no month", place=run.run_id, remedy="give the parameter month, YYYY-MM"
        )
    return str(asked)


def where(context: Any) -> dict[str, Any]:
    """As asked by hand, else as the landed events tell; empty leaves it to the environment."""
    asked = {place: context["params"][place] for place in PLACES if context["params"].get(place)}
    events = context.get("triggering_asset_events") or {}
    told = {json.dumps(event.extra["where"], sort_keys=True) for group in events.values() for event in group}
    if asked or not told:
        return asked
    if len(told) > 1:
        raise ValueError(f"the sources were landed in {len(told)} different places: run cross_check by hand")
    return dict(json.loads(told.pop()))
