"""The ledger: one row per landing, run, stage, publication and verdict; rows are added, never changed.

SQLite by default, PostgreSQL by HEDUI_LEDGER; the same statements on both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from pipelines.base.errors import LedgerUnavailable
from pipelines.base.period import now
from pipelines.store import migrate
from pipelines.store.accessed import AccessRows
from pipelines.store.appending import append, writing
from pipelines.store.judged import JudgedRows
from pipelines.store.schema import ARTEFACT, LANDING, PUBLICATION, RELEASE, RUN, SOURCE_STATE, STAGE_RUN

FILE = "file"  # kind of artefact: a delivered file


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


class Ledger(JudgedRows, AccessRows):
    """Facts about deliveries, runs and publications."""

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            self.engine = _engine(url)
            migrate.upgrade(self.engine)
        except (DatabaseError, UnicodeDecodeError) as error:
            raise LedgerUnavailable(
                "the ledger database does not answer, or is none",
                place=make_url(url).render_as_string(hide_password=True),
                remedy="check HEDUI_LEDGER and that the database is up",
            ) from error

    def add_landing(self, row: LandingRow, files: Mapping[str, str] | None = None) -> None:
        """Record a landing once, and the digests of its files by name; the same again is no new fact."""
        with writing(self.engine) as connection:
            self._add_files(connection, row.delivery, files or {})
            if connection.scalar(select(LANDING.c.sequence).where(LANDING.c.landing_key == row.landing_key)):
                return
            last = connection.scalar(select(func.max(LANDING.c.sequence))) or 0
            append(connection, LANDING, {**vars(row), "sequence": last + 1, "landed_at": now()})

    def add_files(self, delivery: str, files: Mapping[str, str]) -> None:
        """The digests of a landed delivery's files by name, where they are not known yet."""
        if self._unknown_files(delivery, files):
            with writing(self.engine) as connection:
                self._add_files(connection, delivery, files)

    def _unknown_files(self, delivery: str, files: Mapping[str, str]) -> bool:
        with self.engine.connect() as connection:
            return any(not self._knows(connection, f"{delivery}/{name}", files[name]) for name in files)

    def _knows(self, connection: Connection, name: str, digest: str) -> bool:
        query = select(ARTEFACT.c.kind).where(
            ARTEFACT.c.kind == FILE, ARTEFACT.c.name == name, ARTEFACT.c.digest == digest
        )
        return connection.scalar(query) is not None

    def _add_files(self, connection: Connection, delivery: str, files: Mapping[str, str]) -> None:
        for name, digest in sorted(files.items()):
            full = f"{delivery}/{name}"
            if not self._knows(connection, full, digest):
                row = {"kind": FILE, "name": full, "digest": digest, "recorded_at": now()}
                append(connection, ARTEFACT, row)

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
        with writing(self.engine) as connection:
            known = select(RELEASE.c.delivery).where(
                RELEASE.c.delivery == release.delivery, RELEASE.c.files_digest == release.files_digest
            )
            if connection.scalar(known) is None:
                append(connection, RELEASE, {**vars(release), "released_at": now()})

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
        with writing(self.engine) as connection:
            if connection.scalar(select(RUN.c.run_id).where(RUN.c.run_id == run_id)):
                return
            row = {"run_id": run_id, "jurisdiction": jurisdiction, "month": month, "run_key": run_key}
            append(connection, RUN, {**row, "run_at": now()})
            for source, (status, reason) in sorted(states.items()):
                state = {"run_id": run_id, "source": source, "status": status, "reason": reason}
                append(connection, SOURCE_STATE, state)

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
        with writing(self.engine) as connection:
            known = select(STAGE_RUN.c.stage).where(STAGE_RUN.c.run_id == run_id, STAGE_RUN.c.stage == stage)
            if connection.scalar(known) is not None:
                return
            row = {
                "run_id": run_id,
                "stage": stage,
                "partition": partition,
                "manifest_digest": manifest_digest,
                "rows": rows,
                "seconds_ms": seconds_ms,
                "ended_at": now(),
            }
            append(connection, STAGE_RUN, row)

    def stages(self, run_id: str) -> tuple[str, ...]:
        """The stages the run finished, by name."""
        query = select(STAGE_RUN.c.stage).where(STAGE_RUN.c.run_id == run_id).order_by(STAGE_RUN.c.stage)
        with self.engine.connect() as connection:
            return tuple(connection.scalars(query))

    def publish(self, run_id: str, jurisdiction: str, month: str) -> Publication:
        """Publish a run by one unique row. A run already published stays as it is."""
        with writing(self.engine) as connection:
            earlier = _one(connection, select(PUBLICATION).where(PUBLICATION.c.run_id == run_id))
            if earlier:
                return _publication(earlier)
            current = _one(connection, _latest(jurisdiction, month))
            row = {
                "jurisdiction": jurisdiction,
                "month": month,
                "revision": current["revision"] + 1 if current else 1,
                "run_id": run_id,
                "replaces": current["run_id"] if current else None,
                "published_at": now(),
            }
            append(connection, PUBLICATION, row)
        return _publication(row)

    def published(self, jurisdiction: str, month: str) -> Publication | None:
        """The latest publication of a month."""
        with self.engine.connect() as connection:
            found = _one(connection, _latest(jurisdiction, month))
        return _publication(found) if found else None

    def publications(self) -> list[dict[str, Any]]:
        """All publications, oldest first."""
        query = select(PUBLICATION).order_by(
            PUBLICATION.c.jurisdiction, PUBLICATION.c.month, PUBLICATION.c.revision
        )
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def _latest(jurisdiction: str, month: str) -> Select[Any]:
    of_month = PUBLICATION.c.jurisdiction == jurisdiction, PUBLICATION.c.month == month
    return select(PUBLICATION).where(*of_month).order_by(PUBLICATION.c.revision.desc())


def _one(connection: Connection, query: Select[Any]) -> RowMapping | None:
    return connection.execute(query).mappings().first()


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
