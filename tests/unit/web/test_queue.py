"""The queue: what it is made of, what it keeps, and that its pages miss nobody and show nobody twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, insert, inspect, select

from pipelines.store import migrate
from pipelines.web.projecting import show_latest
from pipelines.web.store.queue import Area, Cursor, Wanted, area_of, count_up_to, one_case, page_of, tallies
from pipelines.web.store.schema import CASE, WEB_METADATA
from tests.fixtures.published import publish
from tests.unit.s7_report.tables import FLAGS, month, table
from tests.unit.web.parts import site_of, small_site

ALL = Area(jurisdiction="demo", is_whole=True, town="", village="")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    url = (
        f"sqlite:///{tmp_path / 'web.sqlite'}"
        if request.param == "sqlite"
        else str(request.getfixturevalue("postgres_url"))
    )
    made = create_engine(url)
    migrate.upgrade(made, migrate.WEB)
    return made


def case(number: int, due: date, **said: object) -> dict[str, object]:
    return {
        "case_no": f"HD-202406-{number:05d}",
        "jurisdiction": "demo",
        "household_id": f"H-{number}",
        "household_no": f"CS{number:08d}",
        "programme": "dibao_urban",
        "town": "白水镇",
        "village": "河西村",
        "head": "张**",
        "members": 1,
        "codes": ["vehicle_owned"],
        "track": "eligibility",
        "outcome": "exit_suggested",
        "state": "village_check",
        "difference": None,
        "is_incomplete": False,
        "opened_month": "2024-06",
        "month": "2024-06",
        "run_id": "R",
        "due_date": due,
        "is_open": True,
    } | said


def test_the_migration_builds_what_the_code_expects(engine: Engine) -> None:
    found = inspect(engine)
    assert set(WEB_METADATA.tables) <= set(found.get_table_names())
    for name, expected in WEB_METADATA.tables.items():
        built = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        assert built == {column.name: column.nullable for column in expected.columns}, name
        assert {index["name"] for index in found.get_indexes(name) if not index.get("unique")} == {
            index.name for index in expected.indexes
        }, name


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate.upgrade(engine, migrate.WEB)


def test_pages_of_cases_due_the_same_day_miss_nobody_and_repeat_nobody(engine: Engine) -> None:
    day = date(2024, 7, 1)
    with engine.begin() as connection:
        connection.execute(insert(CASE), [case(number, day) for number in range(1, 8)])
    assert walk(engine, 3) == [list(range(1, 4)), list(range(4, 7)), [7]]
    last = page_of(engine, ALL, Wanted(), Cursor(due_date=day, id=7, is_backward=True), 3)
    assert [row["id"] for row in last.rows] == [4, 5, 6]
    assert last.before and last.after


def walk(engine: Engine, rows: int) -> list[list[int]]:
    pages, cursor = [], None
    for _ in range(20):
        page = page_of(engine, ALL, Wanted(), cursor, rows)
        pages.append([row["id"] for row in page.rows])
        if not page.after:
            return pages
        cursor = Cursor.parse(page.after, is_backward=False)
    return pages


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 3), min_size=1, max_size=12), rows=st.integers(1, 5))
def test_pages_put_together_are_the_queue_in_order_of_urgency(days: list[int], rows: int) -> None:
    engine = create_engine("sqlite://")
    migrate.upgrade(engine, migrate.WEB)
    with engine.begin() as connection:
        connection.execute(
            insert(CASE),
            [case(n, date(2024, 7, 1) + timedelta(days=day)) for n, day in enumerate(days, start=1)],
        )
    shown = [number for page in walk(engine, rows) for number in page]
    assert shown == sorted(range(1, len(days) + 1), key=lambda number: (days[number - 1], number))


@pytest.mark.parametrize("text", ["", "x", "2024-07-01", "2024-07-01.", "2024-07-01.x", "2024-13-01.4"])
def test_a_garbled_cursor_is_the_first_page(text: str) -> None:
    assert Cursor.parse(text, is_backward=False) is None


def test_a_long_queue_is_not_counted_to_its_end(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(CASE), [case(number, date(2024, 7, 1)) for number in range(1, 8)])
    assert count_up_to(engine, ALL, Wanted(), 5) == (5, True)
    assert count_up_to(engine, ALL, Wanted(), 7) == (7, False)


@pytest.mark.parametrize(
    ("roles", "town", "village", "seen"),
    [
        ({"village"}, "白水镇", "河西村", 1),
        ({"village"}, "白水镇", "", 0),  # a village officer nobody gave a village
        ({"village"}, "", "", 0),
        ({"township"}, "白水镇", "", 2),
        ({"township"}, "", "", 0),
        ({"district"}, "", "", 3),
        ({"auditor"}, "", "", 3),
        ({"engineer"}, "白水镇", "河西村", 0),
        ({"admin"}, "", "", 0),
        (set(), "白水镇", "河西村", 0),
    ],
)
def test_an_area_is_what_the_role_makes_of_town_and_village(
    engine: Engine, roles: set[str], town: str, village: str, seen: int
) -> None:
    day = date(2024, 7, 1)
    rows = [case(1, day), case(2, day, village="河东村"), case(3, day, town="东河街道")]
    with engine.begin() as connection:
        connection.execute(insert(CASE), [*rows, case(4, day, jurisdiction="yunxi")])
    area = area_of(frozenset(roles), town, village, "demo")
    assert len(page_of(engine, area, Wanted(), None, 50).rows) == seen
    assert (one_case(engine, area, "HD-202406-00004")) is None


def test_a_month_becomes_one_case_a_flagged_household_with_the_shortest_of_its_periods(
    tmp_path: Path,
) -> None:
    site = site_of(small_site(tmp_path))
    rows = page_of(site.engine, ALL, Wanted(), None, 50).rows
    assert len(rows) == 10
    assert rows[0]["codes"] == ["member_deceased"]  # ten working days, the others more
    assert tallies(site.engine, ALL)[""] == 10
    assert show_latest(site) is None  # the queue shows it already
    with_vehicle = page_of(site.engine, ALL, Wanted(codes=("vehicle_owned",)), None, 50).rows
    assert [row["household_id"] for row in with_vehicle] == ["H-0001"]


def test_a_later_run_keeps_numbers_and_due_dates_and_withdraws_what_it_no_longer_flags(
    tmp_path: Path,
) -> None:
    site = site_of(small_site(tmp_path))
    before = {row["household_id"]: row for row in page_of(site.engine, ALL, Wanted(), None, 50).rows}
    flags = table("flag", FLAGS)
    fewer = flags.filter(pc.not_equal(flags["household_id"], "H-0001"))
    publish(month(flags=fewer), site.settings.where, month="2024-06", run_id="R-AGAIN", previous="R-BEFORE")
    assert show_latest(site) == 9
    after = {row["household_id"]: row for row in page_of(site.engine, ALL, Wanted(), None, 50).rows}
    kept = ("case_no", "due_date", "id")
    assert {key: [row[name] for name in kept] for key, row in after.items()} == {
        key: [row[name] for name in kept] for key, row in before.items() if key != "H-0001"
    }
    with site.engine.connect() as connection:
        gone = connection.execute(select(CASE).where(CASE.c.household_id == "H-0001")).mappings().one()
    assert (gone["state"], gone["is_open"]) == ("withdrawn", False)
    publish(month(), site.settings.where, month="2024-06", run_id="R-ONCE-MORE", previous="R-BEFORE")
    assert show_latest(site) == 10
    again = {row["household_id"]: row for row in page_of(site.engine, ALL, Wanted(), None, 50).rows}
    assert again["H-0001"]["case_no"] == before["H-0001"]["case_no"]
