"""`hedui simulate`: a fictional city with known truth, as deliveries and truth tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.period import Period
from pipelines.cli.speech import Month, say
from pipelines.simulate import Profile, Simulated, profile_named, simulate_city, simulate_pair


def command(
    month: Month,
    out: Annotated[Path, typer.Option(help="写入 OUT/inbox 与 OUT/truth / writes OUT/inbox and OUT/truth")],
    profile: Annotated[str, typer.Option(help="district | prefecture")] = "district",
    seed: Annotated[int, typer.Option(help="同一种子得到同样的字节 / same seed, same bytes")] = 1,
    opening: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM",
            help="另生成此前一月于 OUT/opening，其间按计划新增、退出 / an earlier month too, with planned joins and exits",
        ),
    ] = None,
) -> None:
    """生成一个虚构城市的各部门交付文件 / make the deliveries of a fictional city."""
    period = Period.parse(month)
    with say.progress() as bar:
        task = bar.add_task(profile, total=None)

        def tell(what: str) -> None:
            bar.update(task, description=what)

        done = _made(profile_named(profile), period, seed, out, opening, tell)
    for one in done:
        say(f"已生成 {out}: {one}", f"made {out}: {one}")


def _made(
    profile: Profile, period: Period, seed: int, out: Path, opening: str | None, tell: Callable[[str], None]
) -> tuple[Simulated, ...]:
    if opening is None:
        return (simulate_city(profile=profile, period=period, seed=seed, out=out, progress=tell),)
    first = Period.parse(opening)
    return simulate_pair(profile=profile, opening=first, period=period, seed=seed, out=out, progress=tell)
