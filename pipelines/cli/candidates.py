"""`hedui candidates`: who may be owed help and does not have it, with the reason and the first step."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Purpose, say
from pipelines.run.access import look
from pipelines.run.candidates_told import candidate_lines, candidate_rows
from pipelines.run.published import published_run


def command(
    month: Annotated[str | None, typer.Option(help="YYYY-MM；默认最近发布的月份 / latest published")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """应保未保线索：可能应享受而未享受待遇的人 / people who may be owed help they do not have."""
    where = {"home": home, "jurisdiction": jurisdiction}
    rows = candidate_rows(month, where)
    look(
        published_run(month, where),
        verb="candidates",
        item="candidate",
        households=(row["household_id"] for row in rows),
        purpose=purpose,
    )
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    say.lines(candidate_lines(rows, say.lang.value))
