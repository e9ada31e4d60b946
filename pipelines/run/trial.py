"""Try a source on files without an inbox: what it would refuse, set aside and not understand. Nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.base.errors import DeliveryRefused, SpecInvalid
from pipelines.reference import ROOT
from pipelines.s1_land import DeliveredFile, Delivery, land_whole
from pipelines.s2_standardise import standardise
from pipelines.s3_validate import check_unhandled, quarantine_faults, suite_for, validate
from pipelines.sources.spec import SourceSpec, load_spec, roots

_ADDRESS = frozenset({"source", "delivery", "file_name", "row_no", "slot", "derived_from"})
_BATCH, _DAY, _AS_OF = "20261006_01", date(2026, 10, 6), date(2026, 11, 30)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What would become of the files."""

    refusal: DeliveryRefused | None
    records: dict[str, pa.Table]  # as standardised, before any is set aside
    usable: int  # records that would be loaded
    quarantine: tuple[tuple[str, int], ...]  # rule → records
    unhandled: tuple[tuple[str, int], ...]  # delivered column → rows


def trial(spec: SourceSpec, files: Sequence[Path]) -> Trial:
    """Land, standardise and validate; a refusal is a result."""
    delivered = tuple(
        DeliveredFile(name=path.name, data=path.read_bytes(), sign_off=None) for path in sorted(files)
    )
    delivery = Delivery(source=spec.source, batch=_BATCH, received_at=_DAY, files=delivered)
    landed = land_whole(spec=spec, delivery=delivery)
    if landed.refusal:
        return Trial(refusal=landed.refusal, records={}, usable=0, quarantine=(), unhandled=())
    try:
        done = standardise(batches=landed.batches, spec=spec)
        check_unhandled(done.unhandled, max(map(len, done.records.values())), spec)
    except DeliveryRefused as error:
        return Trial(refusal=error, records={}, usable=0, quarantine=(), unhandled=())
    judged = [
        validate(
            records=records,
            suite=suite_for(spec, table),
            delivery=delivery.delivery_id,
            as_of=_AS_OF,
        )
        for table, records in done.records.items()
    ]
    aside = pa.concat_tables([quarantine_faults(landed.lines), *(one.quarantined for one in judged)])
    unhandled = [(row["column"], row["rows"]) for row in done.unhandled.to_pylist()]
    return Trial(
        refusal=next((one.refusal for one in judged if one.refusal), None),
        records=done.records,
        usable=sum(len(one.accepted) for one in judged),
        quarantine=_counted([(rule, 1) for rule in aside["rule"].to_pylist()]),
        unhandled=_counted(unhandled),
    )


def expected_records(done: Trial) -> list[dict[str, Any]]:
    """The records as tests/sources keeps them: without their address and without empty cells."""
    rows = [row for table in sorted(done.records) for row in done.records[table].to_pylist()]
    return [
        {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in row.items()
            if key not in _ADDRESS and value is not None
        }
        for row in rows
    ]


def pairs_root() -> Path:
    """Where the test pairs lie: beside a city's own YAMLs, or in the repository."""
    own = roots()[1:]
    return own[-1] / "tests" if own else ROOT / "tests" / "sources"


def check_source(name: str) -> int:
    """YAML, suites and test pair of a source; the records of the pair, or what is wrong with it."""
    spec = load_spec(name)
    folders = [root for root in (pairs_root() / name, ROOT / "tests" / "sources" / name) if root.is_dir()]
    if not folders:
        raise SpecInvalid("the source has no test pair", place=name, remedy=f"make {pairs_root() / name}")
    done = trial(spec, [path for path in (folders[0] / "extract").iterdir() if path.is_file()])
    if done.refusal:
        raise done.refusal
    expected = folders[0] / "expected.json"
    if expected_records(done) != json.loads(expected.read_text(encoding="utf-8")):
        raise SpecInvalid(
            "the extract does not become the expected records",
            place=f"{name}/expected.json",
            remedy="look at what changed; the expected records are a person's word",
        )
    return sum(map(len, done.records.values()))


def _counted(pairs: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for name, rows in pairs:
        counts[name] = counts.get(name, 0) + rows
    return tuple(sorted(counts.items()))
