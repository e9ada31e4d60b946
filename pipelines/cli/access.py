"""`hedui access list`: who looked at whose data, when, with which verb and what for; and which files left."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from pipelines.base.period import Period
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say
from pipelines.run.access import access_rows
from pipelines.run.told import aligned

app = typer.Typer(help="查看记录 / who looked at whose data", no_args_is_help=True)
_HEADS = {
    "zh": ("时间（UTC）", "种类", "操作人", "系统用户", "命令", "对象", "户数", "用途"),
    "en": ("at (UTC)", "kind", "who", "os user", "verb", "what", "households", "purpose"),
}
_SECONDS = len("2026-10-01T09:00:00")
_KINDS = {"look": ("查看", "look"), "export": ("导出", "export")}


@app.callback()
def _access() -> None:
    """The log of looks and exports is part of the ledger: hedui verify covers it."""


@app.command("list")
def listed(
    household: Annotated[str | None, typer.Option(metavar="HOUSEHOLD_ID", help="H-…")] = None,
    actor: Annotated[str | None, typer.Option(help="操作人或系统用户 / who")] = None,
    month: Annotated[str | None, typer.Option(help="查看发生的月份 YYYY-MM / month of the look")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """谁在何时、为何查看或导出了谁的数据 / who looked or exported, when, what and why."""
    when = str(Period.parse(month)) if month else None
    rows = access_rows(
        {"home": home, "jurisdiction": jurisdiction}, household=household, name=actor, month=when
    )
    if as_json:
        say.plain(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    lang = say.lang.value
    say.lines("  ".join(row).rstrip() for row in aligned([_HEADS[lang], *map(_row, rows)]))


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    zh, en = _KINDS[row["kind"]]
    count = f"{row['rows']} 行/rows" if row["kind"] == "export" else str(len(row["households"]))
    shown = (
        row["at"][:_SECONDS],
        zh if say.lang.value == "zh" else en,
        row["actor"],
        row["os_user"],
        row["verb"],
    )
    return (*shown, row["item"], count, row["purpose"])
