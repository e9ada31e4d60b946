"""Tables and SQL texts that ship with the product: data, not configuration. Sources in README.md here."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq

_HERE = Path(__file__).parent
ROOT = _HERE.parent.parent
SQL_ROOT = ROOT / "sql"
EXPECTATIONS_ROOT = ROOT / "expectations"


@cache
def table(name: str) -> pa.Table:
    """A reference table by file name: `homophones.parquet`, `surnames.csv` (every CSV column is text)."""
    path = _HERE / name
    if path.suffix == ".parquet":
        return pq.read_table(path)
    with path.open("rb") as handle:
        header = handle.readline().decode("utf-8-sig").strip().split(",")
    options = pv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()))
    return pv.read_csv(path, convert_options=options)


@cache
def sql(name: str) -> str:
    """The text of one statement under sql/, e.g. `transforms/assess/vehicle_owned.sql`."""
    return (SQL_ROOT / name).read_text(encoding="utf-8")
