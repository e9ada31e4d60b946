"""Verdicts as a caseworker gives them: on what a source writes of somebody and what the list writes of a member."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from pipelines.s4_link.judgements import JUDGEMENTS
from pipelines.s4_link.likeness import LIKENESS
from pipelines.s4_link.people import People, people_of_members, people_of_records
from tests.unit.s4_link.link_cases import deaths, members

Person = dict[str, Any]


def verdict(said: str, record: Person, member: Person) -> dict[str, Any]:
    """One row of the verdicts in force."""
    known, listed = people_of_records(deaths(record)), people_of_members(members(member))
    source = known.rows["group"][0].as_py()
    return {"source": source, "record": values(known), "member": values(listed), "verdict": said}


def values(people: People) -> dict[str, str | None]:
    return {name: people.rows[name].cast(pa.string())[0].as_py() for name in LIKENESS}


def in_force(*verdicts: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(verdicts), schema=JUDGEMENTS)
