"""A SELECT on a real PostgreSQL becomes a signed text file of exactly what was read."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, event, text

from pipelines.base.errors import SpecInvalid
from pipelines.base.fetch_errors import AccessDenied, AnswerBroken, SourceUnreachable, TransferBroken
from pipelines.s1_land.sign_off import check_md5, read_sign_off
from pipelines.sources.connectors.database import as_text
from pipelines.sources.connectors.fetch import fetch
from pipelines.sources.connectors.fetched import Fetched
from pipelines.sources.connectors.settings import Database
from tests.unit.sources.connectors.deliveries import md5_of, seen
from tests.unit.sources.connectors.fake_clock import FakeClock

TABLE = """
CREATE TABLE pension (id text, xm text, je numeric(12,2), ny text, ksrq date, sf boolean, n bigint);
INSERT INTO pension VALUES
  ('1', '张䶮', 1234.50, '2024-06', '2020-01-31', true, 9007199254740993),
  ('2', NULL, 0.10, '2024-06', NULL, false, NULL),
  ('3', E'a\\tb\\nc\\\\d', 99999999.99, '2024-06', NULL, NULL, 0),
  ('4', '\\N', 1, '2024-05', NULL, NULL, 0);
"""
QUERY = (
    "-- one row per person\nSELECT id, xm, je, ny, ksrq, sf, n FROM pension WHERE ny = :month ORDER BY id;\n"
)


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    made = create_engine(postgres_url)
    with made.begin() as connection:
        connection.exec_driver_sql(TABLE)
    yield made
    made.dispose()


def fetched(engine: Engine, inbox: Path, query: str = QUERY, **changes: Any) -> Fetched:
    path = inbox.parent / "query.sql"
    path.write_text(query, encoding="utf-8")
    url = engine.url.render_as_string(hide_password=False)
    stated = {"kind": "database", "url": url, "query": str(path), "file_name": "pension_{month}.txt"}
    settings = Database.model_validate({**stated, **changes})
    return fetch(settings, source="pension_emp", month="2024-06", inbox=inbox, clock=FakeClock().clock)


def lines(inbox: Path) -> list[str]:
    data = (inbox / "pension_emp/20240705_01/pension_202406.txt").read_bytes()
    assert data.endswith(b"\n")
    return data.decode("utf-8").split("\n")[:-1]


def test_rows_come_as_tab_separated_text_with_exact_decimals_and_null_as_such(
    engine: Engine, inbox: Path
) -> None:
    found = fetched(engine, inbox)
    assert (found.delivery, found.files, found.rows) == (
        "pension_emp/20240705_01",
        ("pension_202406.txt",),
        3,
    )
    assert lines(inbox) == [
        "id\txm\tje\tny\tksrq\tsf\tn",
        "1\t张䶮\t1234.50\t2024-06\t2020-01-31\ttrue\t9007199254740993",
        "2\t\\N\t0.10\t2024-06\t\\N\tfalse\t\\N",
        "3\ta\\tb\\nc\\\\d\t99999999.99\t2024-06\t\\N\t\\N\t0",
    ]


def test_the_sign_off_is_one_that_landing_accepts(engine: Engine, inbox: Path) -> None:
    fetched(engine, inbox)
    folder = inbox / "pension_emp/20240705_01"
    signed = read_sign_off((folder / "pension_202406.txt.ok").read_text(), file_name="pension_202406.txt")
    check_md5(md5_of((folder / "pension_202406.txt").read_bytes()), signed, place="")
    assert (signed.rows, signed.as_of) == (3, date(2024, 7, 5))


def test_rows_about_the_month_bear_its_last_day_when_the_source_says_so(engine: Engine, inbox: Path) -> None:
    fetched(engine, inbox, as_of="month_end")
    text_of = (inbox / "pension_emp/20240705_01/pension_202406.txt.ok").read_text()
    assert text_of.strip().endswith("|20240630")


def test_no_rows_are_a_header_and_a_sign_off_of_nought(engine: Engine, inbox: Path) -> None:
    found = fetched(engine, inbox, "SELECT id FROM pension WHERE false")
    assert (found.rows, lines(inbox)) == (0, ["id"])


def test_a_value_that_looks_like_sql_stays_a_value(engine: Engine, inbox: Path) -> None:
    query = "SELECT id FROM pension WHERE xm = :name OR ny = :month"
    found = fetched(engine, inbox, query, parameters={"name": "x' OR '1'='1"})
    assert found.rows == 3


def test_streaming_in_small_batches_gives_every_row_once(engine: Engine, inbox: Path) -> None:
    found = fetched(engine, inbox, "SELECT n FROM generate_series(1, 10007) AS n ORDER BY n", batch_rows=100)
    assert found.rows == 10007
    assert lines(inbox) == ["n", *(str(number) for number in range(1, 10008))]


def test_four_times_the_rows_take_no_more_memory(engine: Engine, inbox: Path) -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        fetched(
            engine, inbox, f"SELECT n, md5(n::text) AS m FROM generate_series(1, {rows}) AS n", batch_rows=500
        )
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(1_000)  # what is loaded once
    assert peak(40_000) < 1.3 * peak(10_000)


def test_rows_that_arrive_between_count_and_reading_are_of_another_state(engine: Engine, inbox: Path) -> None:
    other = create_engine(engine.url)
    added: list[int] = []

    def add_a_row(*args: Any) -> None:
        if "count(" in args[2] and not added:
            added.append(1)
            with other.begin() as connection:
                connection.exec_driver_sql("INSERT INTO pension VALUES ('9', 'x', 1, '2024-06')")

    event.listen(Engine, "after_cursor_execute", add_a_row)
    try:
        found = fetched(engine, inbox)
    finally:
        event.remove(Engine, "after_cursor_execute", add_a_row)
        other.dispose()
    assert (added, found.rows) == ([1], 3)


def test_a_query_that_gives_other_rows_each_time_is_refused(engine: Engine, inbox: Path) -> None:
    microseconds = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
    with pytest.raises(TransferBroken, match="the database counted"):
        fetched(engine, inbox, f"SELECT n FROM generate_series(1, {microseconds} % 50000) AS n")
    assert seen(inbox) == []


@pytest.mark.parametrize(
    "query",
    [
        "WITH gone AS (DELETE FROM pension RETURNING id) SELECT id FROM gone",
        "DELETE FROM pension",
        "DELETE FROM pension RETURNING id",
        "SELECT id FROM pension; DELETE FROM pension",
        "SELECT nextval('numbers')",
    ],
)
def test_a_query_that_would_change_something_changes_nothing(engine: Engine, inbox: Path, query: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SEQUENCE numbers")
    with pytest.raises(AnswerBroken, match="refuses the query"):
        fetched(engine, inbox, query)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pension")) == 4
    assert seen(inbox) == []


def test_a_failure_half_way_leaves_nothing(engine: Engine, inbox: Path) -> None:
    query = (
        "SELECT CASE WHEN n > 250 THEN 1 / (n - n) ELSE n END AS m FROM generate_series(1, 300) AS n OFFSET 0"
    )
    with pytest.raises(AnswerBroken, match="22012"):
        fetched(engine, inbox, query, batch_rows=10)
    assert list((inbox / "pension_emp").iterdir()) == []


@pytest.mark.parametrize(
    "value", ["1.5::double precision", "now()", "'x'::bytea", "'{1}'::int[]", "'{}'::json", "'NaN'::numeric"]
)
def test_a_kind_without_one_exact_text_is_refused_by_column(engine: Engine, inbox: Path, value: str) -> None:
    with pytest.raises(AnswerBroken, match=r"\[odd\].*cast"):
        fetched(engine, inbox, f"SELECT {value} AS odd")
    assert seen(inbox) == []


def test_two_columns_of_one_name_are_refused(engine: Engine, inbox: Path) -> None:
    with pytest.raises(AnswerBroken):
        fetched(engine, inbox, "SELECT id, xm AS id FROM pension")


def test_an_error_repeats_no_value_of_the_database(engine: Engine, inbox: Path) -> None:
    with pytest.raises(AnswerBroken) as refusal:
        fetched(engine, inbox, "SELECT CAST(xm AS int) AS n FROM pension WHERE id = '1'")
    assert "张" not in str(refusal.value) and "22P02" in str(refusal.value)


def test_a_parameter_nobody_gives_or_uses_is_a_fault_of_the_yaml(engine: Engine, inbox: Path) -> None:
    with pytest.raises(SpecInvalid, match=r"\['county'\] that nobody gives"):
        fetched(engine, inbox, "SELECT id FROM pension WHERE id = :county")
    with pytest.raises(SpecInvalid, match=r"no parameter \['county'\]"):
        fetched(engine, inbox, QUERY, parameters={"county": "730101"})


def test_a_table_the_user_may_not_read_is_access_denied(engine: Engine, inbox: Path) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS reader")
        connection.exec_driver_sql("CREATE ROLE reader LOGIN")
    url = engine.url.set(username="reader").render_as_string()
    with pytest.raises(AccessDenied, match="42501"):
        fetched(engine, inbox, url=url)


def test_a_database_that_is_not_there_is_unreachable(engine: Engine, inbox: Path) -> None:
    with pytest.raises(SourceUnreachable):
        fetched(engine, inbox, url=engine.url.set(port=1).render_as_string())


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_every_decimal_comes_back_as_it_was(value: Decimal) -> None:
    written = as_text(value, "je")
    assert Decimal(written) == value and "E" not in written


@given(st.text())
def test_every_text_is_one_cell_of_one_line_and_never_null(value: str) -> None:
    written = as_text(value, "xm")
    assert not set(written) & {"\t", "\n", "\r"}
    assert written != "\\N"


def test_a_time_with_a_zone_is_refused_and_one_without_is_exact() -> None:
    assert as_text(datetime(2024, 6, 30, 23, 59, 59), "sj") == "2024-06-30 23:59:59"  # noqa: DTZ001
    with pytest.raises(AnswerBroken, match="zone"):
        as_text(datetime(2024, 6, 30, 23, 59, 59, tzinfo=UTC), "sj")
