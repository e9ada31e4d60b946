"""A service that fails in the middle: each fault ends in whole pages or in a named error and an empty inbox."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.base.fetch_errors import (
    AccessDenied,
    AnswerBroken,
    AnswerUnstable,
    CallsSpent,
    SourceUnreachable,
)
from pipelines.sources.connectors.service import retry_after
from tests.unit.sources.connectors.asking import FORMS, ask
from tests.unit.sources.connectors.people import person
from tests.unit.sources.connectors.registry_server import RegistryServer


@pytest.fixture
def nine(registry: RegistryServer) -> RegistryServer:
    """One person with nine records: three pages."""
    registry.records = lambda _: [{"number": number} for number in range(9)]
    return registry


def numbers(inbox: Path) -> list[int]:
    pages = [json.loads(path.read_bytes()) for path in sorted((inbox / "bank/20240705_01").glob("*.json"))]
    rows = [row for page in pages for row in (page.get("datas") or page["result"]["rows"])]
    return [row.get("number", 100 + row.get("late", 0)) for row in rows]


def empty(inbox: Path) -> bool:
    return list((inbox / "bank").iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "fault", ["429", "429 wait 7", "500", "503", "stall", "cut", "html", "record missing"]
)
@pytest.mark.parametrize("where", [0, 1, 2])
def test_a_passing_fault_on_any_page_costs_one_more_call_and_no_record(
    nine: RegistryServer, inbox: Path, form: str, fault: str, where: int
) -> None:
    nine.faults = [None] * where + [fault]
    found = ask(nine, inbox, [person(1)], FORMS[form])
    assert (found.rows, len(nine.page_calls())) == (9, 4)
    assert numbers(inbox) == list(range(9))


def test_a_page_sent_twice_is_asked_for_again(nine: RegistryServer, inbox: Path) -> None:
    nine.faults = [None, "same page"]
    ask(nine, inbox, [person(1)])
    assert numbers(inbox) == list(range(9))


@pytest.mark.parametrize(
    ("fault", "error", "told"),
    [
        ("429", CallsSpent, "429"),
        ("500", SourceUnreachable, "HTTP 500"),
        ("cut", SourceUnreachable, "connection failed"),
        ("html", AnswerBroken, "not JSON"),
        ("record missing", AnswerBroken, r"\[2\] records instead of \[3\]"),
        ("same page", AnswerBroken, "ignores the paging"),
    ],
)
def test_a_fault_that_stays_ends_after_the_stated_attempts_and_leaves_nothing(
    nine: RegistryServer, inbox: Path, fault: str, error: type[Exception], told: str
) -> None:
    nine.faults = [None] + [fault] * 9
    with pytest.raises(error, match=told):
        ask(nine, inbox, [person(1)], limits={"most_attempts": 3})
    assert len(nine.page_calls()) == 1 + 3
    assert empty(inbox)


def test_a_service_that_stays_silent_in_the_middle_of_a_page_is_given_up(
    nine: RegistryServer, inbox: Path
) -> None:
    nine.faults = [None, "stall", "stall"]
    with pytest.raises(SourceUnreachable, match="in time"):
        ask(nine, inbox, [person(1)], limits={"most_attempts": 2, "seconds_per_read": 0.1})
    assert empty(inbox)


@pytest.mark.parametrize(
    ("fault", "error", "told"),
    [
        ("403", AccessDenied, "address"),
        ("404", AnswerBroken, "HTTP 404"),
        ("redirect", AnswerBroken, "HTTP 302"),
        ("gzip", AnswerBroken, "compresses"),
        ("code -1", AnswerBroken, r"code \[-1\]"),
        ("code E-101", AccessDenied, "E-101"),
        ("code 730101199001011234", AnswerBroken, "not shown"),
        ("429 wait 9999", CallsSpent, r"wait \[9999\] seconds"),
    ],
)
def test_what_another_attempt_cannot_mend_is_not_tried_again(
    nine: RegistryServer, inbox: Path, fault: str, error: type[Exception], told: str
) -> None:
    nine.faults = [None, fault]
    with pytest.raises(error, match=told):
        ask(nine, inbox, [person(1)])
    assert len(nine.page_calls()) == 2
    assert empty(inbox)


def test_a_total_that_changes_between_pages_starts_over_from_page_1(
    nine: RegistryServer, inbox: Path
) -> None:
    nine.faults = [None, "grow"]
    found = ask(nine, inbox, [person(1)])
    assert [call.fields["start"] for call in nine.page_calls()] == ["0", "3", "0", "3", "6", "9"]
    assert found.rows == 10
    assert numbers(inbox) == [*range(9), 100]


def test_a_total_that_never_rests_is_refused_and_leaves_nothing(nine: RegistryServer, inbox: Path) -> None:
    nine.faults = ["grow"] * 99
    with pytest.raises(AnswerUnstable, match=r"each of \[3\] readings"):
        ask(nine, inbox, [person(1)], limits={"most_restarts": 2})
    assert len(nine.page_calls()) == 6
    assert empty(inbox)


def test_a_failure_at_the_last_person_leaves_nothing_of_the_first(nine: RegistryServer, inbox: Path) -> None:
    nine.faults = [None] * 5 + ["code -1"]
    with pytest.raises(AnswerBroken):
        ask(nine, inbox, [person(1), person(2)])
    assert empty(inbox)


def test_pauses_double_with_jitter_and_end_at_the_longest(nine: RegistryServer, inbox: Path) -> None:
    nine.faults, nine.clock.chance = ["503"] * 5, 0.5
    limits = {"most_attempts": 6, "first_pause": 1.0, "longest_pause": 6.0}
    ask(nine, inbox, [person(1)], limits=limits)
    assert nine.clock.slept == [0.75, 1.5, 3.0, 4.5, 4.5]


def test_two_callers_with_other_luck_do_not_come_back_together(nine: RegistryServer, inbox: Path) -> None:
    for chance in (0.0, 0.999):
        nine.faults, nine.clock.chance = ["503"], chance
        ask(nine, inbox, [person(1)], limits={"first_pause": 1.0})
    assert nine.clock.slept == [0.5, pytest.approx(0.9995)]


def test_retry_after_is_waited_for_even_when_our_own_pause_is_shorter(
    nine: RegistryServer, inbox: Path
) -> None:
    nine.faults = ["429 wait 7", "503 wait 7"]
    ask(nine, inbox, [person(1)])
    assert nine.clock.slept == [7.0, 7.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Fri, 05 Jul 2024 01:00:30 GMT", 30.0),
        ("Fri, 05 Jul 2024 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, now=datetime(2024, 7, 5, 1, 0, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(
    "broken", [b"[]", b"null", b"7", b'{"code":"0"}', b'{"status":"success","result":{"rows":[]}}']
)
def test_json_of_another_shape_is_no_page(nine: RegistryServer, inbox: Path, broken: bytes) -> None:
    from pipelines.sources.connectors.answer import Broken, read_page
    from tests.unit.sources.connectors.asking import settings_for

    form = settings_for(nine, inbox.parent, FORMS["national"]).answer
    with pytest.raises(Broken):
        read_page(broken, form)


@pytest.mark.parametrize("total", ["-1", "1.5", "true", '"many"', "null", "[]"])
def test_a_total_that_is_no_count_is_no_page(nine: RegistryServer, inbox: Path, total: str) -> None:
    from pipelines.sources.connectors.answer import Broken, read_page
    from tests.unit.sources.connectors.asking import settings_for

    form = settings_for(nine, inbox.parent, FORMS["national"]).answer
    page: Any = f'{{"status":"success","code":"0","result":{{"total":{total},"rows":[]}}}}'.encode()
    with pytest.raises(Broken):
        read_page(page, form)


def test_a_page_cut_at_any_byte_is_never_taken_for_a_page(nine: RegistryServer, inbox: Path) -> None:
    from pipelines.sources.connectors.answer import Broken, read_page
    from tests.unit.sources.connectors.asking import settings_for

    form = settings_for(nine, inbox.parent, FORMS["national"]).answer
    rows = '[{"xm":"试","ye":"1.10"}]'
    whole = f'{{"status":"success","code":"0","result":{{"total":1,"rows":{rows}}}}}'.encode()
    assert read_page(whole, form).rows == 1
    for end in range(len(whole)):
        with pytest.raises(Broken):
            read_page(whole[:end], form)
