"""20,000 generated people against a brute-force oracle: nobody without a form in force is sent, linked or handed on.

Dates on both sides of every boundary, scopes, withdrawals, several and overlapping forms, heads and members, forms with
a damaged or another number or under another name, and forms signed for another household.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipelines.base.period import Period
from pipelines.contracts import by_name
from pipelines.s4_link import authorised, closed_numbers, default_settings, is_closed, link, looked_up
from pipelines.sources.connectors.authorisation import Authorisation, people_to_ask
from tests.unit.authorisation.cases import (
    DAY,
    SOURCES,
    Form,
    Person,
    Town,
    in_force,
    may_be_looked_up,
    town,
)
from tests.unit.s4_link.link_cases import deaths, members

TOWNS, PEOPLE = 4, 5_000
MONTH = Period.parse("2026-10")
_COLUMNS = ("name", "name_raw", "id_no", "id_raw", "id_state", "id18", "birth_date", "sex")


@pytest.fixture(scope="module", params=range(TOWNS), ids=lambda seed: f"town {seed}")
def case(request: pytest.FixtureRequest) -> Town:
    return town(request.param, PEOPLE)


def _plain(who: Person) -> dict[str, Any]:
    return {name: who[name] for name in _COLUMNS}


def listed(case: Town) -> pa.Table:
    return members(
        *(
            _plain(who) | {"record_id": f"m{at}", "household_id": who["home"]}
            for at, who in enumerate(case.members)
        )
    )


def households(case: Town) -> pa.Table:
    numbers = sorted({who["home"] for who in case.members})
    schema = by_name("household").schema
    blank = dict.fromkeys(schema.names) | {"programme": "dibao_rural", "town": "", "village": ""}
    blank |= {"members": 1, "covered": 1, "derived_from": []}
    rows = [blank | {"record_id": home, "household_no": home} for home in numbers]
    return pa.Table.from_pylist(rows, schema=schema)


def delivered(forms: list[Form]) -> pa.Table:
    base = {"source": "authorisation", "delivery": "authorisation/20261027_01", "file_name": "f", "slot": 0}
    rows = [
        base | {"record_id": f"form#{at}", "row_no": at, "derived_from": []} | form
        for at, form in enumerate(forms)
    ]
    return pa.Table.from_pylist(rows, schema=by_name("authorisation").schema)


def standing(case: Town) -> pa.Table:
    return authorised(
        members=listed(case),
        households=households(case),
        forms=delivered(case.forms),
        kept="delivered",
        period=MONTH,
    )


def allowed(case: Town) -> dict[str, set[str]]:
    """The oracle's word: by source the members who may be looked up."""
    by_home: dict[str, list[Form]] = defaultdict(list)
    for form in case.forms:
        by_home[form["household_no"]].append(form)
    return {
        source: {
            f"m{at}"
            for at, who in enumerate(case.members)
            if may_be_looked_up(who, by_home[who["home"]], source)
        }
        for source in SOURCES
    }


def test_the_cases_hold_both_kinds_in_number(case: Town) -> None:
    for open_members in allowed(case).values():
        assert 0.15 * PEOPLE < len(open_members) < 0.85 * PEOPLE


def test_planned_for_each_source_are_exactly_those_the_oracle_allows(case: Town) -> None:
    expected = allowed(case)
    planned: dict[str, set[str]] = {}
    for sources, who in looked_up(listed(case), standing(case), SOURCES):
        for source in sources:
            planned[source] = set(who["record_id"].to_pylist())
    assert planned == expected


def test_sent_are_exactly_the_people_with_a_form_in_force_each_once(case: Town) -> None:
    held = [
        Authorisation(
            name=form["name"],
            id_no=form["id_no"],
            authorisation_no=form["authorisation_no"],
            valid_from=form["signed_date"],
            valid_to=form["valid_to"],
            scope=form["scope"],
            withdrawn_date=form["withdrawn_date"],
        )
        for form in case.forms
    ]
    forms_by_no = {form["authorisation_no"]: form for form in case.forms}
    everyone = {(form["id_no"], form["name"]) for form in case.forms}
    for source in SOURCES:
        expected = {(form["id_no"], form["name"]) for form in case.forms if in_force(form, source)}
        sent, refused = people_to_ask(held, source=source, day=DAY)
        assert [(one.id_no, one.name) for one in sent] == sorted(expected)
        assert refused == len(everyone - expected) > 0
        for one in sent:  # the form that is named to the registry is itself one that holds
            assert in_force(forms_by_no[one.authorisation_no], source)


def test_linked_and_handed_on_are_only_records_of_people_the_oracle_allows(case: Town) -> None:
    """Each registry holds a record of everybody listed, and the whole of it is delivered."""
    expected, table, stands = allowed(case), listed(case), standing(case)
    closed = closed_numbers(table, stands, SOURCES)
    numbers = [who["id18"] for who in case.members]
    for sources, open_members in looked_up(table, stands, SOURCES):
        for source in sources:
            records = deaths(
                *(
                    _plain(who) | {"record_id": f"d{at}", "source": source}
                    for at, who in enumerate(case.members)
                    if who["id18"]
                )
            )
            kept = records.filter(pc.invert(is_closed(records, closed))).combine_chunks()
            handed_on = {row.replace("d", "m") for row in kept["record_id"].to_pylist()}
            assert handed_on == {member for member in expected[source] if numbers[int(member[1:])]}
            found = link(
                batches=kept.to_batches(),
                table_name="death",
                members=open_members,
                judgements=None,
                settings=default_settings(),
            )
            pairs = [*found.matches.to_pylist(), *found.reviews.to_pylist()]
            for pair in pairs:
                assert pair["member_id"] in expected[source]
                assert pair["record"].replace("d", "m") in expected[source]
            exact = {row["member_id"] for row in found.matches.to_pylist() if row["method"] == "exact_id"}
            assert exact == handed_on
