"""Documents that a person asked for or wrote, kept whole by the lake and named in the ledger by kind, name and digest.

An artefact row like that of a delivered file, so that both verifiers check their bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from pipelines.base.period import now
from pipelines.store.appending import append, writing
from pipelines.store.lake import Lake
from pipelines.store.leaves import canonical
from pipelines.store.ledger import Ledger
from pipelines.store.schema import ARTEFACT, LOG_LEAF

BUNDLE = "bundle"  # the manifest of what an evidence bundle says
VERDICT = "audit_verdict"  # a reviewer's word on an item of an auditor's sample


@dataclass(frozen=True, kw_only=True)
class Document:
    """A kept document: its name, and the digest under which the lake keeps its bytes."""

    name: str
    digest: str


def keep(ledger: Ledger, lake: Lake, kind: str, name: str, path: Path) -> Document:
    """Keep a file's bytes and record them; the same once more is no new fact."""
    document = Document(name=name, digest=lake.put_file(path))
    row = {"kind": kind, "name": name, "digest": document.digest}
    with writing(ledger.engine) as connection:
        known = select(ARTEFACT.c.name).where(*(ARTEFACT.c[column] == row[column] for column in row))
        if connection.scalar(known) is None:
            append(connection, ARTEFACT, {**row, "recorded_at": now()})
    return document


def key_of(kind: str, document: Document) -> str:
    """The row's key as the log has it."""
    return canonical([kind, document.name, document.digest])


def documents(ledger: Ledger, kind: str, prefix: str) -> Iterator[Document]:
    """The documents of a kind whose names begin so, in the order in which they were recorded."""
    rows = select(ARTEFACT).where(
        ARTEFACT.c.kind == kind, ARTEFACT.c.name.startswith(prefix, autoescape=True)
    )
    places = select(LOG_LEAF.c.position, LOG_LEAF.c.row_key).where(LOG_LEAF.c.table_name == ARTEFACT.name)
    with ledger.engine.connect() as connection:
        found = [Document(name=row.name, digest=row.digest) for row in connection.execute(rows)]
        at = {row.row_key: row.position for row in connection.execute(places)}
    yield from sorted(found, key=lambda one: at[key_of(kind, one)])
