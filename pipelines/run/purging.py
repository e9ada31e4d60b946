"""Erase what is past its term, under a named order: keep what outlives it, record, destroy the keys, sign the log."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.base.errors import EvidenceBroken, PurgeRefused
from pipelines.base.period import now
from pipelines.base.settings import Where
from pipelines.lineage.findings import Verified
from pipelines.lineage.verify_files import (
    Delivered,
    Partition,
    check_delivered,
    check_partitions,
    sight_of,
)
from pipelines.run.keeping import keep
from pipelines.run.retention import Retention, check_subject
from pipelines.run.sealing import check_sealed, seal
from pipelines.run.shop import Shop, open_shop
from pipelines.run.terms import Verdict, kept_households, verdicts
from pipelines.store.partition import MANIFEST
from pipelines.store.retained import (
    Erasure,
    Hold,
    KeptRow,
    Order,
    add_erasures,
    add_hold,
    erasures,
    holds,
    kept_rows,
    release_hold,
)
from pipelines.store.vault import Vault

_BYTES = "lake/bytes/"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an order on this day would erase, what stays and why, and how many households' evidence is kept."""

    as_of: date
    due: tuple[Verdict, ...]
    stays: Mapping[str, int]
    keeps: Mapping[str, frozenset[str]]  # run → households

    @property
    def households(self) -> int:
        return sum(len(households) for households in self.keeps.values())


@dataclass(frozen=True, kw_only=True)
class Purged:
    """What was done: the order as the ledger has it, and the checkpoint over it."""

    plan: Plan
    order_id: str
    kept: int
    checkpoint: str


def plan_purge(as_of: date, where: Mapping[str, object] | None = None) -> Plan:
    """Look at every unit; change nothing."""
    return _plan(_retention(where), as_of)


def purge(order: Order, where: Mapping[str, object] | None = None) -> Purged:
    """Erase what is due. What an earlier order left half done is finished first; once more changes nothing."""
    _check_order(order)
    retention = _retention(where)
    shop = retention.shop
    check_sealed(shop)
    finish(shop)
    _drop_unrecorded(shop)
    plan = _plan(retention, order.as_of)
    _check_whole(retention, plan.due)
    if not plan.due:
        return Purged(plan=plan, order_id="", kept=0, checkpoint="")
    kept: list[KeptRow] = []
    for run_id, households in plan.keeps.items():
        kept += keep(retention.runs[run_id], households)
    erased = [
        Erasure(item=one.unit.name, digest=one.unit.digest, due=one.last_day or order.as_of)
        for one in plan.due
    ]
    order_id = add_erasures(shop.ledger.engine, order, erased, kept)
    finish(shop)
    return Purged(
        plan=plan, order_id=order_id, kept=len(kept), checkpoint=str(seal(shop, order_id)["checkpoint"])
    )


def finish(shop: Shop) -> None:
    """Of everything the ledger says was erased, destroy the key and remove the files; sweep what killed runs left."""
    vault = _vault(shop)
    for item, erasure in erasures(shop.ledger.engine).items():
        vault.destroy(item, erasure.order_no)
        _remove(shop.where.home / item)
    _sweep(shop.where.lake_root)


def hold(
    kind: str, subject: str, order_no: str, reason: str, by: str, where: Mapping[str, object] | None = None
) -> Hold:
    """Nothing about this household, person, delivery or run is erased from now on. A person's number is hashed."""
    retention = _retention(where)
    _check_words(order_no, reason, by)
    check_subject(retention, kind, subject)
    name = _vault(retention.shop).keyed_hash(subject) if kind == "person" else subject
    engine = retention.shop.ledger.engine
    return add_hold(engine, kind=kind, subject=name, order_no=order_no, reason=reason, held_by=by)


def release(hold_id: str, reason: str, by: str, where: Mapping[str, object] | None = None) -> None:
    """Let a hold go; NotFound when it does not stand."""
    _check_words(reason, by)
    release_hold(_retention(where).shop.ledger.engine, hold_id, reason=reason, released_by=by)


def all_holds(where: Mapping[str, object] | None = None) -> list[Hold]:
    """Every hold, oldest first."""
    return holds(open_shop(Where.of(where)).ledger.engine)


def _retention(where: Mapping[str, object] | None) -> Retention:
    return Retention(shop=open_shop(Where.of(where)), where=where or {})


def _vault(shop: Shop) -> Vault:
    if shop.lake.vault is None:
        raise PurgeRefused("the home has no keys to destroy", place=str(shop.where.home))
    return shop.lake.vault


def _plan(retention: Retention, as_of: date) -> Plan:
    found = verdicts(retention.units(), retention.standing, as_of)
    due = tuple(one for one in found if not one.stays)
    going = {run_id for one in due if one.unit.is_raw for run_id in one.unit.runs}
    keeps = {}
    for run_id in sorted(going):
        run = retention.runs[run_id]
        keeps[run_id] = kept_households(retention.flagged(run), retention.households(run), retention.standing)
    stays = Counter(one.stays for one in found if one.stays)
    return Plan(as_of=as_of, due=due, stays=dict(sorted(stays.items())), keeps=keeps)


def _check_order(order: Order) -> None:
    _check_words(order.order_no, order.reason, order.ordered_by)
    if order.as_of > now().date():
        raise PurgeRefused(
            f"[{order.as_of}] has not come yet: what is erased is gone",
            remedy="look ahead with --dry-run; erase on the day",
        )


def _check_words(*words: str) -> None:
    if not all(word and word == word.strip() for word in words):
        raise PurgeRefused("number, name and reason must say something", remedy="--order, --by, --reason")


def _check_whole(retention: Retention, due: Iterable[Verdict]) -> None:
    """What is not as it was recorded is evidence itself, and is not erased."""
    home, sight = retention.shop.where.home, sight_of(retention.log.rows, retention.shop.lake.vault)
    found = Verified()
    for one in due:
        unit = one.unit
        if unit.name.startswith(_BYTES):
            found.take(check_delivered(home, [Delivered(name=unit.name, digest=unit.digest)], sight))
        else:
            part = Partition(folder=unit.name, digest=unit.digest, stated_in=unit.name)
            found.take(check_partitions(home, [part], sight))
    if found.findings:
        raise EvidenceBroken(
            f"nothing is erased: {len(found.findings)} items are not as they were recorded, the first "
            f"[{found.findings[0].item}]",
            place=str(home),
            remedy="hedui verify; tell the auditor, restore from backup",
        )


def _remove(path: Path) -> None:
    """All files of a unit but the manifest, which names no person and says what there was."""
    if path.is_file():
        path.unlink()
        return
    for file in sorted(path.rglob("*"), reverse=True):
        if file.is_dir():
            file.rmdir()
        elif file != path / MANIFEST:
            file.unlink()


def _drop_unrecorded(shop: Shop) -> None:
    """What a purge kept and never recorded, because it was stopped: it is kept anew."""
    known = {row.partition for row in kept_rows(shop.ledger.engine)}
    for manifest in sorted((shop.where.lake_root / "kept").glob(f"*/*/*/*/{MANIFEST}")):
        partition = manifest.parent.relative_to(shop.where.lake_root).as_posix()
        if partition not in known:
            shutil.rmtree(manifest.parent)


def _sweep(root: Path) -> None:
    """What processes that are gone left unfinished: `.<name>.<pid>`."""
    for path in sorted(root.rglob(".*")):
        pid = path.suffix.removeprefix(".")
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists() and int(pid) != os.getpid():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
