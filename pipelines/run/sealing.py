"""A checkpoint of the log at each publication: the log is found to extend the last one first, and signed after."""

from __future__ import annotations

from typing import Any

from pipelines.run.shop import Shop
from pipelines.store.checkpoints import checked, log_leaves, newest, sign
from pipelines.store.signing import signing_key


def check_sealed(shop: Shop) -> None:
    """EvidenceBroken when the log no longer extends its last checkpoint: nothing is published on it."""
    last = newest(shop.where.checkpoints, signing_key(shop.where).public)
    checked(log_leaves(shop.ledger), last)


def seal(shop: Shop, run_id: str) -> dict[str, Any]:
    """Sign the log as it stands after a run. The same log again gives the checkpoint there is."""
    key = signing_key(shop.where)
    signed = sign(shop.ledger, shop.where.checkpoints, key, run_id)
    return {
        "checkpoint": str(signed.path),
        "log_size": signed.checkpoint.size,
        "public_key": key.public_text,
    }
