"""`hedui bundle FLAG_ID|sample`: the evidence of flags as one zip that proves itself offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.audit.bundling import write_bundle
from pipelines.audit.rederived_flags import drawn, flags_of
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say
from pipelines.run.published import published_run
from pipelines.run.verifying import run_of_flag

_SAMPLE = "sample"


def command(
    target: Annotated[str, typer.Argument(metavar="FLAG_ID|sample", help="F-… · sample：抽样 / draw some")],
    out: Annotated[Path, typer.Option(help="….zip")],
    month: Annotated[str | None, typer.Option(help="YYYY-MM：抽样的月份 / the month to draw from")] = None,
    count: Annotated[int, typer.Option("--n", min=1, help="抽几条 / how many to draw")] = 10,
    seed: Annotated[str, typer.Option(help="同一种子抽出同一批 / the same seed draws the same")] = "1",
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """预警的证据包：报告页、原始行、规则、证明与独立查验程序 / the evidence of a flag as a zip that proves itself."""
    where = {"home": home, "jurisdiction": jurisdiction}
    if target == _SAMPLE:
        run = published_run(month, where)
        wanted = drawn(flags_of(run), count, seed)
    else:
        run, wanted = run_of_flag(target, where), [target]
    made = write_bundle(run, wanted, out)
    say(
        f"{made.path}：{made.bundle_id}，预警 {made.flags} 条，原始行 {made.raw_lines} 行，涉及 {made.persons} 人，"
        f"文件 {made.files} 个\nsha256 {made.sha256}",
        f"{made.path}: {made.bundle_id}, flags {made.flags}, raw lines {made.raw_lines}, persons {made.persons}, "
        f"files {made.files}\nsha256 {made.sha256}",
    )
