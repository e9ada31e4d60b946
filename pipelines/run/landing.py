"""Land one delivery for good: land → standardise → validate → one partition → one ledger row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from pipelines.base.errors import DeliveryRefused
from pipelines.base.ids import digest_bytes, digest_parts
from pipelines.base.settings import Where
from pipelines.contracts.arrival import LANDED_LINE
from pipelines.contracts.quality import EXPECTATION_RESULT, QUARANTINE, UNHANDLED
from pipelines.run.inbox import read_delivery
from pipelines.run.measures import id_counts
from pipelines.run.shop import Shop, landing_code, open_shop
from pipelines.s1_land import Delivery, Landed
from pipelines.s1_land import land as land_stage
from pipelines.s2_standardise import standardise
from pipelines.s3_validate import check_unhandled, load_suite, quarantine_faults, validate
from pipelines.sources.spec import SourceSpec, load_spec, spec_digest
from pipelines.store.ledger import LandingRow

_KEY_CHARS = 16


def land(delivery: str, where: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Land a delivery of the inbox. A refused delivery is a result; landing the same bytes again is a no-op."""
    shop = open_shop(Where.of(where))
    found = read_delivery(delivery, shop.where.need_inbox())
    files_digest = digest_parts(
        part for file in found.files for part in (file.name, digest_bytes(file.data), str(file.sign_off))
    )
    key = digest_parts([delivery, files_digest, spec_digest(found.source), landing_code()])
    known = shop.ledger.landing(key)
    if known and shop.lake.exists(partition_of(known)):
        return _summary(known)
    return _summary(_land_anew(shop, found, files_digest, key))


def partition_of(row: LandingRow) -> str:
    """The lake partition of a landing."""
    return f"landing/{row.delivery}/{row.landing_key[:_KEY_CHARS]}"


def _land_anew(shop: Shop, found: Delivery, files_digest: str, key: str) -> LandingRow:
    spec = load_spec(found.source)
    for file in found.files:
        shop.lake.put_bytes(file.data)
    landed = land_stage(spec=spec, delivery=found)
    tables, refusal = _tables(landed, spec)
    manifest = shop.lake.write(
        f"landing/{found.delivery_id}/{key[:_KEY_CHARS]}",
        tables,
        {"delivery": found.delivery_id, "files": files_digest, "spec": spec_digest(found.source)},
    )
    files = tables["delivery"]
    row = LandingRow(
        landing_key=key,
        source=found.source,
        delivery=found.delivery_id,
        files_digest=files_digest,
        code_digest=landing_code(),
        status=_status(files, refusal),
        cause=refusal.cause if refusal else None,
        reason=str(refusal) if refusal else None,
        received_at=found.received_at,
        as_of=_as_of(landed),
        part="+".join(sorted(set(files["part"].to_pylist()))),
        physical_lines=sum(files["physical_lines"].to_pylist()),
        accepted_records=sum(len(tables.get(table, ())) for table in spec.tables),
        quarantine_rows=len(tables["quarantine"]),
        **id_counts([tables[table] for table in spec.tables if table in tables]),
        manifest_digest=manifest.digest,
    )
    shop.ledger.add_landing(row)
    return row


def _tables(landed: Landed, spec: SourceSpec) -> tuple[dict[str, pa.Table], DeliveryRefused | None]:
    """The tables of the landing's partition; when the delivery is refused at any step, only what tells why."""
    if landed.refusal:
        # A refusal of the whole (pages that do not sum up) has no file of its own.
        return _refused(landed.files, landed.refusal), landed.refusal
    try:
        standardised = standardise(lines=landed.lines, spec=spec)
        most = max(len(records) for records in standardised.records.values())
        check_unhandled(standardised.unhandled, most, spec)
    except DeliveryRefused as error:
        return _refused(landed.files, error), error
    delivery = landed.files["delivery"][0].as_py()
    judged = {
        table: validate(
            records=records, suite=load_suite(f"canonical/{table}"), delivery=delivery, as_of=_as_of(landed)
        )
        for table, records in standardised.records.items()
    }
    results = pa.concat_tables([one.results for one in judged.values()])
    refusal = next((one.refusal for one in judged.values() if one.refusal), None)
    if refusal:
        return {**_refused(landed.files, refusal), "expectation_result": results}, refusal
    quarantined = [one.quarantined for one in judged.values()]
    return {
        "delivery": landed.files,
        "landed_line": landed.lines,
        **{table: one.accepted for table, one in judged.items()},
        "unhandled": standardised.unhandled,
        "quarantine": pa.concat_tables([quarantine_faults(landed.lines), *quarantined]),
        "expectation_result": results,
    }, None


def _refused(files: pa.Table, error: DeliveryRefused) -> dict[str, pa.Table]:
    """A refused delivery: its files with the cause, one quarantine row a file, no records."""
    rows = files.to_pylist()
    for row in rows:
        if row["status"] != "refused":
            row.update(status="refused", cause=error.cause, reason=str(error))
    quarantine = [
        {
            **{key: row[key] for key in ("source", "delivery", "file_name")},
            "record_id": f"{row['record_id']}={row['cause']}",
            "row_no": None,
            "slot": None,
            "rule": row["cause"],
            "why": row["reason"],
            "derived_from": [row["record_id"]],
        }
        for row in rows
    ]
    return {
        "delivery": pa.Table.from_pylist(rows, schema=files.schema),
        "landed_line": LANDED_LINE.empty(),
        "unhandled": UNHANDLED.empty(),
        "quarantine": pa.Table.from_pylist(quarantine, schema=QUARANTINE.schema),
        "expectation_result": EXPECTATION_RESULT.empty(),
    }


def _status(files: pa.Table, refusal: DeliveryRefused | None) -> str:
    if refusal:
        return "refused"
    return "accepted" if "accepted" in files["status"].to_pylist() else "empty"


def _as_of(landed: Landed) -> date:
    latest: date = max(landed.files["as_of"].to_pylist())
    return latest


def _summary(row: LandingRow) -> dict[str, Any]:
    return {
        "delivery": row.delivery,
        "status": row.status,
        "cause": row.cause,
        "reason": row.reason,
        "rows": row.physical_lines,
        "accepted": row.accepted_records,
        "quarantined": row.quarantine_rows,
        "digest": row.manifest_digest,
    }
