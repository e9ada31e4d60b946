"""Bring a schema to the head of its migrations (Alembic). A database newer than the code is refused.

The ledger's migrations stand in sql/migrations, those of the review site's own tables in sql/web/migrations.
"""

from __future__ import annotations

import logging
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, StaticPool, create_engine, text

from pipelines.base.errors import LedgerUnavailable
from pipelines.reference import SQL_ROOT

_LOCK = 731_000_001  # any number: all who migrate ask PostgreSQL for the same advisory lock
LEDGER = ("migrations", "alembic_version")
WEB = ("web/migrations", "web_version")


def upgrade(engine: Engine, schema: tuple[str, str] = LEDGER) -> None:
    """Apply the migrations that are missing. Safe when several processes start at once."""
    folder, version_table = schema
    scripts = ScriptDirectory(str(SQL_ROOT / folder))
    if _revision(engine, version_table) == scripts.get_current_head():
        return
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(SQL_ROOT / folder))
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            connection.commit()
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
            connection.commit()
        except CommandError as error:
            raise LedgerUnavailable(
                f"the ledger's schema is not one of this version: {error}",
                remedy="use the version of Hedui that wrote it, or a newer one",
            ) from error
        finally:
            if engine.dialect.name == "postgresql":
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
                connection.commit()


def _revision(engine: Engine, version_table: str) -> str | None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": version_table})
        revision: str | None = context.get_current_revision()
        return revision


@cache
def fresh_schema() -> dict[str, str]:
    """What an untouched SQLite ledger of this version is made of: tables, indexes and triggers by name."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    upgrade(engine)
    with engine.connect() as connection:
        return sqlite_schema(connection)


def sqlite_schema(connection: Connection) -> dict[str, str]:
    """The words that made each table, index and trigger of a SQLite database."""
    made = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {str(name): str(said) for name, said in made}
