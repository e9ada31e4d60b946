"""`hedui whatif`: a published month under two packs, household by household, tied to the pay list."""

from __future__ import annotations

import csv
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Month, Purpose, say
from pipelines.policy.words import shown
from pipelines.run.access import write_out
from pipelines.run.policy_told import pack_at
from pipelines.run.published import published_run
from pipelines.run.told import aligned
from pipelines.run.whatif import MOVES, Household, Totals, what_if

_COLUMNS = [field.name for field in fields(Household)]
_MOVES = {
    "in": ("新符合", "in"),
    "out": ("不再符合", "out"),
    "up": ("金额提高", "amount up"),
    "down": ("金额降低", "amount down"),
    "same": ("不变", "same"),
}


def command(
    pack: Annotated[str, typer.Option(metavar="A", help="规则包 / PACK 或/or PACK@YYYY-MM")],
    against: Annotated[str, typer.Option(metavar="B", help="另一规则包 / PACK 或/or PACK@YYYY-MM")],
    month: Month,
    out: Annotated[Path | None, typer.Option(help="逐户结果 / every household: ….csv")] = None,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """若换用另一规则包：哪些家庭进、出，金额增减与支出 / who would come in or go out, and the cost."""
    run = published_run(month, {"home": home, "jurisdiction": jurisdiction})
    rows, totals = what_if(run, pack_at(pack), pack_at(against))
    if out is not None:
        write_out(
            out,
            lambda path: _write(rows, path),
            run=run,
            verb="whatif",
            item=f"{pack} {against}",
            rows=len(rows),
            columns=_COLUMNS,
            purpose=purpose,
        )
        say.plain(str(out))
    say(f"{pack} → {against}，{month}，金额为最高应发", f"{pack} → {against}, {month}, entitlement at most")
    say.lines("  ".join(row) for row in aligned([_row(move, totals) for move in MOVES]))
    say.lines(_sums(totals))


def _row(move: str, totals: Totals) -> tuple[str, ...]:
    lang = say.lang.value
    name = _MOVES[move][0 if lang == "zh" else 1]
    return (name, str(totals.households[move]), _money(totals.change[move]))


def _sums(totals: Totals) -> list[str]:
    zh = say.lang.value == "zh"
    names = (
        ("应发 A", "应发 B", "差额", "实发（名单内）", "实发（名单外）", "发放清单合计")
        if zh
        else ("due under A", "due under B", "difference", "paid, listed", "paid, not listed", "pay list")
    )
    due = (totals.amount_a, totals.amount_b, totals.amount_b - totals.amount_a)
    figures = (*due, totals.paid, totals.paid_to_others, totals.pay_list)
    return [f"{name}  {_money(figure)}" for name, figure in zip(names, figures, strict=True)]


def _money(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return sign + shown(abs(fen), "fen_per_month", say.lang.value)


def _write(rows: list[Household], out: Path) -> None:
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
