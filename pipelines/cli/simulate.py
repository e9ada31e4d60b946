"""`hedui simulate`: a fictional city with known truth, as deliveries and truth tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.period import Period
from pipelines.cli.speech import Month, say
from pipelines.simulate import simulate


def command(
    month: Month,
    out: Annotated[Path, typer.Option(help="写入 OUT/inbox 与 OUT/truth / writes OUT/inbox and OUT/truth")],
    profile: Annotated[str, typer.Option(help="district | prefecture")] = "district",
    seed: Annotated[int, typer.Option(help="同一种子得到同样的字节 / same seed, same bytes")] = 1,
) -> None:
    """生成一个虚构城市的各部门交付文件 / make the deliveries of a fictional city."""
    with say.progress() as bar:
        task = bar.add_task(profile, total=None)
        done = simulate(
            profile=profile,
            period=Period.parse(month),
            seed=seed,
            out=out,
            progress=lambda what: bar.update(task, description=what),
        )
    say(f"已生成 {out}: {done}", f"made {out}: {done}")
