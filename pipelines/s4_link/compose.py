"""Households and members from the assistance lists: a person named twice in a household is one member."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pipelines.base.database import in_memory
from pipelines.base.ids import short_id
from pipelines.base.period import Period
from pipelines.contracts import conform
from pipelines.contracts.household import HOUSEHOLD, HOUSEHOLD_MEMBER
from pipelines.s4_link.names import name_key, name_level
from pipelines.s4_link.queries import answer

_SAME_PERSON = frozenset(
    {"equal", "variant", "homophone", "look_alike", "lost_character", "cut_name", "first_part", "missing"}
)
_IDENTITY = ("record_id", "household_no", "id18", "name", "birth_date")


@dataclass(frozen=True, kw_only=True)
class Composed:
    """Contract tables household and household_member of one month."""

    households: pa.Table
    members: pa.Table


def compose(*, recipients: pa.Table, payments: pa.Table, jurisdiction: str, period: Period) -> Composed:
    """One household per household number; one member per person in it."""
    persons = _persons(recipients, jurisdiction)
    with in_memory() as con:
        con.register("recipient", recipients)
        con.register("payment", payments)
        con.register("person", persons)
        con.register("household_key", _household_keys(recipients, jurisdiction))
        members = answer(con, "household_member")
        con.register("member", members)
        month = {"month": str(period)}
        households = answer(con, "household", month)
    members = members.drop_columns(["person_amount"])
    return Composed(households=conform(households, HOUSEHOLD), members=conform(members, HOUSEHOLD_MEMBER))


def _household_keys(recipients: pa.Table, jurisdiction: str) -> pa.Table:
    numbers = recipients["household_no"].unique().to_pylist()
    ids = [short_id("H", jurisdiction, number) for number in numbers]
    return pa.table(
        {"household_no": pa.array(numbers, pa.string()), "household_id": pa.array(ids, pa.string())}
    )


def _persons(recipients: pa.Table, jurisdiction: str) -> pa.Table:
    """Per list record the member it is about: record_id, member_id."""
    by_household: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in recipients.select(_IDENTITY).sort_by("record_id").to_pylist():
        by_household[row["household_no"]].append(row)
    owned: list[tuple[str, str]] = []
    for number, rows in by_household.items():
        people = _people(rows)
        ids = _member_ids(people, jurisdiction, number)
        owned += [(row["record_id"], own) for own, person in zip(ids, people, strict=True) for row in person]
    columns = zip(*owned, strict=True) if owned else ((), ())
    names = ("record_id", "member_id")
    return pa.table(
        {name: pa.array(values, pa.string()) for name, values in zip(names, columns, strict=True)}
    )


def _people(rows: list[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Rows of one household grouped by person; rows with a valid number come first and lead a group."""
    people: list[list[Mapping[str, Any]]] = []
    for row in sorted(rows, key=lambda row: (row["id18"] is None, row["record_id"])):
        same = next((person for person in people if _is_same(person[0], row)), None)
        if same is None:
            people.append([row])
            continue
        same.append(row)
    return people


def _is_same(first: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Same number and no other name (a child listed with its mother's number is a second person);
    without a number, the same name."""
    names = name_key(first["name"]), name_key(row["name"])
    if first["id18"] and row["id18"]:
        return bool(first["id18"] == row["id18"]) and name_level(*names) in _SAME_PERSON
    return bool(names[0]) and names[0] == names[1]


def _member_ids(people: list[list[Mapping[str, Any]]], jurisdiction: str, household_no: str) -> list[str]:
    """From number, else name and birth date: stable across months. Two alike fall back to the record."""
    wanted = [_identity(person[0]) for person in people]
    times = Counter(wanted)
    parts = [
        identity if times[identity] == 1 else (person[0]["record_id"],)
        for identity, person in zip(wanted, people, strict=True)
    ]
    return [short_id("P", jurisdiction, household_no, *part) for part in parts]


def _identity(row: Mapping[str, Any]) -> tuple[str, ...]:
    if row["id18"]:
        return (row["id18"],)
    if not row["name"]:
        return (row["record_id"],)
    return (row["name"], row["birth_date"].isoformat() if row["birth_date"] else "")
