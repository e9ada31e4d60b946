"""`hedui judge PAIR`: a named person says whether a record and a member are the same person."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Purpose, say
from pipelines.run.access import look
from pipelines.run.judged_pairs import judge, run_to_judge

RunId = Annotated[str | None, typer.Option("--run", help="R-…；默认已发布的运行 / published by default")]
RunMonth = Annotated[str | None, typer.Option("--month", help="YYYY-MM；默认最近一月 / latest by default")]
By = Annotated[str, typer.Option(help="姓名 / your name")]
Reason = Annotated[str, typer.Option(help="理由 / why")]


class Verdict(StrEnum):
    same = "same"
    different = "different"
    unsure = "unsure"


def command(
    pair: Annotated[str, typer.Argument(metavar="PAIR", help="L-…")],
    verdict: Annotated[
        Verdict, typer.Option(help="同一人 / 不是 / 不确定（撤回此前判断） · unsure lifts an earlier verdict")
    ],
    by: By,
    reason: Reason,
    run: RunId = None,
    month: RunMonth = None,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """判断一对记录是否同一人；下次运行起生效 / say whether a pair is one person; holds from the next run on."""
    where = {"home": home, "jurisdiction": jurisdiction}
    judged = run_to_judge(run, month, where)
    given = judge(pair, verdict=verdict.value, by=by, reason=reason, run_id=run, month=month, where=where)
    said = given.judgement
    look(judged, verb="judge", item=said.pair, members=[said.member_id], purpose=purpose or said.reason)
    say(
        f"已记录 {said.judgement_id}，下次运行起生效；该次运行中内容完全相同的记录有 {given.rows_alike} 条。",
        f"Recorded {said.judgement_id}; it holds from the next run on. "
        f"Rows of that run that say exactly the same: {given.rows_alike}.",
    )
    if given.is_bare and verdict is Verdict.same:
        say(
            "注意：该记录既无证件号也无出生日期，同一来源中写法完全相同的其他记录也会按此判断。",
            "Mind: the record has neither id number nor birth date; "
            "any row of this source that says the same is judged with it.",
        )
