"""`hedui score`: precision and recall of links and flags of a simulated month against its truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Month, say
from pipelines.run.published import published_run, read_table
from pipelines.score import score, score_lines


def command(
    month: Month,
    truth: Annotated[Path, typer.Option(help="hedui simulate 的 OUT/truth")],
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """与真值比较匹配与预警的查准率、查全率 / precision and recall of links and flags."""
    run = published_run(month, {"home": home, "jurisdiction": jurisdiction})
    result = score(
        truth=truth,
        matches=read_table(run, "linked_match"),
        reviews=read_table(run, "linked_review"),
        flags=read_table(run, "flag"),
        candidates=read_table(run, "candidate"),
        households=read_table(run, "household"),
        members=read_table(run, "household_member"),
        lines=read_table(run, "landed_line"),
        accounts=read_table(run, "line_account"),
    )
    say.lines(score_lines(result))
