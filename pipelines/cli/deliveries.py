"""`hedui deliveries`: every delivery the ledger knows and what became of it; release of a held one."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.base.errors import NotFound
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say
from pipelines.run.arrivals import arrivals, release, told_arrivals
from pipelines.run.told import aligned


def command(
    month: Annotated[str | None, typer.Option(help="YYYY-MM：该月所见 / what that month sees")] = None,
    source: Annotated[str | None, typer.Option(help="只看一个来源 / one source only")] = None,
    release_delivery: Annotated[
        str | None, typer.Option("--release", help="放行暂缓使用的交付 / let a held delivery count")
    ] = None,
    by: Annotated[str | None, typer.Option(help="放行人姓名 / who releases it")] = None,
    reason: Annotated[str | None, typer.Option(help="放行理由 / why")] = None,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """列出台账所知的每次交付；具名放行 / list every delivery the ledger knows; release a held one."""
    where = {"home": home, "jurisdiction": jurisdiction}
    if release_delivery:
        said = release(release_delivery, by or "", reason or "", where)
        say(
            f"{said.delivery} 已由{said.released_by}放行，下次运行起计入。",
            f"{said.delivery} is released by {said.released_by}; it counts from the next run on.",
        )
        return
    if by or reason:
        raise NotFound("--by and --reason belong to --release", remedy="add --release DELIVERY")
    heads = (
        ("交付", "接收日", "数据时点", "状态", "记录", "原因")
        if say.lang.value == "zh"
        else ("delivery", "received", "as of", "status", "rows", "cause")
    )
    found = list(told_arrivals(arrivals(where, month=month, source=source), say.lang.value))
    say.lines("  ".join(row).rstrip() for row in aligned([heads, *found]))
