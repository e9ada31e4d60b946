"""Which deliveries are held by a shock gate and not released, from the ledger's earlier landings alone.

Each delivery is held against the last sound one received before it, whatever order they were landed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from pipelines.run.shop import Shop
from pipelines.s3_validate import Profile, Shape, Shock, Title, shocks
from pipelines.s3_validate.shock_shape import Unit
from pipelines.sources.spec import SourceSpec
from pipelines.store.ledger import LandingRow

_DELTA = "delta"
_UNITS: dict[str, Unit] = {
    "yuan": "yuan",
    "wan_yuan": "yuan",
    "fen": "yuan",
    "by_unit": "yuan",
    "area": "area",
}


def holds_of(shop: Shop, spec: SourceSpec, rows: Iterable[LandingRow]) -> dict[str, tuple[Shock, ...]]:
    """Delivery → the gates it does not pass, of those among `rows` that nobody released."""
    held = held_in(spec, _as_landed(shop.ledger.history(spec.source), rows), shop.ledger.releases())
    return {row.delivery: held[row.delivery] for row in rows if row.delivery in held}


def held_in(
    spec: SourceSpec, landed: Iterable[LandingRow], released: Mapping[tuple[str, str], object]
) -> dict[str, tuple[Shock, ...]]:
    """The fold over a source's landings. A held one is no measure for the next; deltas have none at all."""
    held: dict[str, tuple[Shock, ...]] = {}
    before: Shape | None = None
    titles = titles_of(spec)
    for row in sorted(landed, key=lambda row: (row.received_at, row.delivery)):
        if row.status != "accepted" or row.part == _DELTA:
            continue
        found = shocks(shape_of(row), before, spec.gates, titles)
        if found and (row.delivery, row.files_digest) not in released:
            held[row.delivery] = found
            continue
        before = shape_of(row)
    return held


def shape_of(row: LandingRow) -> Shape:
    """The measures of a landing."""
    return Shape(
        rows=row.accepted_records,
        person_records=row.person_records,
        valid_ids=row.valid_ids,
        repeated_ids=row.repeated_ids,
        as_of=row.as_of,
        received_at=row.received_at,
        quarantined=row.quarantine_rows,
        profiles={table: Profile.of_json(one) for table, one in (row.profile or {}).items()},
    )


def titles_of(spec: SourceSpec) -> dict[str, Title]:
    """How the canonical columns are called in the delivery. A hold is told to those who know it by those names."""
    return {
        name: Title(name=use.source_column, unit=_UNITS.get(use.kind, "plain"))
        for layout in reversed(spec.layouts)
        for name, use in layout.columns.items()
    }


def marked(files: pa.Table, held: Mapping[str, str]) -> pa.Table:
    """The files of the month, those of held deliveries with the status held and why."""
    rows = files.to_pylist()
    for row in rows:
        if row["delivery"] in held and row["status"] == "accepted":
            row.update(status="held", cause="DeliveryHeld", reason=held[row["delivery"]])
    return pa.Table.from_pylist(rows, schema=files.schema)


def _as_landed(history: Iterable[LandingRow], rows: Iterable[LandingRow]) -> list[LandingRow]:
    """One landing a delivery: the one at hand, else the latest the ledger knows."""
    latest = {row.delivery: row for row in history} | {row.delivery: row for row in rows}
    return list(latest.values())
