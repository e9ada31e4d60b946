"""The steps of a month's run. Each reads partitions, calls one stage, writes one partition, commits one row."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pyarrow as pa

from pipelines import flow
from pipelines.base.errors import NotFound
from pipelines.base.ids import digest_parts, short_id
from pipelines.base.period import Period
from pipelines.base.settings import Where
from pipelines.policy import Pack, check_in_force, load_pack
from pipelines.run import tables
from pipelines.run.assessing import assessed_of
from pipelines.run.choose import SourceChoice, check_usable, choose, choose_all, needed_lists
from pipelines.run.holds import marked
from pipelines.run.inbox import unread
from pipelines.run.judging import judgement_key, target_key
from pipelines.run.linking import links_of
from pipelines.run.reporting import report_data
from pipelines.run.scoring import quality_tables
from pipelines.run.sealing import check_sealed, seal
from pipelines.run.shop import Shop, month_code, open_shop
from pipelines.run.verdict import check_suite
from pipelines.s1_land import Fates, account
from pipelines.s4_link import authorised, compose
from pipelines.s6_flag import flag
from pipelines.s7_report import report

_MILLIS = 1000


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run that was opened: what it depends on, as the ledger holds it."""

    shop: Shop
    run_id: str
    jurisdiction: str
    period: Period
    key: dict[str, Any]

    def partition(self, stage: str) -> str:
        return f"month/{self.jurisdiction}/{self.period}/{self.run_id}/{stage}"

    @property
    def report_partition(self) -> str:
        return f"{self.jurisdiction}/{self.period}/{self.run_id}"

    def read(self, stage: str, table: str) -> pa.Table:
        return self.shop.lake.read(self.partition(stage), table)

    @property
    def pack(self) -> Pack:
        return load_pack(self.jurisdiction)


def settle(source: str, month: str, where: Mapping[str, object] | None = None) -> dict[str, Any]:
    """What a source offers for the month; raises when every delivery of it was refused and it was not waived."""
    shop = open_shop(Where.of(where))
    choice = choose(shop, source, Period.parse(month))
    check_usable(choice, needed_lists(load_pack(shop.where.jurisdiction)))
    return {
        "source": source,
        "month": month,
        "status": choice.status,
        "reason": choice.reason,
        "rows": sum(row.physical_lines for row in choice.used),
        "accepted": sum(row.accepted_records for row in choice.used),
        "refused": sum(row.status == "refused" for row in choice.seen),
    }


def open_run(month: str, where: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Choose the deliveries, form the run key, record the run. The same inputs open the same run."""
    shop = open_shop(Where.of(where))
    period = Period.parse(month)
    pack = load_pack(shop.where.jurisdiction)
    check_in_force(pack, period)
    choices = choose_all(shop, period)
    key = _run_key(shop, period, pack, choices)
    run_id = short_id("R", json.dumps(key, sort_keys=True, ensure_ascii=False))
    states = {choice.spec.source: (choice.status, choice.reason) for choice in choices}
    shop.ledger.add_run(run_id, shop.where.jurisdiction, month, key, states)
    return {"run_id": run_id, "month": month, "tables": list(flow.REGISTRIES)}


def _run_key(shop: Shop, period: Period, pack: Pack, choices: list[SourceChoice]) -> dict[str, Any]:
    previous = shop.ledger.published(shop.where.jurisdiction, str(period.previous))
    return {
        "jurisdiction": shop.where.jurisdiction,
        "month": str(period),
        "seen": {row.delivery: row.landing_key for choice in choices for row in choice.seen},
        "used": sorted(row.delivery for choice in choices for row in choice.used),
        "held": {
            delivery: "; ".join(f"{shock.zh}（{shock.en}）" for shock in found)
            for choice in choices
            for delivery, found in sorted(choice.held.items())
        },
        "without": list(shop.where.without),
        "unread": unread({"inbox": shop.where.inbox}) if shop.where.inbox else [],
        "pack": pack.digest,
        "code": month_code(),
        "previous": previous.run_id if previous else None,
        "judgements": judgement_key(shop.ledger, shop.where.jurisdiction),
        "link_targets": target_key(shop.ledger, shop.where.jurisdiction),
    }


def resume(run_id: str, where: Mapping[str, object] | None = None) -> Run:
    """An opened run by its id."""
    shop = open_shop(Where.of(where))
    found = shop.ledger.run(run_id)
    if found is None:
        raise NotFound(f"no run is called [{run_id}]", remedy="open it first: hedui run --month …")
    return Run(
        shop=shop,
        run_id=run_id,
        jurisdiction=found["jurisdiction"],
        period=Period.parse(found["month"]),
        key=found["run_key"],
    )


def compose_run(run_id: str, where: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Households and members of the month, and the account of every line that was delivered."""
    run = resume(run_id, where)

    def work() -> dict[str, pa.Table]:
        composed = compose(
            recipients=tables.used_records(run, "recipient"),
            payments=tables.used_records(run, "payment"),
            jurisdiction=run.jurisdiction,
            period=run.period,
        )
        standing = authorised(
            members=composed.members,
            households=composed.households,
            forms=tables.used_records(run, "authorisation"),
            kept=run.pack.authorisation.kept,
            period=run.period,
        )
        files = tables.seen(run, "delivery")
        used = set(run.key["used"])
        in_force = {
            (delivery, name)
            for delivery, name in zip(
                files["delivery"].to_pylist(), files["file_name"].to_pylist(), strict=True
            )
            if delivery in used
        }
        fates = Fates(
            records=tables.seen_addresses(run),
            quarantine=tables.seen(run, "quarantine"),
            used=in_force,
            superseded=tables.superseded_records(run),
            held=frozenset(run.key.get("held", ())),
            not_authorised=tables.not_authorised_records(run, composed.members, standing),
        )
        lines = tables.seen(run, "landed_line", ("delivery", "file_name", "kind", "repeats"))
        accounts = account(files=files, lines=lines, fates=fates)
        return {
            "delivery": marked(files, run.key.get("held", {})),
            "line_account": accounts,
            **quality_tables(run, files=files, accounts=accounts),
            "household": composed.households,
            "household_member": composed.members,
            "member_authorisation": standing,
        }

    return _stage(run, "compose", work)


def link_run(run_id: str, table_name: str, where: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Links of one canonical table to the members of the month."""
    run = resume(run_id, where)

    def work() -> dict[str, pa.Table]:
        found = links_of(run, table_name)
        check_suite(found["linked_match"], "linked/linked_match", f"{run_id} {table_name}")
        return found

    return _stage(run, f"link-{table_name}", work)


def assess_run(run_id: str, where: Mapping[str, object] | None = None) -> dict[str, Any]:
    """What the rules in force say of each household."""
    run = resume(run_id, where)

    def work() -> dict[str, pa.Table]:
        assessed, status = assessed_of(run)
        check_suite(assessed.households, "assessed/assessed_household", run_id)
        return {
            "source_status": status,
            "assessed_line": assessed.lines,
            "assessed_household": assessed.households,
            "candidate": assessed.candidates,
            "population_event": assessed.events,
        }

    return _stage(run, "assess", work)


def flag_run(run_id: str, where: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Flags of the month against those of the month before."""
    run = resume(run_id, where)

    def work() -> dict[str, pa.Table]:
        flagged = flag(
            lines=run.read("assess", "assessed_line"),
            households=run.read("assess", "assessed_household"),
            members=run.read("compose", "household_member"),
            household_table=run.read("compose", "household"),
            previous=tables.previous(run, "flag", "flag"),
            policy=run.pack,
            period=run.period,
            jurisdiction=run.jurisdiction,
        )
        return {"flag": flagged.flags}

    return _stage(run, "flag", work)


def report_run(run_id: str, where: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The month's documents under <home>/reports/<jurisdiction>/<month>/<run>/."""
    run = resume(run_id, where)
    started = perf_counter()
    partition = run.report_partition
    if run.shop.reports.exists(partition):
        manifest = run.shop.reports.manifest(partition)
    else:
        documents = report(data=report_data(run), period=run.period).documents
        manifest = run.shop.reports.write_documents(partition, dict(documents), {"run": run_id})
    return _finished(run, "report", manifest.digest, {"documents": len(manifest.files)}, started)


def publish_run(run_id: str, where: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Publish by one unique row and sign the log; publishing again changes nothing."""
    run = resume(run_id, where)
    check_sealed(run.shop)
    publication = run.shop.ledger.publish(run_id, run.jurisdiction, str(run.period))
    return {
        "run_id": publication.run_id,
        "revision": publication.revision,
        "replaces": publication.replaces,
        "report": str(run.shop.reports.root / run.report_partition / "index.html"),
        **seal(run.shop, run_id),
    }


def _stage(run: Run, stage: str, work: Callable[[], dict[str, pa.Table]]) -> dict[str, Any]:
    """Do the work unless its partition stands already (the run key is the whole of what it depends on)."""
    started = perf_counter()
    partition = run.partition(stage)
    if run.shop.lake.exists(partition):
        manifest = run.shop.lake.manifest(partition)
    else:
        manifest = run.shop.lake.write(
            partition, work(), {"run": run.run_id, "key": digest_parts([str(run.key)])}
        )
    rows = {name.removesuffix(".parquet"): int(file["rows"]) for name, file in manifest.files.items()}
    return _finished(run, stage, manifest.digest, rows, started)


def _finished(run: Run, stage: str, digest: str, rows: dict[str, int], started: float) -> dict[str, Any]:
    milliseconds = round((perf_counter() - started) * _MILLIS)
    run.shop.ledger.add_stage(run.run_id, stage, run.partition(stage), digest, rows, milliseconds)
    return {"run_id": run.run_id, "stage": stage, "digest": digest, "rows": rows}
