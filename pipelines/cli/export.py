"""`hedui export TABLE`: a contract table of a published month as Parquet or CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq
import typer

from pipelines.base.errors import NotFound
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, Purpose, say
from pipelines.lineage.flatten import flat
from pipelines.run.access import write_out
from pipelines.run.published import published_run, read_table


def command(
    table: Annotated[str, typer.Argument(help="flag, line_account, linked_match …")],
    month: Annotated[str, typer.Option(help="YYYY-MM")],
    out: Annotated[Path, typer.Option(help="….parquet / ….csv")],
    home: Home = DEFAULT_HOME,
    jurisdiction: Jurisdiction = "demo",
    purpose: Purpose = None,
) -> None:
    """导出某月的一张表 / export one table of a month."""
    run = published_run(month, {"home": home, "jurisdiction": jurisdiction})
    found = read_table(run, table)
    if out.suffix not in (".parquet", ".csv"):
        raise NotFound(
            f"no format is called [{out.suffix}]", place=str(out), remedy="end the name with .parquet or .csv"
        )
    write_out(
        out,
        lambda path: _write(found, out.suffix, path),
        run=run,
        verb="export",
        item=table,
        rows=found.num_rows,
        columns=found.column_names,
        purpose=purpose,
    )
    say(f"{out}: {found.num_rows} 行", f"{out}: {found.num_rows} rows")


def _write(table: pa.Table, suffix: str, path: Path) -> None:
    if suffix == ".parquet":
        pq.write_table(table, path)
        return
    pv.write_csv(flat(table), path)
