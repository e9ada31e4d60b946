"""A whole month without Airflow: the same steps in the same order, with progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipelines import flow
from pipelines.base.errors import NoDeliveries
from pipelines.base.period import Period
from pipelines.base.settings import Where
from pipelines.policy import check_in_force, load_pack
from pipelines.run.inbox import find
from pipelines.run.landing import land
from pipelines.run.month import (
    assess_run,
    compose_run,
    flag_run,
    link_run,
    open_run,
    publish_run,
    report_run,
)
from pipelines.sources.spec import source_names

Progress = Callable[[str, int, int], None]  # what is being done, steps done, steps in all


def run_month(
    month: str, where: Mapping[str, object] | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Land what the inbox holds, run the month, publish it. Returns the publication and each step's summary."""
    tell = progress or _silent
    Where.of(where).need_inbox()
    check_in_force(load_pack(Where.of(where).jurisdiction), Period.parse(month))
    deliveries = [delivery for source in source_names() for delivery in find(source, month, where)]
    if not deliveries:
        raise NoDeliveries(
            f"no delivery speaks about {month}",
            place=str(Where.of(where).inbox),
            remedy="check the month and the inbox: <source>/<yyyymmdd_nn>/<file> with its sign-off",
        )
    steps = len(deliveries) + len(flow.REGISTRIES) + 6
    landed = []
    for done, delivery in enumerate(deliveries):
        tell(f"land {delivery}", done, steps)
        landed.append(land(delivery, where))
    opened = open_run(month, where)
    run_id = opened["run_id"]
    work: list[tuple[str, Callable[[], dict[str, Any]]]] = [("compose", lambda: compose_run(run_id, where))]
    work += [(f"link {name}", _linker(run_id, name, where)) for name in opened["tables"]]
    work += [
        ("assess", lambda: assess_run(run_id, where)),
        ("flag", lambda: flag_run(run_id, where)),
        ("report", lambda: report_run(run_id, where)),
        ("publish", lambda: publish_run(run_id, where)),
    ]
    results = []
    for done, (name, step) in enumerate(work, start=len(deliveries) + 1):
        tell(name, done, steps)
        results.append(step())
    tell("done", steps, steps)
    return {"publication": results[-1], "stages": results[:-1], "deliveries": landed}


def _linker(run_id: str, table: str, where: Mapping[str, object] | None) -> Callable[[], dict[str, Any]]:
    return lambda: link_run(run_id, table, where)


def _silent(_what: str, _done: int, _steps: int) -> None:
    return None
