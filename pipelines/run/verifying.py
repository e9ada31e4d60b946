"""What `hedui verify` looks at: the ledger alone, what one run or one flag rests on, or everything there is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pyarrow.compute as pc

from pipelines.base.errors import EvidenceBroken, NotFound
from pipelines.base.settings import Where
from pipelines.lineage.findings import Verified
from pipelines.lineage.portable import write_portable
from pipelines.lineage.trace import Node, trace
from pipelines.lineage.verify_files import (
    check_delivered,
    check_erasures,
    check_partitions,
    delivered_files,
    kept_partitions,
    landed_partitions,
    run_partitions,
    sight_of,
)
from pipelines.lineage.verify_ledger import check_ledger
from pipelines.lineage.verify_log import Log, check_kept, read_log
from pipelines.run.month import Run, resume
from pipelines.run.published import all_tables
from pipelines.run.shop import Shop, open_shop
from pipelines.store.checkpoints import checkpoint_files, read_note
from pipelines.store.note import NoteRefused, opened, public_of
from pipelines.store.signing import public_key_file

_Where = Mapping[str, object] | None


def verify_ledger(where: _Where = None, key: str | None = None) -> Verified:
    """Rows, log, checkpoints and guards."""
    return _ledger(open_shop(Where.of(where)), key)[0]


def verify_all(where: _Where = None, key: str | None = None) -> Verified:
    """The ledger and every file it names."""
    shop = open_shop(Where.of(where))
    found, log = _ledger(shop, key)
    home, sight = shop.where.home, sight_of(log.rows, shop.lake.vault)
    for partitions in (landed_partitions(log.rows), run_partitions(log.rows), kept_partitions(log.rows)):
        found.take(check_partitions(home, partitions, sight))
    found.take(check_delivered(home, delivered_files(log.rows), sight))
    return found


def verify_run(run_id: str, where: _Where = None, key: str | None = None) -> Verified:
    """The ledger, the partitions of a run, and every delivery it saw down to the bytes."""
    run = resume(run_id, where)
    found, log = _ledger(run.shop, key)
    found.take(_partitions(run, log))
    found.take(_landings(run, log, set(run.key["seen"])))
    return found


def verify_flag(flag_id: str, where: _Where = None, key: str | None = None) -> Verified:
    """The ledger, the partitions of the run that raised the flag, and the deliveries the flag rests on."""
    run = run_of_flag(flag_id, where)
    found, log = _ledger(run.shop, key)
    found.take(_partitions(run, log))
    found.take(_landings(run, log, set(run.key["seen"]), bytes_too=False))
    if not found.findings and not found.erased:  # a trace reads only what is whole
        node = trace(flag_id, all_tables(run), run.shop.lake)
        rests_on = delivered_files(log.rows, _deliveries(node))
        found.take(check_delivered(run.shop.where.home, rests_on, sight_of(log.rows, run.shop.lake.vault)))
    return found


def verify_kept(path: Path, where: _Where = None, key: str | None = None) -> Verified:
    """The log against a checkpoint that was kept elsewhere: also when ledger and checkpoints went back together."""
    if not path.is_file():
        raise NotFound(
            "there is no such checkpoint", place=str(path), remedy="hedui checkpoint --out FILE.txt"
        )
    shop = open_shop(Where.of(where))
    return check_kept(read_log(shop.ledger.engine), path, public_key(shop.where, key))


def newest_checkpoint(where: _Where = None, key: str | None = None) -> tuple[int, str]:
    """Number and text of the last checkpoint; NotFound when nothing was signed yet."""
    place = Where.of(where)
    files = checkpoint_files(place.checkpoints)
    if not files:
        raise NotFound(
            "nothing was signed yet", place=str(place.checkpoints), remedy="publish a month: hedui run"
        )
    number, path = max(files.items())
    text = read_note(path)
    try:
        opened(text, public_of(public_key(place, key) or ""))
    except NoteRefused as error:
        raise EvidenceBroken(
            f"the last checkpoint is not what was signed: {error}", place=str(path), remedy="hedui verify"
        ) from None
    return number, text


def copy_ledger(path: Path, where: _Where = None) -> None:
    """The ledger as one SQLite file for the stand-alone verifier."""
    write_portable(read_log(open_shop(Where.of(where)).ledger.engine), path)


def rows_of_ledger(where: _Where = None) -> int:
    """How many rows the ledger has."""
    return sum(len(rows) for rows in read_log(open_shop(Where.of(where)).ledger.engine).rows.values())


def public_key(where: Where, given: str | None = None) -> str | None:
    """The key as a line or a file that was given, or of HEDUI_PUBLIC_KEY, else the one kept beside the private key."""
    said = given or os.environ.get("HEDUI_PUBLIC_KEY") or str(public_key_file(where))
    path = Path(said)
    if path.is_file():
        return path.read_bytes().decode("utf-8", errors="replace")
    return said if "+" in said and not path.is_absolute() else None


def _ledger(shop: Shop, key: str | None) -> tuple[Verified, Log]:
    found, log = check_ledger(shop.ledger.engine, shop.where.checkpoints, public_key(shop.where, key))
    if not log.known and not log.entries and not checkpoint_files(shop.where.checkpoints):
        raise NotFound(
            "there is nothing to verify: no ledger row and no checkpoint",
            place=str(shop.where.home),
            remedy="check --home",
        )
    if shop.lake.vault:
        found.take(check_erasures(log.rows, shop.lake.vault))
    return found, log


def _partitions(run: Run, log: Log) -> Verified:
    """Those of a run, and what was kept of it when they were erased."""
    home, sight = run.shop.where.home, sight_of(log.rows, run.shop.lake.vault)
    found = check_partitions(home, run_partitions(log.rows, run.run_id), sight)
    found.take(check_partitions(home, kept_partitions(log.rows, run.run_id), sight))
    return found


def _landings(run: Run, log: Log, deliveries: set[str], *, bytes_too: bool = True) -> Verified:
    keys = [key for delivery, key in run.key["seen"].items() if delivery in deliveries]
    home, sight = run.shop.where.home, sight_of(log.rows, run.shop.lake.vault)
    found = check_partitions(home, landed_partitions(log.rows, keys), sight)
    if bytes_too:
        found.take(check_delivered(home, delivered_files(log.rows, deliveries), sight))
    return found


def run_of_flag(flag_id: str, where: _Where) -> Run:
    """The latest published run that has the flag."""
    shop = open_shop(Where.of(where))
    for row in reversed(shop.ledger.publications()):
        if row["jurisdiction"] != shop.where.jurisdiction:
            continue
        run = resume(row["run_id"], where)
        if pc.any(pc.equal(run.read("flag", "flag")["record_id"], flag_id)).as_py():
            return run
    raise NotFound(
        f"no published run has a flag called [{flag_id}]", remedy="hedui export flag lists the flags"
    )


def _deliveries(node: Node) -> set[str]:
    own = {str(node.row["delivery"])} if node.table == "delivery" else set()
    return own.union(*(_deliveries(parent) for parent in node.parents))
