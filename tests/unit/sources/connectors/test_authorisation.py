"""Without a valid authorisation in scope nobody is asked about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.connectors.authorisation import people_to_ask
from tests.unit.sources.connectors.people import person

DAY = date(2024, 7, 5)


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, True),
        ({"valid_from": DAY}, True),
        ({"valid_from": DAY + timedelta(days=1)}, False),
        ({"valid_to": DAY}, True),
        ({"valid_to": DAY - timedelta(days=1)}, False),
        ({"withdrawn_date": DAY}, False),
        ({"withdrawn_date": DAY + timedelta(days=1)}, True),
        ({"scope": "bank"}, True),
        ({"scope": "tax, bank"}, True),
        ({"scope": "tax"}, False),
        ({"scope": "bankrupt"}, False),
        ({"scope": ""}, False),
        ({"authorisation_no": " "}, False),
        ({"name": ""}, False),
        ({"id_no": ""}, False),
    ],
)
def test_an_authorisation_holds_on_its_days_for_its_sources(changes: dict[str, object], holds: bool) -> None:
    people, refused = people_to_ask([person(1, **changes)], source="bank", day=DAY)
    assert (len(people), refused) == ((1, 0) if holds else (0, 1))


def test_a_person_with_an_ended_and_a_valid_form_is_asked_once_under_the_valid_one() -> None:
    forms = [person(1, valid_to=date(2024, 1, 31)), person(1, authorisation_no="SQ9")]
    people, refused = people_to_ask(forms, source="bank", day=DAY)
    assert ([one.authorisation_no for one in people], refused) == (["SQ9"], 0)


@given(st.permutations(range(6)), st.sets(st.integers(0, 5)))
def test_the_order_given_does_not_matter_and_everyone_is_counted(order: list[int], ended: set[int]) -> None:
    forms = [person(n, valid_to=date(2024, 1, 31) if n in ended else date(2024, 12, 31)) for n in order]
    people, refused = people_to_ask(forms, source="bank", day=DAY)
    assert [one.name for one in people] == [f"试{n}" for n in sorted(set(range(6)) - ended)]
    assert refused == len(ended)


def test_what_is_printed_of_an_authorisation_names_nobody() -> None:
    assert "试1" not in repr(person(1)) and "7301" not in repr(person(1)) and "SQ" not in repr(person(1))
