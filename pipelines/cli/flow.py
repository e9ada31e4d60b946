"""`hedui flow`: who joined and who left the lists between two published months; it reconciles or is refused."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Month, say
from pipelines.run.flow_statement import flow_between
from pipelines.run.flow_told import flow_lines


def command(
    month: Month,
    earlier: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM", help="期初月份，默认上月 / default: the month before"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """低保动态管理报表：期初 + 新增 − 退出 = 期末 / opening + joined − left = closing, households and persons."""
    statement = flow_between(month, earlier, {"home": home, "jurisdiction": jurisdiction})
    if as_json:
        say.plain(json.dumps(asdict(statement), ensure_ascii=False, indent=2))
        return
    say.lines(flow_lines(statement, say.lang.value))
