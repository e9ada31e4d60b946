"""The ledger: one row per landing, run, stage, publication and verdict; rows are added, never changed.

SQLite by default, PostgreSQL by HEDUI_LEDGER; the same statements on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, func, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from pipelines.base.errors import LedgerUnavailable
from pipelines.base.period import now
from pipelines.store import migrate
from pipelines.store.judged import JudgedRows
from pipelines.store.schema import LANDING, PUBLICATION, RELEASE, RUN, SOURCE_STATE, STAGE_RUN

_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class LandingRow:
    """A delivery as it was landed; times are kept by the ledger itself."""

    landing_key: str
    source: str
    delivery: str
    files_digest: str
    code_digest: str
    status: str
    cause: str | None
    reason: str | None
    received_at: date
    as_of: date
    part: str
    physical_lines: int
    accepted_records: int
    quarantine_rows: int
    manifest_digest: str
    person_records: int | None = None
    valid_ids: int | None = None
    repeated_ids: int | None = None
    profile: dict[str, Any] | None = None  # canonical table → how many values of each column are of each size


@dataclass(frozen=True, kw_only=True)
class Release:
    """A named person's word that a held delivery counts."""

    delivery: str
    files_digest: str
    released_by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Publication:
    """The published run of a month."""

    run_id: str
    revision: int
    replaces: str | None


class Ledger(JudgedRows):
    """Facts about deliveries, runs and publications."""

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            self.engine = _engine(url)
            migrate.upgrade(self.engine)
        except OperationalError as error:
            raise LedgerUnavailable(
                "the ledger database does not answer",
                place=make_url(url).render_as_string(hide_password=True),
                remedy="check HEDUI_LEDGER and that the database is up",
            ) from error

    def add_landing(self, row: LandingRow) -> None:
        """Record a landing once; the same landing again is no new fact."""
        for _ in range(_TRIES):
            try:
                with self.engine.begin() as connection:
                    if connection.scalar(
                        select(LANDING.c.sequence).where(LANDING.c.landing_key == row.landing_key)
                    ):
                        return
                    last = connection.scalar(select(func.max(LANDING.c.sequence))) or 0
                    connection.execute(
                        insert(LANDING).values(**vars(row), sequence=last + 1, landed_at=now())
                    )
                    return
            except IntegrityError:
                continue  # a rival took the sequence number: take the next one
        raise LedgerUnavailable("the ledger is too busy to record a landing", place=row.delivery)

    def landing(self, landing_key: str) -> LandingRow | None:
        with self.engine.connect() as connection:
            found = (
                connection.execute(select(LANDING).where(LANDING.c.landing_key == landing_key))
                .mappings()
                .first()
            )
        return _landing_row(found) if found else None

    def landings(self, source: str, first: date, last: date, code_digest: str) -> list[LandingRow]:
        """The latest landing of each delivery of a source received in [first, last], read by this code."""
        query = (
            select(LANDING)
            .where(LANDING.c.source == source, LANDING.c.code_digest == code_digest)
            .where(LANDING.c.received_at >= first, LANDING.c.received_at <= last)
            .order_by(LANDING.c.sequence)
        )
        with self.engine.connect() as connection:
            rows = [_landing_row(found) for found in connection.execute(query).mappings()]
        latest = {row.delivery: row for row in rows}
        return [latest[delivery] for delivery in sorted(latest)]

    def history(self, source: str | None = None) -> list[LandingRow]:
        """Every landing, oldest first: of one source or of all."""
        query = select(LANDING).order_by(LANDING.c.sequence)
        if source is not None:
            query = query.where(LANDING.c.source == source)
        with self.engine.connect() as connection:
            return [_landing_row(found) for found in connection.execute(query).mappings()]

    def add_release(self, release: Release) -> None:
        """Record a release; a second one of the same bytes changes nothing."""
        try:
            with self.engine.begin() as connection:
                connection.execute(insert(RELEASE).values(**vars(release), released_at=now()))
        except IntegrityError:
            return

    def releases(self) -> dict[tuple[str, str], Release]:
        """Every release by delivery and digest of its files."""
        query = select(RELEASE).order_by(RELEASE.c.delivery, RELEASE.c.files_digest)
        with self.engine.connect() as connection:
            rows = [
                Release(**{key: row[key] for key in Release.__dataclass_fields__})
                for row in connection.execute(query).mappings()
            ]
        return {(row.delivery, row.files_digest): row for row in rows}

    def add_run(
        self,
        run_id: str,
        jurisdiction: str,
        month: str,
        run_key: dict[str, Any],
        states: dict[str, tuple[str, str]],
    ) -> None:
        """Record a run and what each source could say; the same run again is no new fact."""
        with self.engine.begin() as connection:
            if connection.scalar(select(RUN.c.run_id).where(RUN.c.run_id == run_id)):
                return
            connection.execute(
                insert(RUN).values(
                    run_id=run_id, jurisdiction=jurisdiction, month=month, run_key=run_key, run_at=now()
                )
            )
            connection.execute(
                insert(SOURCE_STATE),
                [
                    {"run_id": run_id, "source": source, "status": status, "reason": reason}
                    for source, (status, reason) in sorted(states.items())
                ],
            )

    def run(self, run_id: str) -> dict[str, Any] | None:
        with self.engine.connect() as connection:
            found = connection.execute(select(RUN).where(RUN.c.run_id == run_id)).mappings().first()
        return dict(found) if found else None

    def source_states(self, run_id: str) -> dict[str, tuple[str, str]]:
        with self.engine.connect() as connection:
            rows = connection.execute(select(SOURCE_STATE).where(SOURCE_STATE.c.run_id == run_id)).mappings()
            return {row["source"]: (row["status"], row["reason"]) for row in rows}

    def add_stage(
        self,
        run_id: str,
        stage: str,
        partition: str,
        manifest_digest: str,
        rows: dict[str, int],
        seconds_ms: int,
    ) -> None:
        """Record a finished stage; the same stage again is no new fact."""
        try:
            with self.engine.begin() as connection:
                connection.execute(
                    insert(STAGE_RUN).values(
                        run_id=run_id,
                        stage=stage,
                        partition=partition,
                        manifest_digest=manifest_digest,
                        rows=rows,
                        seconds_ms=seconds_ms,
                        ended_at=now(),
                    )
                )
        except IntegrityError:
            return

    def stages(self, run_id: str) -> tuple[str, ...]:
        """The stages the run finished, by name."""
        query = select(STAGE_RUN.c.stage).where(STAGE_RUN.c.run_id == run_id).order_by(STAGE_RUN.c.stage)
        with self.engine.connect() as connection:
            return tuple(connection.scalars(query))

    def publish(self, run_id: str, jurisdiction: str, month: str) -> Publication:
        """Publish a run by one unique row. A run already published stays as it is."""
        for _ in range(_TRIES):
            current = self.published(jurisdiction, month)
            if current and current.run_id == run_id:
                return current
            try:
                with self.engine.begin() as connection:
                    connection.execute(
                        insert(PUBLICATION).values(
                            jurisdiction=jurisdiction,
                            month=month,
                            revision=current.revision + 1 if current else 1,
                            run_id=run_id,
                            replaces=current.run_id if current else None,
                            published_at=now(),
                        )
                    )
            except IntegrityError:
                earlier = self._publication_of(run_id)
                if earlier:
                    return earlier
        published = self.published(jurisdiction, month)
        if published is None:
            raise LedgerUnavailable("the month could not be published", place=f"{jurisdiction} {month}")
        return published

    def published(self, jurisdiction: str, month: str) -> Publication | None:
        """The latest publication of a month."""
        query = (
            select(PUBLICATION)
            .where(PUBLICATION.c.jurisdiction == jurisdiction, PUBLICATION.c.month == month)
            .order_by(PUBLICATION.c.revision.desc())
        )
        with self.engine.connect() as connection:
            found = connection.execute(query).mappings().first()
        return _publication(found) if found else None

    def publications(self) -> list[dict[str, Any]]:
        """All publications, oldest first."""
        query = select(PUBLICATION).order_by(
            PUBLICATION.c.jurisdiction, PUBLICATION.c.month, PUBLICATION.c.revision
        )
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _publication_of(self, run_id: str) -> Publication | None:
        with self.engine.connect() as connection:
            found = (
                connection.execute(select(PUBLICATION).where(PUBLICATION.c.run_id == run_id))
                .mappings()
                .first()
            )
        return _publication(found) if found else None


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _careful_sqlite)
    return engine


def _careful_sqlite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA busy_timeout = 30000")


def _landing_row(found: Any) -> LandingRow:
    return LandingRow(**{key: found[key] for key in LandingRow.__dataclass_fields__})


def _publication(found: Any) -> Publication:
    return Publication(run_id=found["run_id"], revision=found["revision"], replaces=found["replaces"])
