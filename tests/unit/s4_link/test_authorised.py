"""Nobody is looked up without a valid form: who that is, and what it leaves unsaid about the household."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.period import Period
from pipelines.contracts import by_name
from pipelines.s4_link import (
    SourceWord,
    authorised,
    closed_numbers,
    coverage,
    is_closed,
    looked_up,
)
from tests.unit.s4_link.link_cases import members, number, person

MONTH = Period.parse("2026-10")
HEAD, WIFE, SON = (number(f"19{year}-03-04", "123") for year in (58, 60, 88))
ZHANG, LI = person("张建国", HEAD), person("李秀英", WIFE)


def households(*people: dict[str, Any]) -> pa.Table:
    """One household per member, NC0, NC1 …, as in `members`."""
    schema = by_name("household").schema
    rows = [
        {
            **dict.fromkeys(schema.names),
            "record_id": f"h{at}",
            "household_no": f"NC{at}",
            "programme": "dibao_rural",
            "town": "",
            "village": "",
            "members": 1,
            "covered": 1,
            "derived_from": [],
        }
        for at in range(len(people))
    ]
    return pa.Table.from_pylist(rows, schema=schema)


def forms(*signed: dict[str, Any]) -> pa.Table:
    rows = []
    for at, form in enumerate(signed):
        base = {"record_id": f"form#{at}", "source": "authorisation", "delivery": "authorisation/20261027_01"}
        base |= {"file_name": "f", "row_no": at, "slot": 0, "derived_from": [], "household_no": "NC0"}
        base |= {"authorisation_no": f"SQ{at}", "scope": "all", "withdrawn_date": None}
        base |= {"signed_date": date(2025, 5, 1), "valid_to": date(2027, 5, 1)}
        rows.append(base | form)
    return pa.Table.from_pylist(rows, schema=by_name("authorisation").schema)


def standing(
    people: list[dict[str, Any]], *signed: dict[str, Any], kept: Any = "delivered"
) -> list[dict[str, Any]]:
    return table(people, *signed, kept=kept).to_pylist()


def table(people: list[dict[str, Any]], *signed: dict[str, Any], kept: Any = "delivered") -> pa.Table:
    return authorised(
        members=members(*people),
        households=households(*people),
        forms=forms(*signed),
        kept=kept,
        period=MONTH,
    )


def of_zhang(*signed: dict[str, Any]) -> tuple[str, list[str]]:
    (row,) = standing([ZHANG], *signed)
    return row["standing"], row["scope"]


def test_a_valid_form_opens_every_source() -> None:
    assert of_zhang(ZHANG) == ("valid", ["all"])


def test_without_a_form_nothing_is_opened() -> None:
    assert of_zhang() == ("not_signed", [])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"valid_to": date(2026, 10, 31)}, "valid"),
        ({"valid_to": date(2026, 10, 30)}, "expired"),
        ({"signed_date": date(2026, 10, 31)}, "valid"),
        ({"signed_date": date(2026, 11, 1)}, "not_signed"),
        ({"withdrawn_date": date(2026, 10, 31)}, "withdrawn"),
        ({"withdrawn_date": date(2026, 11, 1)}, "valid"),
    ],
    ids=[
        "valid to the month's last day",
        "run out the day before",
        "signed on the month's last day",
        "signed the day after",
        "withdrawn on the month's last day",
        "withdrawn the day after",
    ],
)
def test_a_form_is_held_against_the_months_last_day(change: dict[str, Any], word: str) -> None:
    assert of_zhang(ZHANG | change)[0] == word


def test_a_renewal_beside_the_form_that_has_run_out_is_valid() -> None:
    old = {"signed_date": date(2023, 5, 1), "valid_to": date(2025, 5, 1)}
    assert of_zhang(ZHANG | old, ZHANG)[0] == "valid"


def test_a_form_opens_only_the_sources_it_names() -> None:
    assert of_zhang(ZHANG | {"scope": "vehicle,bank"}) == ("valid", ["bank", "vehicle"])
    assert of_zhang(ZHANG | {"scope": "vehicle"}, ZHANG | {"scope": "bank"})[1] == ["bank", "vehicle"]


def test_a_form_of_another_household_opens_nothing() -> None:
    assert of_zhang(ZHANG | {"household_no": "NC9"})[0] == "not_signed"


def test_a_form_under_another_valid_number_is_another_persons() -> None:
    assert of_zhang(person("张建国", SON)) == ("form_differs", [])
    assert of_zhang(person("王伟", SON)) == ("not_signed", [])


def test_a_child_listed_under_its_mothers_number_is_not_covered_by_her_form() -> None:
    child = person("李小宝", WIFE) | {"household_id": "h0"}
    rows = standing([LI, child], LI)
    assert [row["standing"] for row in rows] == ["valid", "form_differs"]


@pytest.mark.parametrize("damaged", ["list", "form"])
def test_where_a_number_is_damaged_the_name_in_the_household_decides(damaged: str) -> None:
    cut = person("张建国", HEAD[:15] + "000", "excel_cut")
    listed, form = (cut, ZHANG) if damaged == "list" else (ZHANG, cut)
    assert standing([listed], form)[0]["standing"] == "valid"
    assert standing([listed], form | {"name": "张建军"})[0]["standing"] == "not_signed"


def test_where_the_bureau_keeps_the_forms_it_vouches_for_everyone() -> None:
    rows = standing([ZHANG, LI], kept="on_file")
    assert [(row["standing"], row["scope"]) for row in rows] == [("on_file", ["all"])] * 2


def test_a_member_without_a_form_is_searched_for_in_no_source() -> None:
    people = members(ZHANG, LI)
    (group,) = looked_up(people, table([ZHANG, LI], ZHANG), ["vehicle", "bank"])
    assert group[0] == ("bank", "vehicle")
    assert group[1]["record_id"].to_pylist() == ["m0"]


def test_who_leaves_out_the_bank_is_searched_for_everywhere_else() -> None:
    people = members(ZHANG)
    found = looked_up(people, table([ZHANG], ZHANG | {"scope": "vehicle"}), ["vehicle", "bank"])
    assert [(sources, len(who)) for sources, who in found] == [(("bank",), 0), (("vehicle",), 1)]


def records(*people: dict[str, Any], source: str = "vehicle") -> pa.Table:
    rows = [{"source": source, "id18": who["id18"]} for who in people]
    return pa.Table.from_pylist(rows, schema=pa.schema([("source", pa.string()), ("id18", pa.string())]))


def test_the_records_of_a_listed_person_without_a_form_are_not_handed_on() -> None:
    closed = closed_numbers(members(ZHANG, LI), table([ZHANG, LI], ZHANG), ["vehicle"])
    mask = is_closed(records(ZHANG, LI, person("王伟", SON), person("赵敏")), closed).to_pylist()
    assert [bool(value) for value in mask] == [False, True, False, False]


def test_a_number_that_an_authorised_member_bears_too_is_not_closed() -> None:
    child = person("李小宝", WIFE) | {"household_id": "h0"}
    assert closed_numbers(members(LI, child), table([LI, child], LI), ["vehicle"]) == {}


def test_a_household_with_one_member_without_a_form_was_not_checked_whatever_was_found_of_the_other() -> None:
    wife = LI | {"household_id": "h0"}
    matches = pa.table({"household_id": ["h0"], "source": ["vehicle"]})
    words = [
        SourceWord(source="vehicle", reason="", as_of="2026-10-06"),
        SourceWord(source="bank", reason="not_received", as_of=""),
    ]
    rows = coverage(
        households=households(ZHANG), matches=matches, words=words, standing=table([ZHANG, wife], ZHANG)
    ).to_pylist()
    assert [(row["source"], row["status"], row["reason"]) for row in rows] == [
        ("bank", "not_checked", "not_received"),
        ("vehicle", "not_checked", "not_authorised"),
    ]


_day = st.dates(date(2022, 1, 1), date(2030, 1, 1))


@given(st.lists(st.tuples(_day, _day, st.none() | _day), max_size=5))
def test_whatever_forms_there_are_only_one_that_holds_opens_anything(
    terms: list[tuple[date, date, date | None]],
) -> None:
    signed = [
        ZHANG | {"signed_date": first, "valid_to": last, "withdrawn_date": withdrawn}
        for first, last, withdrawn in terms
    ]
    last_day = MONTH.last_day
    holds = any(
        first <= last_day <= last and not (withdrawn and withdrawn <= last_day)
        for first, last, withdrawn in terms
    )
    word, scope = of_zhang(*signed)
    assert (word == "valid") == holds == (scope == ["all"])
