"""What a run rests on in the ledger, copied into another ledger: a re-derivation writes nothing into the real one."""

from __future__ import annotations

from sqlalchemy import select

from pipelines.store.appending import append, writing
from pipelines.store.ledger import FILE, Ledger
from pipelines.store.schema import ARTEFACT, JUDGEMENT, RUN, SOURCE_STATE, STAGE_RUN, THRESHOLD_APPROVAL

_INPUTS = (RUN, SOURCE_STATE, JUDGEMENT, THRESHOLD_APPROVAL)


def copy_inputs(ledger: Ledger, fresh: Ledger) -> None:
    """Runs with what their sources could say, verdicts and approvals: no landing, no stage, no publication."""
    with ledger.engine.connect() as connection:
        rows = {
            table: connection.execute(select(table).order_by(*table.primary_key)).mappings().all()
            for table in _INPUTS
        }
    with writing(fresh.engine) as connection:
        for table, found in rows.items():
            for row in found:
                append(connection, table, dict(row))


def stage_digests(ledger: Ledger, run_id: str) -> dict[str, str]:
    """The manifest's digest of each finished stage of a run."""
    query = select(STAGE_RUN.c.stage, STAGE_RUN.c.manifest_digest).where(STAGE_RUN.c.run_id == run_id)
    with ledger.engine.connect() as connection:
        return {row.stage: row.manifest_digest for row in connection.execute(query)}


def file_digests(ledger: Ledger, delivery: str) -> dict[str, set[str]]:
    """The digests of a delivery's files by name; several where other bytes came under the same name."""
    query = select(ARTEFACT.c.name, ARTEFACT.c.digest).where(
        ARTEFACT.c.kind == FILE, ARTEFACT.c.name.startswith(f"{delivery}/", autoescape=True)
    )
    found: dict[str, set[str]] = {}
    with ledger.engine.connect() as connection:
        for row in connection.execute(query):
            found.setdefault(row.name.rpartition("/")[2], set()).add(row.digest)
    return found
