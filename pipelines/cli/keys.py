"""`hedui keys`: the master key that opens a home, and its data keys. No key is ever printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.speech import DEFAULT_HOME, Home, say
from pipelines.run.keyring import first_key, keyring, new_key, rotate

app = typer.Typer(help="密钥 / keys of sealed data", no_args_is_help=True)
_UNITS = {
    "lake/bytes": "交付文件 / delivered files",
    "lake/landing": "接收分区 / landings",
    "lake/month": "月份分区 / partitions of months",
    "lake/kept": "保留的家庭证据 / kept evidence of households",
    "reports": "报告 / reports",
    "join": "跨月关联用密钥 / key of keyed hashes",
}


@app.command("new")
def new(
    file: Annotated[Path, typer.Argument(help="写入的新文件，权限 0600 / a new file, mode 0600")],
) -> None:
    """生成主密钥；用 HEDUI_MASTER_KEY 指定 / make a master key; name it with HEDUI_MASTER_KEY."""
    new_key(file)
    say(f"主密钥已写入 {file}。", f"Master key written to {file}.")


@app.command("rotate")
def rotated(home: Home = DEFAULT_HOME) -> None:
    """换主密钥并重新包裹全部数据密钥 / a new master key wraps every data key."""
    master, count = rotate({"home": home})
    say(
        f"主密钥现为 {master}，已重新包裹 {count} 个数据密钥；旧主密钥及其备份应一并销毁。",
        f"The master key is {master} now; {count} data keys are wrapped anew. Destroy the backups of the old one.",
    )


@app.command("list")
def listed(home: Home = DEFAULT_HOME) -> None:
    """主密钥编号与数据密钥数量 / the master key's id, and how many data keys."""
    found = keyring({"home": home})
    say(
        f"主密钥 {found.master_id}（{found.master}），新数据用 {found.cipher}",
        f"master key {found.master_id} ({found.master}), new data by {found.cipher}",
    )
    for kind in sorted({*found.live, *found.erased}):
        zh, _, en = _UNITS.get(
            kind, _UNITS.get(kind.split("/", maxsplit=1)[0], f"{kind} / {kind}")
        ).partition(" / ")
        live, erased = found.live.get(kind, 0), found.erased.get(kind, 0)
        say(f"{zh}：{live} 个，已销毁 {erased} 个", f"{en}: {live}, destroyed {erased}")


def tell_first_key(home: Path) -> None:
    """Where the home's master key was made just now, say so."""
    made = first_key({"home": home})
    if made:
        say(
            f"注意：已在 {made} 生成主密钥（权限 0600），数据用它加密存放；请移出本目录并用 HEDUI_MASTER_KEY 指定，"
            "另存备份：没有它，数据无法读取。",
            f"Mind: a master key was made at {made} (mode 0600); data at rest is sealed under it. Move it out of the home, "
            "name it with HEDUI_MASTER_KEY, and keep a copy: without it nothing can be read.",
        )
