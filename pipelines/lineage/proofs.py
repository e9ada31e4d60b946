"""The slice of the log that an evidence bundle carries: rows with their inclusion proofs, the checkpoint, the key."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from pipelines.base.errors import EvidenceBroken, NotFound
from pipelines.base.ids import digest_file
from pipelines.lineage.verify_log import Log, ledger_tables
from pipelines.store import merkle
from pipelines.store.checkpoints import Signed
from pipelines.store.leaves import canonical, row_key

STAND_ALONE = Path(__file__).with_name("hedui_verify.py")
_CHECKPOINT, _LEAVES, _FILES, _KEY = "checkpoint.txt", "leaves.json", "files.json", "keys/checkpoint.pub"
Ref = tuple[str, str]  # table, row key as the log has it


def leaves_with_proofs(log: Log, refs: Collection[Ref], size: int) -> list[dict[str, Any]]:
    """The rows with their places and proofs in the tree of `size`; EvidenceBroken for one that is not signed yet."""
    rows = {
        (table.name, row_key(table, row)): row for table in ledger_tables() for row in log.rows[table.name]
    }
    places = {ref: at for at, ref in enumerate(log.refs())}
    hashes = [bytes.fromhex(entry["leaf_hash"]) for entry in log.entries[:size]]
    found = []
    for ref in sorted(refs, key=lambda ref: places.get(ref, -1)):
        if ref not in places:
            raise NotFound("the log has no such row", place=" ".join(ref))
        at = places[ref]
        if at >= size:
            raise EvidenceBroken(
                "no checkpoint covers the row yet", place=" ".join(ref), remedy="publish the run again"
            )
        proof = [step.hex() for step in merkle.inclusion_proof(hashes, at)]
        row = {name: value for name, value in rows[ref].items() if value is not None}
        found.append({"position": at, "table": ref[0], "row": row, "proof": proof})
    return found


def write_proofs(folder: Path, log: Log, refs: Collection[Ref], signed: Signed, public_text: str) -> None:
    """Leaves, checkpoint and key into a bundle's folder."""
    leaves = leaves_with_proofs(log, refs, signed.checkpoint.size)
    text = "[\n" + ",\n".join(canonical(leaf) for leaf in leaves) + "\n]\n"
    (folder / _LEAVES).write_text(text, encoding="utf-8")
    (folder / _CHECKPOINT).write_bytes(signed.path.read_bytes())
    (folder / _KEY).parent.mkdir(exist_ok=True)
    (folder / _KEY).write_text(public_text + "\n", encoding="utf-8")


def write_files_list(folder: Path) -> None:
    """Last of all: the digest of every other file of the bundle, in the form of a partition's manifest."""
    own = {_CHECKPOINT, _LEAVES, _FILES, _KEY}
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = {name: {"sha256": digest_file(folder / name)} for name in names if name not in own}
    text = json.dumps({"files": files}, ensure_ascii=False, sort_keys=True, indent=1)
    (folder / _FILES).write_text(text + "\n", encoding="utf-8")
