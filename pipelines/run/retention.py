"""The units of a home, what they are about, and what stands against erasing them, from the ledger and the lake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from pipelines.base.errors import NotFound
from pipelines.base.period import Period
from pipelines.lineage.verify_files import (
    Delivered,
    Partition,
    delivered_files,
    kept_partitions,
    landed_partitions,
    run_partitions,
)
from pipelines.lineage.verify_log import Log, read_log
from pipelines.policy import load_pack
from pipelines.run.month import Run, resume
from pipelines.run.shop import Shop
from pipelines.run.terms import Month, Standing, Unit
from pipelines.store.ledger import LandingRow
from pipelines.store.retained import Hold, casework, erasures, holds, kept_rows

_FLAG_STAGES = ("flag", "report")
_RAW, _FLAGGED = "retention.raw", "retention.flagged"


@dataclass(frozen=True, kw_only=True)
class Retention:
    """A home with what its ledger says."""

    shop: Shop
    where: Mapping[str, object]

    @cached_property
    def log(self) -> Log:
        return read_log(self.shop.ledger.engine)

    @cached_property
    def erased(self) -> frozenset[str]:
        return frozenset(erasures(self.shop.ledger.engine))

    @cached_property
    def runs(self) -> dict[str, Run]:
        return {row["run_id"]: resume(row["run_id"], self.where) for row in self.log.rows["run"]}

    @cached_property
    def landed(self) -> list[LandingRow]:
        return self.shop.ledger.history()

    @cached_property
    def holds(self) -> list[Hold]:
        return [hold for hold in holds(self.shop.ledger.engine) if hold.stands]

    @cached_property
    def standing(self) -> Standing:
        cases = casework(self.shop.ledger.engine)
        return Standing(
            held_runs=self._subjects("run"),
            held_deliveries=self._subjects("delivery"),
            held_households=self._subjects("household") | self._households_of_people(),
            under_way=cases.under_way,
            decided=cases.decided,
            anybody_held=any(hold.kind in ("household", "person") for hold in self.holds),
        )

    def month(self, jurisdiction: str, period: Period) -> Month:
        """The terms of a month by its pack: none where it states none."""
        return _month(jurisdiction, period)

    def units(self) -> list[Unit]:
        """Every unit that is not erased yet."""
        found = [*self._bytes(), *self._landings(), *self._stages(), *self._kept()]
        return [unit for unit in found if unit.name not in self.erased]

    def flagged(self, run: Run) -> frozenset[str]:
        """The households the run has a flag of, in any state; nobody where it did not come so far."""
        if not self._stands(run, "flag"):
            return frozenset()
        return frozenset(run.read("flag", "flag")["household_id"].to_pylist())

    def households(self, run: Run) -> frozenset[str]:
        """All households of the run."""
        if not self._stands(run, "compose"):
            return frozenset()
        return frozenset(run.read("compose", "household")["record_id"].to_pylist())

    def _stands(self, run: Run, stage: str) -> bool:
        partition = run.partition(stage)
        return f"lake/{partition}" not in self.erased and run.shop.lake.exists(partition)

    def _subjects(self, kind: str) -> frozenset[str]:
        return frozenset(hold.subject for hold in self.holds if hold.kind == kind)

    def _households_of_people(self) -> frozenset[str]:
        """The households in which a held person was a member, in any run; ids are compared as keyed hashes."""
        people, vault = self._subjects("person"), self.shop.lake.vault
        if not people or vault is None:
            return frozenset()
        found = set()
        for run in self.runs.values():
            if self._stands(run, "compose"):
                members = run.read("compose", "household_member")
                for household, number in zip(
                    members["household_id"].to_pylist(), members["id18"].to_pylist(), strict=True
                ):
                    if number and vault.keyed_hash(number) in people:
                        found.add(household)
        return frozenset(found)

    def _bytes(self) -> Iterator[Unit]:
        names: dict[str, set[str]] = defaultdict(set)
        for file in delivered_files(self.log.rows):
            names[file.digest].add(_delivery(file))
        for digest, deliveries in sorted(names.items()):
            yield self._raw(f"lake/bytes/{digest[:2]}/{digest}", digest, deliveries)

    def _landings(self) -> Iterator[Unit]:
        for part, row in zip(landed_partitions(self.log.rows), self.log.rows["landing"], strict=True):
            yield self._raw(part.folder, part.digest, {row["delivery"]})

    def _raw(self, name: str, digest: str, deliveries: set[str]) -> Unit:
        runs = {run_id for run_id, run in self.runs.items() if deliveries & run.key["seen"].keys()}
        months = [self.month(self.runs[run].jurisdiction, self.runs[run].period) for run in sorted(runs)]
        received = {
            Period(one.received_at.year, one.received_at.month)
            for one in self.landed
            if one.delivery in deliveries
        }
        months += [self.month(self.shop.where.jurisdiction, period) for period in sorted(received)]
        return Unit(
            name=name,
            digest=digest,
            is_raw=True,
            months=tuple(months),
            runs=frozenset(runs),
            deliveries=frozenset(deliveries),
        )

    def _stages(self) -> Iterator[Unit]:
        rows = {(row["run_id"], row["stage"]): row for row in self.log.rows["stage_run"]}
        for (run_id, stage), row in sorted(rows.items()):
            run = self.runs[run_id]
            [part] = run_partitions({"stage_run": [row]})
            is_raw = stage not in _FLAG_STAGES
            yield self._of_run(part, run, is_raw, frozenset() if is_raw else self.flagged(run))

    def _kept(self) -> Iterator[Unit]:
        rows = {f"lake/{row.partition}": row for row in kept_rows(self.shop.ledger.engine)}
        for part in kept_partitions(self.log.rows):
            row = rows[part.folder]
            yield self._of_run(part, self.runs[row.run_id], False, frozenset((row.household_id,)))

    def _of_run(self, part: Partition, run: Run, is_raw: bool, households: frozenset[str]) -> Unit:
        return Unit(
            name=part.folder,
            digest=part.digest,
            is_raw=is_raw,
            months=(self.month(run.jurisdiction, run.period),),
            runs=frozenset((run.run_id,)),
            households=households,
        )


@cache
def _month(jurisdiction: str, period: Period) -> Month:
    pack = load_pack(jurisdiction)
    raw, flagged = (
        pack.value(path, period).number if pack.states(path, period) else None for path in (_RAW, _FLAGGED)
    )
    return Month(period=period, raw_months=raw, flag_months=flagged)


def _delivery(file: Delivered) -> str:
    return file.name.rpartition("/")[0]


def check_subject(retention: Retention, kind: str, subject: str) -> None:
    """NotFound for a hold about something the home does not know: a slip of the pen would hold nothing."""
    known = {
        "run": set(retention.runs),
        "delivery": {row["delivery"] for row in retention.log.rows["landing"]},
        "household": {h for run in retention.runs.values() for h in retention.households(run)}
        | {row.household_id for row in kept_rows(retention.shop.ledger.engine)},
    }
    if kind in known and subject not in known[kind]:
        raise NotFound(f"no {kind} is called [{subject}]", remedy="check the id and --home")
