"""The folder of signed checkpoints, <n>.txt from 1 on. A log that no longer extends the last one is not signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from pipelines.base.errors import EvidenceBroken
from pipelines.base.files import put_once
from pipelines.store import merkle
from pipelines.store.ledger import Ledger
from pipelines.store.note import Checkpoint, NoteRefused, opened, signed
from pipelines.store.schema import LOG_LEAF
from pipelines.store.signing import SigningKey

_NAME = re.compile(r"([1-9][0-9]*)\.txt")


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A checkpoint file: its number and what it says."""

    number: int
    path: Path
    checkpoint: Checkpoint


def checkpoint_files(folder: Path) -> dict[int, Path]:
    """The files by number."""
    found = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir()) if folder.is_dir() else ()
    return dict(sorted((int(name[1]), path) for name, path in found if name))


def log_leaves(ledger: Ledger) -> list[bytes]:
    """The log's leaf hashes by position."""
    with ledger.engine.connect() as connection:
        found = connection.scalars(select(LOG_LEAF.c.leaf_hash).order_by(LOG_LEAF.c.position))
        return [bytes.fromhex(leaf) for leaf in found]


def newest(folder: Path, public: bytes) -> Signed | None:
    """The last checkpoint; EvidenceBroken when it is not one of this key."""
    files = checkpoint_files(folder)
    if not files:
        return None
    number, path = max(files.items())
    try:
        return Signed(number=number, path=path, checkpoint=opened(read_note(path), public))
    except NoteRefused as error:
        raise EvidenceBroken(
            f"the last checkpoint cannot be built upon: {error}",
            place=str(path),
            remedy="hedui verify names what is wrong; restore the checkpoint or its key",
        ) from None


def read_note(path: Path) -> str:
    """A checkpoint's text, line ends as they are."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise NoteRefused("it is not UTF-8") from None


def checked(leaves: Sequence[bytes], last: Signed | None) -> None:
    """EvidenceBroken unless a consistency proof shows that the log extends the last checkpoint."""
    if last is None:
        return
    old, size = last.checkpoint, len(leaves)
    proof = merkle.consistency_proof(leaves, old.size) if old.size <= size else []
    if merkle.extends(
        old_size=old.size, new_size=size, old_root=old.root, new_root=merkle.root(leaves), proof=proof
    ):
        return
    what = "is shorter than" if size < old.size else "does not extend"
    raise EvidenceBroken(
        f"the log of {size} rows {what} checkpoint {last.number} of {old.size} rows: nothing is signed",
        place=str(last.path),
        remedy="hedui verify --ledger names the rows; restore the ledger from its backup",
    )


def sign(ledger: Ledger, folder: Path, key: SigningKey, run_id: str) -> Signed:
    """The next checkpoint; the last one when nothing was added since. Of rivals each signs what extends the other."""
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        last = newest(folder, key.public)
        leaves = log_leaves(ledger)
        checked(leaves, last)
        if last and last.checkpoint.size == len(leaves):
            return last
        number = last.number + 1 if last else 1
        checkpoint = Checkpoint(size=len(leaves), root=merkle.root(leaves), run_id=run_id)
        path = folder / f"{number}.txt"
        if put_once(path, signed(checkpoint, key.private).encode()):
            return Signed(number=number, path=path, checkpoint=checkpoint)
