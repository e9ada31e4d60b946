"""Land one delivery for good: land → standardise → validate → one partition → one ledger row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from pipelines.base.errors import DeliveryRefused
from pipelines.base.ids import digest_parts
from pipelines.base.settings import Where
from pipelines.run.inbox import read_delivery
from pipelines.run.measures import Measures
from pipelines.run.reception import Reception, refused_files, refused_tables
from pipelines.run.shop import Shop, landing_code, open_shop
from pipelines.s1_land import Delivery
from pipelines.s1_land import land as land_stage
from pipelines.sources.spec import load_spec, spec_digest
from pipelines.store.ledger import LandingRow

_KEY_CHARS = 16


def land(delivery: str, where: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Land a delivery of the inbox. A refused delivery is a result; landing the same bytes again is a no-op."""
    shop = open_shop(Where.of(where))
    inbox = shop.where.need_inbox()
    found = read_delivery(delivery, inbox)
    # What is read is what the lake keeps: a file changed in the inbox meanwhile does no harm.
    digests = {file.name: shop.lake.put_file(inbox / delivery / file.name) for file in found.files}
    files_digest = digest_of_files(found, digests)
    key = landing_key(delivery, files_digest)
    known = shop.ledger.landing(key)
    if known and shop.lake.exists(partition_of(known)):
        shop.ledger.add_files(delivery, digests)  # a landing older than the log did not record them
        return _summary(known)
    kept = tuple(replace(file, data=shop.lake.content(digests[file.name])) for file in found.files)
    row = land_anew(shop, replace(found, files=kept), files_digest, key)
    shop.ledger.add_landing(row, digests)
    return _summary(row)


def digest_of_files(delivery: Delivery, digests: Mapping[str, str]) -> str:
    """Names, bytes and sign-offs of a delivery's files."""
    return digest_parts(
        part for file in delivery.files for part in (file.name, digests[file.name], str(file.sign_off))
    )


def landing_key(delivery: str, files_digest: str) -> str:
    """What a landing depends on: the files, the source's YAML, the code that reads them now."""
    source = delivery.split("/", maxsplit=1)[0]
    return digest_parts([delivery, files_digest, spec_digest(source), landing_code()])


def partition_of(row: LandingRow) -> str:
    """The lake partition of a landing."""
    return f"landing/{row.delivery}/{row.landing_key[:_KEY_CHARS]}"


def land_anew(shop: Shop, found: Delivery, files_digest: str, key: str) -> LandingRow:
    """The partition of a landing, written from the files' bytes, and its row for the ledger."""
    spec = load_spec(found.source)
    partition = f"landing/{found.delivery_id}/{key[:_KEY_CHARS]}"
    made_from = {"delivery": found.delivery_id, "files": files_digest, "spec": spec_digest(found.source)}
    writer = shop.lake.writer(partition)
    try:
        reception = Reception(spec, found, writer)
        landed = land_stage(spec=spec, delivery=found, onward=reception.take)
        refusal = landed.refusal or reception.refusal()
        files = landed.files if refusal is None else refused_files(landed.files, refusal)
        if refusal:
            writer.discard()
            manifest = shop.lake.write(partition, refused_tables(files, reception.results), made_from)
        else:
            reception.write_rest()
            writer.add("delivery", files)
            manifest = writer.finish(made_from)
    finally:
        writer.discard()
    return LandingRow(
        landing_key=key,
        source=found.source,
        delivery=found.delivery_id,
        files_digest=files_digest,
        code_digest=landing_code(),
        status=_status(files, refusal),
        cause=refusal.cause if refusal else None,
        reason=str(refusal) if refusal else None,
        received_at=found.received_at,
        as_of=found.as_of,
        part="+".join(sorted(set(files["part"].to_pylist()))),
        physical_lines=sum(files["physical_lines"].to_pylist()),
        quarantine_rows=manifest.files["quarantine.parquet"]["rows"],
        **(Measures() if refusal else reception.measures).row(),
        manifest_digest=manifest.digest,
    )


def _status(files: pa.Table, refusal: DeliveryRefused | None) -> str:
    if refusal:
        return "refused"
    return "accepted" if "accepted" in files["status"].to_pylist() else "empty"


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
