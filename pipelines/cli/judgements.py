"""`hedui judgements`: the verdicts given, pairs drawn to judge, what the verdicts say, and approved targets."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from pipelines.cli.judge import By, Reason, RunId, RunMonth
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Purpose, say
from pipelines.run.access import look
from pipelines.run.judge_sample import draw
from pipelines.run.judge_targets import approve as approve_targets
from pipelines.run.judge_targets import judgement_report
from pipelines.run.judged_pairs import judgement_rows, run_to_judge
from pipelines.run.judged_told import (
    effect_lines,
    judgement_document,
    judgement_lines,
    report_lines,
    sample_document,
    sample_lines,
)

app = typer.Typer(help="人的判断 / people's verdicts on linked pairs", invoke_without_command=True)
_AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]
_Source = Annotated[str | None, typer.Option(help="只看一个来源 / one source only")]
_MatchErrors = Annotated[
    list[str] | None, typer.Option("--match-error", help="1/256：最弱的匹配可有此比例的错误 / candidate")
]
_ReviewErrors = Annotated[list[str] | None, typer.Option("--review-error", help="7/8")]


@app.callback()
def listed(
    context: typer.Context,
    source: _Source = None,
    as_json: _AsJson = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """列出全部判断，以及抽样、统计、批准阈值 / list the verdicts; or sample, report, approve."""
    if context.invoked_subcommand:
        return
    found = judgement_rows({"home": home, "jurisdiction": jurisdiction}, source=source)
    if found:
        members = [said.member_id for said, _ in found]
        run = run_to_judge(None, None, {"home": home, "jurisdiction": jurisdiction})
        look(run, verb="judgements", item="judgement", members=members, purpose=purpose)
    if as_json:
        _print([judgement_document(said, stands) for said, stands in found])
        return
    say.lines(judgement_lines(found, say.lang.value))


@app.command("sample")
def sample(
    count: Annotated[int, typer.Option("--n", help="对数 / how many pairs")] = 20,
    seed: Annotated[str, typer.Option(help="同一种子抽出同一批 / the same seed draws the same pairs")] = "1",
    method: Annotated[list[str] | None, typer.Option(help="只抽此方法 / only this method")] = None,
    source: _Source = None,
    run: RunId = None,
    month: RunMonth = None,
    as_json: _AsJson = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """按方法、来源、是否近阈值轮流抽取待判断的配对 / draw pairs to judge, every kind in turn."""
    where = {"home": home, "jurisdiction": jurisdiction}
    drawn = draw(
        count=count,
        seed=seed,
        methods=tuple(method or ()),
        source=source,
        run_id=run,
        month=month,
        where=where,
    )
    look(
        run_to_judge(run, month, where),
        verb="judgements sample",
        item=f"--n {count} --seed {seed}",
        households=(one.household_id for one in drawn),
        members=(one.member_id for one in drawn),
        purpose=purpose,
    )
    if as_json:
        _print([sample_document(one) for one in drawn])
        return
    say.lines(sample_lines(drawn, say.lang.value))
    say(
        "左为来源记录，右为名单成员；原始内容见 hedui trace L-…。判断：hedui judge L-… --verdict same|different|unsure --by 姓名 --reason 理由",
        "Left the source's record, right the listed member; as delivered: hedui trace L-…. "
        "Then: hedui judge L-… --verdict same|different|unsure --by NAME --reason TEXT",
    )


@app.command("report")
def report(
    match_error: _MatchErrors = None,
    review_error: _ReviewErrors = None,
    run: RunId = None,
    month: RunMonth = None,
    as_json: _AsJson = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """各方法、各来源的有误比例及区间；改变阈值的前后对照 / error rates with intervals; other thresholds tried."""
    found = judgement_report(
        match_errors=tuple(match_error or ()),
        review_errors=tuple(review_error or ()),
        run_id=run,
        month=month,
        where={"home": home, "jurisdiction": jurisdiction},
    )
    if as_json:
        _print(asdict(found))
        return
    say.lines(report_lines(found, say.lang.value))
    say(
        "匹配的“有误”是判为不是同一人，待确认的“有误”是判为同一人。近阈值的配对抽得较多，故合计偏高。"
        "采用新阈值须由人批准：hedui judgements approve --match-error 1/512 --by 姓名 --reason 理由",
        "Wrong is another person for a match and the same person for a review. Pairs near the threshold are drawn "
        "more often, so that totals lean high. A person approves new targets: "
        "hedui judgements approve --match-error 1/512 --by NAME --reason TEXT",
    )


@app.command("approve")
def approve(
    match_error: Annotated[str, typer.Option("--match-error", help="1/512")],
    by: By,
    reason: Reason,
    review_error: Annotated[str | None, typer.Option("--review-error", help="默认不变 / unchanged")] = None,
    run: RunId = None,
    month: RunMonth = None,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """批准今后运行所用的阈值 / approve the targets of later runs."""
    approval, effects = approve_targets(
        match_error,
        by=by,
        reason=reason,
        review_error=review_error,
        run_id=run,
        month=month,
        where={"home": home, "jurisdiction": jurisdiction},
    )
    say.lines(effect_lines(effects, say.lang.value))
    say(
        f"{approval.approval_id} 已由{approval.approved_by}批准：匹配 {approval.match_error}，"
        f"待确认 {approval.review_error}，下次运行起采用。",
        f"{approval.approval_id} approved by {approval.approved_by}: matches {approval.match_error}, "
        f"reviews {approval.review_error}, from the next run on.",
    )


def _print(document: object) -> None:
    say.plain(json.dumps(document, ensure_ascii=False, indent=2))
