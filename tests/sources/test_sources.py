"""Each source has a pair: a small extract as the registry sends it, and the records a person checked.

A new source needs no code here: a folder tests/sources/<source>/ with extract/ and expected.json.
"""

import json
from datetime import date
from pathlib import Path

import pytest

from pipelines import contracts
from pipelines.s1_land import DeliveredFile, Delivery, land_whole
from pipelines.s2_standardise import standardise
from pipelines.s3_validate import load_suite, validate
from pipelines.sources.spec import load_spec, source_names

HERE = Path(__file__).parent
ADDRESS = {"source", "delivery", "file_name", "row_no", "slot", "derived_from"}


@pytest.mark.parametrize("source", source_names())
def test_the_extract_becomes_the_expected_records(source: str) -> None:
    spec = load_spec(source)
    folder = HERE / source
    files = tuple(
        DeliveredFile(name=path.name, data=path.read_bytes(), sign_off=None)
        for path in sorted((folder / "extract").iterdir())
    )
    day = date(2026, 10, 6)
    landed = land_whole(
        spec=spec, delivery=Delivery(source=source, batch="20261006_01", received_at=day, files=files)
    )
    assert landed.refusal is None
    tables = standardise(batches=landed.batches, spec=spec).records
    for table, records in tables.items():
        judged = validate(
            records=records,
            suite=load_suite(f"canonical/{table}"),
            delivery=f"{source}/20261006_01",
            as_of=date(2026, 11, 30),
        )
        assert contracts.conform(judged.accepted, contracts.by_name(table)).num_rows == records.num_rows
    found = [
        {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}
        for table in sorted(tables)
        for row in tables[table].to_pylist()
    ]
    kept = [
        {key: value for key, value in row.items() if key not in ADDRESS and value is not None}
        for row in found
    ]
    assert kept == json.loads((folder / "expected.json").read_text(encoding="utf-8"))
