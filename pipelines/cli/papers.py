"""`hedui papers report|card|visit`: the papers of a month as PDF; `hedui papers check CODE`: whether one is genuine."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.actor import actor
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say
from pipelines.run.papers import check_code, make_papers
from pipelines.wording.texts import Language

app = typer.Typer(no_args_is_help=True, help="核对报告、明白卡、入户调查表 / papers as PDF")
_STANDINGS = {
    "genuine": ("真实有效", "genuine"),
    "superseded": ("已被更新", "superseded"),
    "unknown": ("查无此件", "unknown"),
}


class Spoken(StrEnum):
    zh = "zh"
    en = "en"
    both = "both"


_LANGUAGES: dict[Spoken, tuple[Language, ...]] = {
    Spoken.zh: ("zh",),
    Spoken.en: ("en",),
    Spoken.both: ("zh", "en"),
}


class Kind(StrEnum):
    report = "report"
    card = "card"
    visit = "visit"


@app.command()
def make(
    kind: Annotated[
        Kind, typer.Argument(help="report 核对报告 · card 明白卡（发给家庭） · visit 入户调查表")
    ],
    out: Annotated[Path, typer.Option(help="文件夹 / folder")],
    month: Annotated[str | None, typer.Option(help="YYYY-MM；默认最近发布的月份 / latest published")] = None,
    household: Annotated[
        str, typer.Option(help="H-…；默认全部有疑点的家庭 / default: every flagged one")
    ] = "",
    language: Annotated[Spoken, typer.Option()] = Spoken.zh,
    processes: Annotated[int, typer.Option(min=1, help="同时排版的进程数 / processes")] = os.cpu_count() or 1,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """排版为 PDF 并登记验真码 / set as PDF and enter the check codes."""
    with say.progress() as bar:
        task = bar.add_task(kind.value, total=None)
        made = make_papers(
            kind.value,
            month=month,
            household=household,
            languages=_LANGUAGES[language],
            out=out,
            made_by=actor().name,
            processes=processes,
            seen=lambda _: bar.advance(task),
            where={"home": home, "jurisdiction": jurisdiction},
        )
    say(
        f"{out}: {made.count} 份，{made.size:,} 字节；新登记验真码 {made.new} 个",
        f"{out}: {made.count} papers, {made.size:,} bytes; {made.new} check codes newly entered",
    )


@app.command()
def check(
    code: Annotated[str, typer.Argument(help="XXXX-XXXX-XXXX-XXXX")],
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """验真：真实、已被更新或查无此件 / genuine, superseded or unknown; shows no personal data."""
    found = check_code(code, {"home": home, "jurisdiction": jurisdiction})
    zh, en = _STANDINGS[found.standing]
    about = f" · {found.kind} · {found.month}" if found.kind else ""
    say(f"{zh}{about}", f"{en}{about}")
    if found.standing == "unknown":
        raise typer.Exit(1)
