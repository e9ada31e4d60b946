"""`hedui check --household H-…`: one household on demand, by the rules and evidence of its month."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Purpose, say
from pipelines.run.access import look
from pipelines.run.checking import check
from pipelines.run.published import published_run


def command(
    household: Annotated[str, typer.Option(metavar="HOUSEHOLD_ID", help="家庭编号 H-… / household id H-…")],
    month: Annotated[str | None, typer.Option(help="YYYY-MM；默认最近发布的月份 / latest published")] = None,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """按当月规则即时核对一户：各项结果、建议下一步与理由 / check one household: lines, next step, reasons."""
    where = {"home": home, "jurisdiction": jurisdiction}
    lines = check(household, month, where, say.lang.value)
    run = published_run(month, where)
    look(run, verb="check", item=household, households=[household], purpose=purpose)
    say.lines(lines)
