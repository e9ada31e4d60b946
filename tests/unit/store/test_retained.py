"""Holds, orders and what is under way, on SQLite and PostgreSQL alike."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pipelines.base.errors import NotFound
from pipelines.store.ledger import Ledger
from pipelines.store.retained import (
    Erasure,
    Hold,
    KeptRow,
    Order,
    add_erasures,
    add_hold,
    casework,
    erasures,
    holds,
    kept_rows,
    release_hold,
)
from pipelines.store.schema import DETERMINATION, OBJECTION, REVIEW_CASE
from tests.unit.store.filled import AT, CASE, DECIDED, add, fill_case

HELD: dict[str, Any] = {
    "kind": "household",
    "subject": "H-1",
    "order_no": "法字1号",
    "reason": "诉讼",
    "held_by": "王五",
}
ORDER = Order(order_no="民字7号", as_of=date(2028, 11, 1), reason="到期", ordered_by="赵六")
OBJECTED = {"objection_id": "O1", "determination_id": "D1", "grounds": "收入算错了", "received_by": "张三"}


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    opened = Ledger(url)
    fill_case(opened)
    return opened


def standing(ledger: Ledger) -> list[Hold]:
    return [hold for hold in holds(ledger.engine) if hold.stands]


def test_a_hold_stands_until_a_named_person_lets_it_go_and_may_come_again(ledger: Ledger) -> None:
    first = add_hold(ledger.engine, **HELD)
    assert add_hold(ledger.engine, **HELD) == first and standing(ledger) == [first]
    release_hold(ledger.engine, first.hold_id, reason="已结案", released_by="赵六")
    assert standing(ledger) == [] and holds(ledger.engine)[0].released_by == "赵六"
    with pytest.raises(NotFound):
        release_hold(ledger.engine, first.hold_id, reason="已结案", released_by="赵六")
    again = add_hold(ledger.engine, **HELD)
    assert again.hold_id != first.hold_id and standing(ledger) == [again]


@pytest.mark.parametrize("lacking", ["order_no", "reason", "held_by", "subject", "kind"])
def test_the_database_refuses_a_hold_that_says_nothing(ledger: Ledger, lacking: str) -> None:
    with pytest.raises(DBAPIError):
        add_hold(ledger.engine, **HELD | {lacking: "  "})


def test_an_order_its_erasures_and_what_was_kept_stand_together_or_not_at_all(ledger: Ledger) -> None:
    one = Erasure(item="lake/landing/a/1/k", digest="d" * 64, due=date(2028, 10, 31))
    kept = KeptRow(partition="kept/demo/2026-10/R1/H-1", run_id="R1", household_id="H-1", manifest_digest="m")
    add_erasures(ledger.engine, ORDER, [one], [kept])
    assert erasures(ledger.engine) == {one.item: Erasure(**vars(one) | {"order_no": "民字7号"})}
    assert kept_rows(ledger.engine) == [kept]
    with pytest.raises(DBAPIError):
        add_erasures(ledger.engine, ORDER, [one], [])
    with ledger.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM erasure_order")) == 1


def test_an_erasure_without_an_order_is_refused(ledger: Ledger) -> None:
    with pytest.raises(DBAPIError), ledger.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO erasure (item, order_id, digest, due, erased_at) "
                "VALUES ('x', 'EO-NONE', 'd', '2028-10-31', '2028-11-01 00:00:00.000000')"
            )
        )


def test_a_case_is_under_way_until_it_is_decided_and_an_objection_until_it_is_answered(
    ledger: Ledger,
) -> None:
    assert casework(ledger.engine).under_way == {"H-1"}
    add(ledger, DETERMINATION, DECIDED)
    found = casework(ledger.engine)
    assert (found.under_way, found.decided) == (frozenset(), {"H-1": AT.date()})
    add(ledger, OBJECTION, OBJECTED | {"received_at": AT})
    assert casework(ledger.engine).under_way == {"H-1"}
    answer = {"determination_id": "D2", "effect": "keep", "replaces": "D1", "decided_by": "赵六"}
    add(ledger, DETERMINATION, DECIDED | answer | {"decided_at": AT + timedelta(days=40)})
    found = casework(ledger.engine)
    assert (found.under_way, found.decided) == (frozenset(), {"H-1": (AT + timedelta(days=40)).date()})
    add(ledger, REVIEW_CASE, CASE | {"case_id": "C2", "household_id": "H-2"})
    assert casework(ledger.engine).under_way == {"H-2"}
