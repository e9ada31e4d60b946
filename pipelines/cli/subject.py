"""`hedui subject HOUSEHOLD MEMBER`: what was asked, found, shown, decided and looked at about one person."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Purpose, say
from pipelines.run.access import look
from pipelines.run.subject import subject_pack
from pipelines.run.subject_told import subject_lines


def command(
    household: Annotated[str, typer.Argument(metavar="HOUSEHOLD_ID", help="H-…")],
    member: Annotated[str, typer.Argument(metavar="MEMBER_ID", help="P-…")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """某人被查询、匹配、提示、决定、查看的全部记录 / everything that was done with one person's data."""
    run, pack = subject_pack(household, member, {"home": home, "jurisdiction": jurisdiction})
    look(run, verb="subject", item=member, households=[household], members=[member], purpose=purpose)
    if as_json:
        say.plain(json.dumps(pack, ensure_ascii=False, indent=2))
        return
    say.lines(subject_lines(pack, say.lang.value))
