"""`hedui verify`: is everything still as it was recorded and signed? Names what is not; exit code 37 then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.errors import EvidenceBroken
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Purpose, say
from pipelines.lineage.findings import Verified
from pipelines.run.access import write_out
from pipelines.run.verifying import (
    copy_ledger,
    rows_of_ledger,
    verify_all,
    verify_flag,
    verify_kept,
    verify_ledger,
    verify_run,
)

_COUNTED = {
    "rows": "台账行 / ledger rows",
    "leaves": "日志叶 / log leaves",
    "leaves_unsigned": "其中最后一个检查点之后 / of them after the last checkpoint",
    "checkpoints": "检查点 / checkpoints",
    "kept": "留存的检查点 / checkpoints kept elsewhere",
    "guards": "表结构与触发器 / guards",
    "partitions": "分区清单 / manifests",
    "files": "分区文件 / files of partitions",
    "delivered_files": "交付文件 / delivered files",
    "bytes": "字节 / bytes",
    "erased": "已依令销毁 / erased under orders",
}


def command(
    run: Annotated[str | None, typer.Option("--run", metavar="RUN_ID", help="R-…")] = None,
    flag: Annotated[str | None, typer.Option("--flag", metavar="FLAG_ID", help="F-…")] = None,
    ledger: Annotated[bool, typer.Option("--ledger", help="只查台账 / the ledger alone")] = False,
    everything: Annotated[bool, typer.Option("--all", help="全部（默认） / everything (default)")] = False,
    key: Annotated[
        str | None, typer.Option(help="审计员自持的公钥或其文件 / the auditor's own public key, or its file")
    ] = None,
    kept: Annotated[
        Path | None,
        typer.Option(help="另与自行留存的检查点比对 / also hold it against a checkpoint you kept elsewhere"),
    ] = None,
    copy: Annotated[
        Path | None,
        typer.Option(
            help="另存台账为 SQLite，供独立查验 / also write the ledger as SQLite for hedui_verify.py"
        ),
    ] = None,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """查验台账、检查点与文件是否仍是当初所记 / verify ledger, checkpoints and files against what was signed."""
    if sum(map(bool, (run, flag, ledger, everything))) > 1:
        raise typer.BadParameter("--run, --flag, --ledger and --all exclude each other")
    if copy and copy.exists():
        raise typer.BadParameter(f"{copy} is there already", param_hint="--copy")
    where = {"home": home, "jurisdiction": jurisdiction}
    if copy:
        write_out(
            copy,
            lambda path: copy_ledger(path, where),
            where=where,
            verb="verify",
            item="ledger",
            rows=rows_of_ledger(where),
            purpose=purpose,
        )
    if run:
        found = verify_run(run, where, key)
    elif flag:
        found = verify_flag(flag, where, key)
    else:
        found = verify_ledger(where, key) if ledger else verify_all(where, key)
    if kept:
        found.take(verify_kept(kept, where, key))
    say.lines(_told(found))
    if found.findings:
        raise EvidenceBroken(
            f"{len(found.findings)} items are not as they were recorded",
            place=str(home),
            remedy="keep everything as it is, tell the auditor, restore from backup",
        )
    say("全部与所记、所签一致。", "Everything is as it was recorded and signed.")


def _told(found: Verified) -> Iterator[str]:
    is_zh = say.lang.value == "zh"
    for name, words in _COUNTED.items():
        if name in found.counts:
            zh, _, en = words.partition(" / ")
            yield f"{zh if is_zh else en}: {found.counts[name]}"
    for finding in (*found.erased, *found.findings):
        yield finding.told(is_zh)
