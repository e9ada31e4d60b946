"""`hedui checkpoint`: the last signed checkpoint, to be kept where nobody of this office can change it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.base.files import put_once
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say
from pipelines.papers.code import qr_svg
from pipelines.run.verifying import newest_checkpoint

_FORMS = (".svg", ".txt")


def command(
    out: Annotated[
        Path | None,
        typer.Option(
            help="另存：.svg 为可打印的二维码，.txt 为原文 / also write: a QR to print, or the text"
        ),
    ] = None,
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """最近一次签名的检查点，交由他方留存 / the last signed checkpoint, for somebody else to keep."""
    if out and out.suffix not in _FORMS:
        raise typer.BadParameter(f"{out.name}: {' / '.join(_FORMS)}", param_hint="--out")
    number, text = newest_checkpoint({"home": home, "jurisdiction": jurisdiction})
    if out and not put_once(out, (qr_svg(text) if out.suffix == ".svg" else text).encode()):
        raise typer.BadParameter(f"{out} is there already", param_hint="--out")
    say(
        f"检查点 {number}。请交审计、纪检等他方留存；日后：hedui verify --kept 文件。",
        f"Checkpoint {number}. Let somebody outside keep it; later: hedui verify --kept FILE.",
    )
    say.lines(text.splitlines())
