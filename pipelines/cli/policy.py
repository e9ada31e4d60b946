"""`hedui policy show|diff|lint|book|shadow`: the rules of a place, what changed, what is doubtful, for citizens."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.errors import PackInvalid
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say
from pipelines.policy import pack_names, read_pack
from pipelines.policy.compare import differences
from pipelines.policy.lint import lint
from pipelines.run.policy_told import difference_lines, finding_lines, pack_lines, side, write_books
from pipelines.run.published import published_run, read_table
from pipelines.run.told import aligned
from pipelines.s5_assess import in_shadow

app = typer.Typer(no_args_is_help=True, help="规则包 / policy packs: show, diff, lint, book, shadow")
PackName = Annotated[str, typer.Argument(metavar="PACK", help="规则包 / pack: demo, yunxi …")]
_ALL = "all"
_GRAVE = ("error", "doubt")


@app.command("show")
def show(
    pack: PackName,
    month: Annotated[str, typer.Option(help="YYYY-MM；默认列出全部日期 / every date by default")] = "",
) -> None:
    """列出规则与参数 / the rules and parameters, in a month or over all dates."""
    say.lines(pack_lines(read_pack(pack), month, say.lang.value))


@app.command("diff")
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="PACK 或/or PACK@YYYY-MM")],
    after: Annotated[str, typer.Argument(metavar="B", help="省略则与 A 相同 / A itself when left out")] = "",
    month: Annotated[str, typer.Option(help="两者同月 / both in this month")] = "",
    since: Annotated[str, typer.Option("--from", help="A 的月份 / the month of A")] = "",
    to: Annotated[str, typer.Option(help="B 的月份 / the month of B")] = "",
) -> None:
    """两个规则包、或同一规则包两个月份的差异 / what two packs, or one in two months, say differently."""
    old, new = side(before, since or month), side(after or before.partition("@")[0], to or month)
    found = differences(old, new)
    say.lines(difference_lines(found, say.lang.value))
    say(f"{len(found)} 处差异", f"{len(found)} differences")


@app.command("lint")
def check(
    pack: Annotated[str, typer.Argument(metavar="PACK|all", help="规则包，或 all / a pack, or all")] = _ALL,
) -> None:
    """检查规则包，列出每个待核实数值 / every check, and every value still to be verified."""
    grave = []
    for name in pack_names() if pack == _ALL else [pack]:
        found = lint(name)
        counts = Counter(one.kind for one in found)
        said = ", ".join(f"{kind} {number}" for kind, number in counts.items()) or "ok"
        say.plain(f"{name}: {said}")
        say.lines(finding_lines(found, say.lang.value))
        grave += [name for kind in _GRAVE if counts[kind]]
    if grave:
        raise PackInvalid(f"not in order: {', '.join(sorted(set(grave)))}", remedy="see the lines above")


@app.command("book")
def book(
    pack: PackName,
    out: Annotated[Path, typer.Option(help="文件夹 / folder")],
) -> None:
    """由规则包生成群众能看懂的规则手册 / the rule book for citizens, Chinese and English."""
    for path in write_books(read_pack(pack), out):
        say.plain(str(path))


@app.command("shadow")
def shadow(
    month: Annotated[str | None, typer.Option(help="YYYY-MM；默认最近发布的月份 / latest published")] = None,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """试运行规则的结果，仅供工程人员 / what rules in shadow would have said; for engineers only."""
    run = published_run(month, {"home": home, "jurisdiction": jurisdiction})
    lines = in_shadow(read_table(run, "assessed_line"))
    if not lines.num_rows:
        say("没有试运行的规则", "no rule is in shadow")
        return
    rows = zip(lines["rule"].to_pylist(), lines["verdict"].to_pylist(), strict=True)
    counted = sorted(Counter(rows).items())
    say.lines("  ".join(row) for row in aligned([(*key, str(number)) for key, number in counted]))
