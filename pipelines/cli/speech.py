"""What the terminal says, in Chinese or English, and the options several verbs share."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.base.errors import HeduiError
from pipelines.base.log import redact


class Lang(StrEnum):
    zh = "zh"
    en = "en"


Home = Annotated[
    Path, typer.Option(help="运行所产生的一切放在此处 / everything a run makes", envvar="HEDUI_HOME")
]
Month = Annotated[str, typer.Option(help="YYYY-MM")]
Jurisdiction = Annotated[
    str, typer.Option(help="规则包 / policy pack: demo, yunxi …", envvar="HEDUI_JURISDICTION")
]
Purpose = Annotated[str | None, typer.Option(help="用途，随查看一并记录 / what for; recorded with the look")]
DEFAULT_HOME = Path("var")


class Speech:
    """Prints in the chosen language. Errors go to standard error."""

    lang: Lang = Lang.zh

    def __init__(self) -> None:
        self._bars = Console(stderr=True)

    def __call__(self, zh: str, en: str) -> None:
        sys.stdout.write((zh if self.lang is Lang.zh else en) + "\n")

    def plain(self, text: str) -> None:
        sys.stdout.write(text + "\n")

    def lines(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.plain(text)

    def error(self, error: HeduiError) -> None:
        words = ("位置", "处理办法", "退出码") if self.lang is Lang.zh else ("place", "remedy", "exit code")
        lines = [f"{error.cause}: {error.what}"]
        lines += [f"  {words[0]}: {error.place}"] if error.place else []
        lines += [f"  {words[1]}: {error.remedy}"] if error.remedy else []
        lines.append(f"  {words[2]}: {error.exit_code}")
        sys.stderr.write(redact("\n".join(lines)) + "\n")

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A progress bar on standard error; silent when that is no terminal."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(
            *columns, console=self._bars, transient=True, disable=not self._bars.is_terminal
        ) as bar:
            yield bar


say = Speech()
