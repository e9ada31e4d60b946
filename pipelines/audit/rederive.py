"""A published month computed once more from the delivered bytes, into a home of its own that is wiped afterwards.

Taken as recorded, each held against its digest first: the delivered bytes, the verdicts and approvals of the ledger, the
tables of the month before that the run was opened with, and landings refused for a sign-off that could not be read.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipelines import flow
from pipelines.base.errors import EvidenceBroken
from pipelines.base.period import Period
from pipelines.base.settings import Where
from pipelines.policy import load_pack
from pipelines.run.landing import digest_of_files, land_anew, landing_key, partition_of
from pipelines.run.month import Run, assess_run, compose_run, flag_run, link_run, resume
from pipelines.run.shop import Shop, month_code, open_shop
from pipelines.s1_land import DeliveredFile, Delivery, SignOff
from pipelines.sources.spec import load_spec
from pipelines.store.copying import copy_inputs, file_digests, stage_digests
from pipelines.store.ledger import LandingRow

_REPORT = "report"
_NAMED = 3  # of what is no longer as recorded, in the error's one sentence
_BEFORE = ("assess", "flag")  # the stages of the month before that a run reads


@dataclass(frozen=True, kw_only=True)
class Rederived:
    """The month computed again beside the published one, and which partitions came out otherwise."""

    published: Run
    fresh: Run
    stale: tuple[str, ...]  # what is no longer what was recorded; empty unless it was asked for anyway
    taken: tuple[str, ...]  # deliveries whose landing was taken as recorded
    partitions: int
    different: tuple[str, ...]  # partitions whose bytes are not the published ones


def stale_of(run: Run) -> tuple[str, ...]:
    """The pack, code and sources that are no longer those the run recorded."""
    found = []
    if load_pack(run.jurisdiction).digest != run.key["pack"]:
        found.append(f"pack {run.jurisdiction}")
    if month_code() != run.key["code"]:
        found.append("code of the month")
    for delivery, key in sorted(run.key["seen"].items()):
        if landing_key(delivery, _landing(run, key).files_digest) != key:
            found.append(f"code or YAML that read {delivery}")
    return tuple(found)


@contextmanager
def rederived(run: Run, *, anyway: bool = False, order_seed: str = "") -> Iterator[Rederived]:
    """The month once more; the deliveries in the order of their names, or in one drawn with a seed."""
    stale = stale_of(run)
    if stale and not anyway:
        raise EvidenceBroken(
            f"not the recorded ones any more: {', '.join(stale[:_NAMED])}{' …' if len(stale) > _NAMED else ''}",
            place=run.run_id,
            remedy="use the version of Hedui and of the pack that the run recorded, or add --anyway",
        )
    with TemporaryDirectory(prefix="hedui-rederive-") as folder:
        fresh = _opened(run, Path(folder))
        try:
            taken = _land_all(run, fresh.shop, order_seed)
            _compute(fresh)
            partitions = dict(_partitions(run, fresh))
            yield Rederived(
                published=run,
                fresh=fresh,
                stale=stale,
                taken=taken,
                partitions=len(partitions),
                different=tuple(sorted(name for name, same in partitions.items() if not same)),
            )
        finally:
            fresh.shop.ledger.engine.dispose()


def _where(fresh: Run) -> Mapping[str, object]:
    where = fresh.shop.where
    return {"home": where.home, "jurisdiction": where.jurisdiction, "ledger": where.ledger}


def _opened(run: Run, home: Path) -> Run:
    """An empty home with the run's row, the verdicts, the month before, and the way to the delivered bytes."""
    given = {"home": home, "jurisdiction": run.jurisdiction, "ledger": f"sqlite:///{home / 'ledger.sqlite'}"}
    shop = open_shop(Where.of(given))
    copy_inputs(run.shop.ledger, shop.ledger)
    _lend_master(run, shop)
    _lend(run, shop, "bytes")
    _bring_month_before(run, shop)
    return resume(run.run_id, given)


def _lend_master(run: Run, shop: Shop) -> None:
    """The real home's master key, where none was named for both: what is lent stays sealed."""
    real, fresh = run.shop.lake.vault, shop.lake.vault
    if real and fresh and real.master != fresh.master and real.master.is_file():
        fresh.master.parent.mkdir(parents=True, exist_ok=True)
        fresh.master.symlink_to(real.master.absolute())


def _lend(run: Run, shop: Shop, name: str) -> None:
    """A partition of the real lake, or its delivered bytes, with the data keys, as links: read, never written."""
    real, fresh = run.shop.lake, shop.lake
    links = [(fresh.root / name, real.root / name)]
    if real.vault and fresh.vault:
        keys, theirs = (one.path(lake.unit(name)) for one, lake in ((real.vault, real), (fresh.vault, fresh)))
        links += [(theirs, keys), (theirs.with_suffix(""), keys.with_suffix(""))]
    for link, target in links:
        if target.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(target.absolute())


def _bring_month_before(run: Run, shop: Shop) -> None:
    earlier = run.key["previous"]
    if earlier is None:
        return
    month = Period.parse(run.key["month"]).previous
    recorded = stage_digests(run.shop.ledger, earlier)
    for stage in _BEFORE:
        partition = f"month/{run.jurisdiction}/{month}/{earlier}/{stage}"
        _check_recorded(run, partition, recorded.get(stage))
        _lend(run, shop, partition)


def _check_recorded(run: Run, partition: str, digest: str | None) -> None:
    if run.shop.lake.manifest(partition).digest != digest:
        raise EvidenceBroken(
            "the manifest is not the recorded one",
            place=partition,
            remedy="hedui verify --all names the items",
        )


def _landing(run: Run, key: str) -> LandingRow:
    row = run.shop.ledger.landing(key)
    if row is None:
        raise EvidenceBroken(
            "the ledger lacks a landing the run saw", place=key, remedy="hedui verify --ledger"
        )
    return row


def _land_all(run: Run, shop: Shop, order_seed: str) -> tuple[str, ...]:
    """Every delivery the run saw, landed again; the answer is those taken as recorded."""
    deliveries = sorted(run.key["seen"])
    if order_seed:
        random.Random(order_seed).shuffle(deliveries)  # noqa: S311
    taken = []
    for delivery in deliveries:
        recorded = _landing(run, run.key["seen"][delivery])
        found = _delivery(run, recorded)
        if found is None:
            taken.append(delivery)
            _take(run, shop, recorded)
            continue
        row = land_anew(shop, found, recorded.files_digest, recorded.landing_key)
        shop.ledger.add_landing(row)
    return tuple(sorted(taken))


def _delivery(run: Run, recorded: LandingRow) -> Delivery | None:
    """The files as they were delivered, or None where the sign-offs can no longer be told."""
    partition = partition_of(recorded)
    _check_recorded(run, partition, recorded.manifest_digest)
    rows = sorted(
        run.shop.lake.read(partition, "delivery").to_pylist(), key=lambda row: str(row["file_name"])
    )
    _check_bytes(run, recorded.delivery, rows)
    source, batch = recorded.delivery.split("/", 1)
    files = tuple(_file(run, row) for row in rows)
    found = Delivery(source=source, batch=batch, received_at=recorded.received_at, files=files)
    is_whole = all(file.sign_off or not load_spec(source).sign_off for file in files)
    digests = {row["file_name"]: row["sha256"] for row in rows}
    return found if is_whole and digest_of_files(found, digests) == recorded.files_digest else None


def _check_bytes(run: Run, delivery: str, rows: list[dict[str, Any]]) -> None:
    known = file_digests(run.shop.ledger, delivery)
    for row in rows:
        name, digest = row["file_name"], row["sha256"]
        if not run.shop.lake.is_kept(digest) or digest not in known.get(name, {digest}):
            raise EvidenceBroken(
                "the delivered bytes are not those recorded",
                place=f"{delivery}/{name}",
                remedy="hedui verify --all names the items",
            )


def _file(run: Run, row: Mapping[str, Any]) -> DeliveredFile:
    sign_off = None
    if row["stated_md5"] is not None:
        sign_off = SignOff(rows=row["stated_rows"], md5=row["stated_md5"], as_of=row["as_of"])
    data = run.shop.lake.content(row["sha256"])
    return DeliveredFile(name=row["file_name"], data=data, sign_off=sign_off)


def _take(run: Run, shop: Shop, recorded: LandingRow) -> None:
    _lend(run, shop, partition_of(recorded))
    shop.ledger.add_landing(recorded)


def _compute(fresh: Run) -> None:
    where = _where(fresh)
    compose_run(fresh.run_id, where)
    for table in flow.REGISTRIES:
        link_run(fresh.run_id, table, where)
    assess_run(fresh.run_id, where)
    flag_run(fresh.run_id, where)


def _partitions(run: Run, fresh: Run) -> Iterator[tuple[str, bool]]:
    """Each partition of the month and whether its manifest, and so every byte of it, is the recorded one."""
    for delivery, key in run.key["seen"].items():
        recorded, now = _landing(run, key), _landing(fresh, key)
        yield f"landing/{delivery}", recorded.manifest_digest == now.manifest_digest
    recorded_stages, stages = (stage_digests(one.shop.ledger, run.run_id) for one in (run, fresh))
    for stage in sorted({*recorded_stages, *stages} - {_REPORT}):
        yield stage, recorded_stages.get(stage) == stages.get(stage)
