"""The two yardsticks: the least that must be done (PyArrow, DuckDB, Parquet), and the same by pandas alone."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pyarrow as pa

from benchmarks.ingest_rows import FORMS

# Delivered columns of id, name, and the dates or months that are made dates.
_PERSON = {"vehicle": ("SFZMHM", "SYR"), "contrib": ("AAC002", "AAC003"), "hukou": ("GMSFHM", "XM")}
_DATES = {"vehicle": ("CCDJRQ", "%Y%m%d"), "contrib": ("AAE003", "%Y%m"), "hukou": ("CSRQ", "%Y%m%d")}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SUM = " + ".join(f"{weight} * TRY_CAST(id[{at}] AS INTEGER)" for at, weight in enumerate(_WEIGHTS, start=1))
_STANDARDISE = f"""
WITH cleaned AS (
    SELECT *,
        upper(regexp_replace({{id}}, '\\s', '', 'g')) AS id,
        regexp_replace(nfc_normalize({{name}}), '\\s', '', 'g') AS name_clean,
        TRY_STRPTIME({{day}}, '{{form}}')::DATE AS day_clean
    FROM delivered
)
SELECT *,
    length(id) = 18 AND TRY_STRPTIME(id[7:14], '%Y%m%d') IS NOT NULL
        AND '10X98765432'[1 + ({_SUM}) % 11] = id[18] AS id_is_valid
FROM cleaned
"""


def _delivered(folder: Path, source: str) -> Path:
    form = FORMS[source]
    return folder / "inbox" / source / form.batch / form.file_name


def floor(folder: Path, source: str) -> int:
    """Decode in Python, read by PyArrow, standardise id, name and date in DuckDB, write Parquet."""
    import duckdb
    import pyarrow.csv as pv
    import pyarrow.parquet as pq

    form = FORMS[source]
    text = _delivered(folder, source).read_bytes().decode(form.encoding)
    delimiter = "," if "," in form.header else "|"
    names = form.header.split(delimiter)
    table = pv.read_csv(
        pa.BufferReader(text.encode()),
        parse_options=pv.ParseOptions(delimiter=delimiter),
        convert_options=pv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    (number, name), (day, day_form) = _PERSON[source], _DATES[source]
    with duckdb.connect(":memory:") as connection:
        connection.register("delivered", table)
        query = _STANDARDISE.format(id=number, name=name, day=day, form=day_form)
        clean = connection.sql(query).to_arrow_table()
    pq.write_table(clean, folder / "floor.parquet", compression="zstd", compression_level=1)
    return len(clean)


def pandas_only(folder: Path, source: str) -> int:
    """The same three checks by pandas string methods."""
    form = FORMS[source]
    delimiter = "," if "," in form.header else "|"
    text = _delivered(folder, source).read_bytes().decode(form.encoding)
    frame = pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False)
    (number, name), (day, day_form) = _PERSON[source], _DATES[source]
    frame["id"] = frame[number].str.replace(r"\s", "", regex=True).str.upper()
    frame["name_clean"] = frame[name].str.normalize("NFC").str.replace(r"\s", "", regex=True)
    frame["day_clean"] = pd.to_datetime(frame[day], format=day_form, errors="coerce")
    total = pd.Series(0, index=frame.index)
    for at, weight in enumerate(_WEIGHTS):
        total += weight * pd.to_numeric(frame["id"].str[at], errors="coerce").fillna(0).astype("int64")
    check = (total % 11).map(dict(enumerate("10X98765432")))
    real = pd.to_datetime(frame["id"].str[6:14], format="%Y%m%d", errors="coerce").notna()
    frame["id_is_valid"] = (frame["id"].str.len() == 18) & real & (check == frame["id"].str[17])
    frame.to_parquet(folder / "pandas.parquet", compression="zstd")
    return len(frame)
