"""A database: one SELECT in a read-only snapshot, streamed into tab-separated text of exactly what was read.

UTF-8, a header line, NULL as \\N, and tab, line end and backslash inside a value as \\t, \\n, \\r, \\\\ (PostgreSQL's
COPY text form), so that a record is a line. The rows are counted by the server first and must be as many.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, TextClause, create_engine, func, make_url, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from pipelines.base.errors import SpecInvalid
from pipelines.base.fetch_errors import AccessDenied, AnswerBroken, SourceUnreachable, TransferBroken
from pipelines.base.period import Period
from pipelines.base.secret import read_secret_text
from pipelines.reference import SQL_ROOT
from pipelines.sources.connectors.batch import FileInBatch, SourceInbox
from pipelines.sources.connectors.fetched import Fetched
from pipelines.sources.connectors.offer import fill_month
from pipelines.sources.connectors.settings import Database

_STATEMENTS = 2  # the count and the rows
_MOST_BYTES = 64 * 1024**3
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL = "\\N"
_DENIED = ("28", "42501")  # SQLSTATE: invalid authorisation, insufficient privilege
_UNREACHABLE = ("08", "57")  # connection lost, shut down or cancelled by the server


def fetch_database(settings: Database, *, inbox: SourceInbox, month: str, today: datetime.date) -> Fetched:
    """A new batch of today with one file: the rows of the SELECT."""
    name = fill_month(settings.file_name, month)
    as_of = Period.parse(month).last_day if settings.as_of == "month_end" else today
    statement, parameters = _statement(settings, month)
    batch_name = inbox.next_batch(today)
    with _snapshot(settings) as connection, inbox.batch(batch_name) as batch:
        expected = _count(connection, statement, parameters)
        with batch.file(name, most_bytes=_MOST_BYTES) as file:
            rows = _write_rows(connection, statement, parameters, file, settings.batch_rows)
        if rows != expected:
            raise TransferBroken(f"[{rows}] rows came, the database counted [{expected}]", place=name)
        batch.sign(name, rows=rows, as_of=as_of)
    return Fetched(
        delivery=f"{inbox.folder.name}/{batch_name}", files=(name,), rows=rows, requests=_STATEMENTS
    )


def _statement(settings: Database, month: str) -> tuple[TextClause, dict[str, object]]:
    """The SELECT with exactly the parameters it names."""
    period = Period.parse(month)
    given: dict[str, object] = {
        "month": month,
        "first_day": period.first_day,
        "last_day": period.last_day,
        **settings.parameters,
    }
    path = SQL_ROOT / settings.query
    try:
        statement = text(path.read_text(encoding="utf-8").strip().rstrip(";"))
    except (OSError, UnicodeDecodeError) as error:
        raise SpecInvalid(
            f"the query cannot be read ({type(error).__name__})", place=str(settings.query)
        ) from None
    named = set(statement.compile().params)
    if unknown := sorted(named - given.keys()):
        raise SpecInvalid(f"the query has parameters {unknown} that nobody gives", place=str(settings.query))
    if unused := sorted(settings.parameters.keys() - named):
        raise SpecInvalid(f"the query has no parameter {unused}", place=str(settings.query))
    return statement, {name: given[name] for name in sorted(named)}


@contextmanager
def _snapshot(settings: Database) -> Iterator[Connection]:
    """One read-only REPEATABLE READ transaction: the count and the rows are of one state, and nothing is changed."""
    url = make_url(settings.url)
    place = f"{url.host}:{url.port or 5432}/{url.database}"
    password = read_secret_text(settings.secret_file) if settings.secret_file else None
    engine = create_engine(
        url.set(password=password) if password else url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={
            "connect_timeout": settings.seconds_to_connect,
            "options": f"-c statement_timeout={settings.seconds_per_statement * 1000}",
        },
    )
    try:
        with engine.connect() as fresh:
            connection = fresh.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection
    except DBAPIError as error:
        raise _told(error, place) from None
    except SQLAlchemyError as error:
        raise AnswerBroken(f"the query cannot be run ({type(error).__name__})", place=place) from None


def _told(error: DBAPIError, place: str) -> Exception:
    """By SQLSTATE alone: the database's own words may quote values."""
    state = getattr(error.orig, "sqlstate", None)
    if "authentication failed" in str(error.orig):  # at connection psycopg has no SQLSTATE yet
        return AccessDenied("the database refuses the user's password", place=place)
    if state is None or state.startswith(_UNREACHABLE):
        return SourceUnreachable(f"the database did not answer (SQLSTATE [{state}])", place=place)
    if state.startswith(_DENIED):
        return AccessDenied(f"the database refuses the user or the table (SQLSTATE [{state}])", place=place)
    return AnswerBroken(
        f"the database refuses the query (SQLSTATE [{state}])",
        place=place,
        remedy="run the .sql file by hand",
    )


def _count(connection: Connection, statement: TextClause, parameters: Mapping[str, object]) -> int:
    counted = select(func.count()).select_from(statement.columns().subquery("offered"))
    return int(connection.execute(counted, parameters).scalar_one())


def _write_rows(
    connection: Connection,
    statement: TextClause,
    parameters: Mapping[str, object],
    file: FileInBatch,
    batch_rows: int,
) -> int:
    streaming = {"stream_results": True, "max_row_buffer": batch_rows}
    result = connection.execute(statement, parameters, execution_options=streaming)
    names = list(result.keys())
    if len(set(names)) != len(names) or not all(names):
        raise AnswerBroken(
            "the query gives two columns one name, or none", remedy="name every column with AS"
        )
    file.write(_line(names, names))
    rows = 0
    for part in result.partitions(batch_rows):  # without a size it would take all rows at once
        file.write(b"".join(_line(row, names) for row in part))
        rows += len(part)
    return rows


def _line(values: Sequence[Any], names: Sequence[str]) -> bytes:
    cells = (as_text(value, name) for value, name in zip(values, names, strict=True))
    return ("\t".join(cells) + "\n").encode("utf-8")


def as_text(value: object, column: str) -> str:
    """A value as it stands in the file; AnswerBroken for a kind that has no one exact text."""
    text_of = next((write for kind, write in _TEXTS if isinstance(value, kind)), None)
    written = text_of(value) if text_of else None
    if written is None:
        raise AnswerBroken(
            f"a value of kind [{type(value).__name__}] has no one exact text",
            place=column,
            remedy="cast it in the .sql file: AS numeric, AS text, or AT TIME ZONE for a time with a zone",
        )
    return written


def _decimal_text(value: Decimal) -> str | None:
    return format(value, "f") if value.is_finite() else None


def _moment_text(value: datetime.datetime) -> str | None:
    # With a zone the local day would depend on who reads it.
    return value.isoformat(sep=" ") if value.tzinfo is None else None


# The first kind that fits; bool is an int and datetime a date, so they come before.
_TEXTS: tuple[tuple[type, Callable[[Any], str | None]], ...] = (
    (type(None), lambda _: _NULL),
    (str, lambda value: value.translate(_ESCAPES)),
    (bool, lambda value: "true" if value else "false"),
    (int, str),
    (Decimal, _decimal_text),
    (datetime.datetime, _moment_text),
    (datetime.date, datetime.date.isoformat),
)
