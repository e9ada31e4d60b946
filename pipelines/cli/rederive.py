"""`hedui rederive`: flags computed again from the delivered bytes and held against the published ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from pipelines.audit.rederive import Rederived, rederived
from pipelines.audit.rederived_flags import FlagCompared, compared, drawn, flags_of, unpublished
from pipelines.base.errors import EvidenceBroken
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say
from pipelines.run.published import published_run
from pipelines.run.verifying import run_of_flag


def command(
    flag_id: Annotated[str | None, typer.Argument(metavar="[FLAG_ID]", help="F-…")] = None,
    month: Annotated[str | None, typer.Option(help="YYYY-MM：该月全部预警 / every flag of the month")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="只抽 N 条 / only so many, drawn")] = None,
    seed: Annotated[str, typer.Option(help="同一种子抽出同一批 / the same seed draws the same")] = "1",
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="规则包或代码已非当时所记也重算 / though pack or code are others now"),
    ] = False,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """由交付的原始字节重算预警，与已发布的逐字节比较 / recompute flags from the delivered bytes and compare."""
    if (flag_id is None) == (month is None) or (flag_id and sample):
        raise typer.BadParameter("give FLAG_ID, or --month with or without --sample")
    where = {"home": home, "jurisdiction": jurisdiction}
    run = run_of_flag(flag_id, where) if flag_id else published_run(month, where)
    wanted = [flag_id] if flag_id else flags_of(run)
    if sample:
        wanted = drawn(wanted, sample, seed)
    with rederived(run, anyway=anyway) as again:
        flags = compared(again, wanted)
        extra = unpublished(again)
    say.lines(_told(again, flags, extra))
    broken = sum(flag.difference is not None for flag in flags) + len(extra)
    if broken or again.different:
        raise EvidenceBroken(
            f"{broken} flags and {len(again.different)} partitions come out otherwise",
            place=run.run_id,
            remedy="keep everything as it is; hedui verify --all says whether something was altered",
        )
    say(
        f"{len(flags)} 条预警逐字节一致。",
        f"{len(flags)} flags are equal byte for byte.",
    )


def _told(again: Rederived, flags: list[FlagCompared], extra: list[str]) -> Iterator[str]:
    is_zh = say.lang.value == "zh"
    run = again.published
    yield f"{run.run_id} {run.period}"
    for what in again.stale:
        yield f"{'已非当时所记' if is_zh else 'not the recorded one any more'}: {what}"
    for delivery in again.taken:
        yield f"{'按所记采用，未重算' if is_zh else 'taken as recorded, not computed again'}: {delivery}"
    if run.key["previous"]:
        said = "上月结果按所记采用" if is_zh else "the month before is taken as recorded"
        yield f"{said}: {run.key['previous']}"
    same = again.partitions - len(again.different)
    yield f"{'分区逐字节一致' if is_zh else 'partitions equal byte for byte'}: {same}/{again.partitions}"
    for name in again.different:
        yield f"{'不同' if is_zh else 'different'}: {name}"
    equal = sum(flag.difference is None for flag in flags)
    rows = sum(flag.rows for flag in flags)
    yield f"{'预警一致' if is_zh else 'flags equal'}: {equal}/{len(flags)} ({rows} {'行' if is_zh else 'rows'})"
    for flag in flags:
        if flag.difference:
            yield f"{'不同' if is_zh else 'different'}: {flag.flag_id}: {flag.difference}"
    for flag_id in extra:
        yield f"{'未曾发布' if is_zh else 'never published'}: {flag_id}"
