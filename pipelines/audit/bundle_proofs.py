"""Which rows of the ledger a bundle carries, and the first signed checkpoint that covers them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pipelines.base.errors import EvidenceBroken
from pipelines.lineage.verify_log import Log, ledger_tables, read_log
from pipelines.run.month import Run
from pipelines.store.checkpoints import Signed, checkpoint_files, read_note, sign
from pipelines.store.leaves import row_key
from pipelines.store.note import NoteRefused, opened
from pipelines.store.signing import signing_key

Ref = tuple[str, str]  # table, row key as the log has it
_OF_RUN = frozenset(("run", "stage_run", "source_state", "publication"))


def logged_rows(run: Run, deliveries: Collection[str]) -> Iterator[Ref]:
    """The run with its stages, sources and publication; of the deliveries the landings it saw and their files."""
    log = read_log(run.shop.ledger.engine)
    landings = {run.key["seen"][delivery] for delivery in deliveries}
    for table in ledger_tables():
        for row in log.rows[table.name]:
            is_landing = table.name == "landing" and row["landing_key"] in landings
            name = str(row.get("name", "")).rpartition("/")[0]
            is_file = table.name == "artefact" and row["kind"] == "file" and name in deliveries
            if is_landing or is_file or (table.name in _OF_RUN and row["run_id"] == run.run_id):
                yield table.name, row_key(table, row)


def sealed_over(run: Run, refs: Sequence[Ref]) -> tuple[Log, Signed]:
    """The log, and the first checkpoint over all these rows: a later one would make other bytes of the same bundle."""
    where = run.shop.where
    key = signing_key(where)
    sign(run.shop.ledger, where.checkpoints, key, run.run_id)
    log = read_log(run.shop.ledger.engine)
    places = {ref: at for at, ref in enumerate(log.refs())}
    needed = 1 + max(places[ref] for ref in refs)
    for number, path in checkpoint_files(where.checkpoints).items():
        try:
            checkpoint = opened(read_note(path), key.public)
        except NoteRefused as error:
            raise EvidenceBroken(
                f"a checkpoint is not one of this key: {error}", place=path.name, remedy="hedui verify"
            ) from None
        if checkpoint.size >= needed:
            return log, Signed(number=number, path=path, checkpoint=checkpoint)
    raise EvidenceBroken("no checkpoint covers the bundle's rows", place=run.run_id, remedy="hedui verify")
