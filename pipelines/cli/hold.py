"""`hedui hold`: what may not be erased, by whose order, until a named person lets it go."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipelines.base.errors import PurgeRefused
from pipelines.cli.judge import By, Reason
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say
from pipelines.run.purging import all_holds, hold, release
from pipelines.run.told import aligned

app = typer.Typer(help="暂停销毁 / holds against erasure", no_args_is_help=True)
_HEADS = {
    "zh": ("编号", "种类", "对象", "令号", "经办", "理由", "解除"),
    "en": ("id", "kind", "about", "order", "by", "why", "let go by"),
}


@app.command("add")
def add(
    order: Annotated[str, typer.Option(help="文号 / number of the order")],
    by: By,
    reason: Reason,
    household: Annotated[str, typer.Option(help="H-…")] = "",
    delivery: Annotated[str, typer.Option(help="vehicle/20261006_01")] = "",
    run: Annotated[str, typer.Option(help="R-…")] = "",
    person: Annotated[
        bool, typer.Option("--person", help="从标准输入读取证件号 / read an id number from standard input")
    ] = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """记录一项暂停：其对象不销毁 / record a hold: what it is about is not erased."""
    said = {"household": household, "delivery": delivery, "run": run}
    named = [(kind, subject) for kind, subject in said.items() if subject]
    if person:
        # Never as an argument: those stand in the shell's history and in the list of processes.
        named.append(("person", sys.stdin.readline().strip()))
    if len(named) != 1 or not named[0][1]:
        raise PurgeRefused(
            "a hold is about one thing", remedy="one of --household, --person, --delivery, --run"
        )
    kind, subject = named[0]
    made = hold(kind, subject, order, reason, by, {"home": home, "jurisdiction": jurisdiction})
    say(f"已记录 {made.hold_id}。", f"Recorded {made.hold_id}.")


@app.command("release")
def released(
    hold_id: Annotated[str, typer.Argument(metavar="HOLD_ID", help="HO-…")],
    by: By,
    reason: Reason,
    home: Home = DEFAULT_HOME,
) -> None:
    """解除一项暂停 / let a hold go."""
    release(hold_id, reason, by, {"home": home})
    say(f"已解除 {hold_id}。", f"{hold_id} is let go.")


@app.command("list")
def listed(home: Home = DEFAULT_HOME) -> None:
    """全部暂停 / every hold."""
    rows = [
        (one.hold_id, one.kind, one.subject[:32], one.order_no, one.held_by, one.reason, one.released_by)
        for one in all_holds({"home": home})
    ]
    say.lines("  ".join(row).rstrip() for row in aligned([_HEADS[say.lang.value], *rows]))
