"""`hedui accuracy`: how many households to review for a claim, which ones, and the rates of 错保 and 漏保 found."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.errors import ReviewInvalid
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Month, Purpose, say
from pipelines.run.access import look, write_out
from pipelines.run.accuracy import accuracy_of
from pipelines.run.accuracy_file import HEADER, VERDICTS, free_name, write_sample
from pipelines.run.accuracy_sample import draw_households
from pipelines.run.accuracy_told import accuracy_lines, plan_lines, sample_lines
from pipelines.run.published import published_run

app = typer.Typer(help="认定准确率：抽样复核 / accuracy from a reviewed sample", no_args_is_help=True)
_PPM_OF_PER_CENT = 10_000
_ALL = 100


@app.command("plan")
def plan(
    right: Annotated[str, typer.Option(help="要声明的准确率，% / share right to be claimed")] = "98",
    confidence: Annotated[str, typer.Option(help="置信度，% / confidence")] = "95",
) -> None:
    """要声明某一准确率，至少须抽查多少户 / how many households a claim needs (exact binomial)."""
    wrong, tail = (_left_of(text, name) for text, name in ((right, "--right"), (confidence, "--confidence")))
    say.lines(plan_lines(wrong, tail, say.lang.value))


@app.command("sample")
def sample(
    month: Month,
    out: Annotated[Path, typer.Option(help="….csv")],
    count: Annotated[int, typer.Option("--n", help="户数 / households")] = 149,
    seed: Annotated[str, typer.Option(help="同一种子抽出同一批 / the same seed draws the same")] = "1",
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """按类别、有无预警分层抽取待复核家庭 / draw households to review, by programme and flagged or not."""
    run = published_run(month, {"home": home, "jurisdiction": jurisdiction})
    drawn = draw_households(run, count=count, seed=seed)
    free_name(out)
    shown = [one.household_id for one in drawn.drawn]
    look(run, verb="accuracy sample", item=f"--n {count}", households=shown, purpose=purpose)
    write_out(
        out,
        lambda path: write_sample(drawn, path),
        run=run,
        verb="accuracy sample",
        item="households",
        rows=len(drawn.drawn),
        columns=HEADER,
        purpose=purpose,
    )
    say.lines(sample_lines(drawn, say.lang.value))
    words = " | ".join(VERDICTS)
    say(
        f"{out}：请在 verdict 列填写 {words}，再运行 hedui accuracy report --file {out}",
        f"{out}: fill in the column verdict ({words}), then: hedui accuracy report --file {out}",
    )


@app.command("report")
def report(
    file: Annotated[Path, typer.Option(help="已填写的抽样表 / the filled sample")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """错保率、漏保率及其精确区间 / rates of 错保 and 漏保 with exact intervals."""
    found = accuracy_of(file, {"home": home, "jurisdiction": jurisdiction})
    if as_json:
        say.plain(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        return
    say.lines(accuracy_lines(found, say.lang.value))


def _left_of(text: str, name: str) -> int:
    """100 % less the stated share, in whole millionths."""
    try:
        ppm = int((_ALL - Decimal(text)) * _PPM_OF_PER_CENT)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise _no_share(text, name) from error
    if not 0 < ppm < _ALL * _PPM_OF_PER_CENT:
        raise _no_share(text, name)
    return ppm


def _no_share(text: str, name: str) -> ReviewInvalid:
    return ReviewInvalid(
        f"[{text}] is not a share between 0 and 100", place=name, remedy="write it in per cent, e.g. 98"
    )
