"""`hedui statement`: the month's statistics as a workbook or a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.errors import NotFound
from pipelines.base.period import Period
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Month, say
from pipelines.papers.tables import paper, workbook
from pipelines.policy import load_pack
from pipelines.run.statement import statement
from pipelines.wording.texts import texts


def command(
    month: Month,
    out: Annotated[Path, typer.Option(help="….xlsx / ….pdf")],
    earlier: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM", help="期初月份；给出则含增减报表 / adds joins and exits"),
    ] = None,
    reviewed: Annotated[
        Path | None,
        typer.Option(help="已复核的抽样 / a reviewed `hedui accuracy sample`: adds both error rates"),
    ] = None,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """月度统计报表：增减、发放、疑点、建议、数据质量、差错率 / the month's statistics."""
    if out.suffix not in (".xlsx", ".pdf"):
        raise NotFound(
            f"no format is called [{out.suffix}]", place=str(out), remedy="end the name with .xlsx or .pdf"
        )
    t = texts(say.lang.value)
    sheets = statement(month, earlier, reviewed, {"home": home, "jurisdiction": jurisdiction}, t)
    period = Period.parse(month)
    title = f"{load_pack(jurisdiction).title[t.language]} {t.month(period)} " + t.gettext("Monthly statement")
    content = (
        workbook(sheets, title, period.last_day)
        if out.suffix == ".xlsx"
        else paper(sheets, title, period.last_day, t)
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f".{out.name}")
    unfinished.write_bytes(content)
    unfinished.replace(out)
    say(f"{out}: {len(sheets)} 张表", f"{out}: {len(sheets)} tables")
