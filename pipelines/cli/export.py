"""`hedui export TABLE`: a contract table of a published month as Parquet or CSV."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq
import typer

from pipelines.base.errors import NotFound
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say
from pipelines.lineage.flatten import flat
from pipelines.run.published import published_run, read_table


def command(
    table: Annotated[str, typer.Argument(help="flag, line_account, linked_match …")],
    month: Annotated[str, typer.Option(help="YYYY-MM")],
    out: Annotated[Path, typer.Option(help="….parquet / ….csv")],
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
) -> None:
    """导出某月的一张表 / export one table of a month."""
    run = published_run(month, {"home": home, "jurisdiction": jurisdiction})
    found = read_table(run, table)
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    out.parent.mkdir(parents=True, exist_ok=True)
    _write(found, out.suffix, unfinished)
    unfinished.replace(out)
    say(f"{out}: {found.num_rows} 行", f"{out}: {found.num_rows} rows")


def _write(table: pa.Table, suffix: str, path: Path) -> None:
    if suffix == ".parquet":
        pq.write_table(table, path)
        return
    if suffix == ".csv":
        pv.write_csv(flat(table), path)
        return
    raise NotFound(
        f"no format is called [{suffix}]", place=str(path), remedy="end the name with .parquet or .csv"
    )
