"""Who may be looked up: a member with a valid form in the month, in the sources the form names. Nobody else.

A form is found by household and id number (with an agreeing name: a child listed under its mother's number is
not covered by hers), or by household and name where one of the two numbers is missing or damaged. A form in the
household that agrees in number or name but not in both opens nothing: list or form must be corrected first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.period import Period
from pipelines.contracts import conform
from pipelines.contracts.household import MEMBER_AUTHORISATION
from pipelines.s4_link.names import name_key, name_level

ALL_SOURCES = "all"
_SAME_NAME = frozenset({"equal", "variant", "lost_character"})
_WITH_ONE_NUMBER = _SAME_NAME | {"homophone", "look_alike", "cut_name", "first_part", "missing"}
_FORM = (
    "record_id",
    "household_no",
    "id18",
    "name",
    "scope",
    "signed_date",
    "valid_to",
    "withdrawn_date",
)

Row = Mapping[str, Any]


def authorised(
    *,
    members: pa.Table,
    households: pa.Table,
    forms: pa.Table,
    kept: Literal["delivered", "on_file"],
    period: Period,
) -> pa.Table:
    """MEMBER_AUTHORISATION: one row a member. With `on_file` the bureau vouches, and everyone may be looked up."""
    numbers = dict(
        zip(households["record_id"].to_pylist(), households["household_no"].to_pylist(), strict=True)
    )
    signed: dict[str, list[Row]] = defaultdict(list)
    for form in forms.select(_FORM).sort_by("record_id").to_pylist():
        signed[form["household_no"]].append(form)
    rows = [
        _row(member, signed[numbers[member["household_id"]]], kept, period.last_day)
        for member in members.select(["record_id", "household_id", "id18", "name"]).to_pylist()
    ]
    return conform(pa.Table.from_pylist(rows, schema=MEMBER_AUTHORISATION.schema), MEMBER_AUTHORISATION)


def _row(member: Row, signed: list[Row], kept: str, day: date) -> dict[str, Any]:
    own = [] if kept == "on_file" else [form for form in signed if _is_of(form, member)]
    valid = [form for form in own if holds(form, day)]
    scope = sorted({source for form in valid for source in _sources(form["scope"])})
    return {
        "record_id": f"{member['record_id']}=authorisation",
        "member_id": member["record_id"],
        "household_id": member["household_id"],
        "standing": kept
        if kept == "on_file"
        else _standing(own, valid, day) or _unsigned([form for form in signed if form not in own], member),
        "scope": [ALL_SOURCES] if kept == "on_file" or ALL_SOURCES in scope else scope,
        "derived_from": [member["record_id"], *(form["record_id"] for form in own)],
    }


def _is_of(form: Row, member: Row) -> bool:
    level = name_level(name_key(form["name"]), name_key(member["name"]))
    if form["id18"] and member["id18"]:
        return bool(form["id18"] == member["id18"]) and level in _WITH_ONE_NUMBER
    return level in _SAME_NAME


def holds(form: Row, day: date) -> bool:
    """Signed by that day, not run out, not withdrawn; the last day of its validity still counts."""
    withdrawn = form["withdrawn_date"]
    return bool(form["signed_date"] <= day <= form["valid_to"]) and (withdrawn is None or withdrawn > day)


def _standing(own: list[Row], valid: list[Row], day: date) -> str:
    """Of the latest form that was signed by the day, when none is valid; empty when there is none."""
    if valid:
        return "valid"
    past = [form for form in own if form["signed_date"] <= day]
    if not past:
        return ""
    latest = max(past, key=lambda form: (form["signed_date"], form["record_id"]))
    return "expired" if latest["withdrawn_date"] is None or latest["withdrawn_date"] > day else "withdrawn"


def _unsigned(signed: list[Row], member: Row) -> str:
    """None of these forms is the member's; perhaps one nearly is."""
    numbers = {form["id18"] for form in signed} - {None}
    names = {name_key(form["name"]) for form in signed} - {""}
    differs = member["id18"] in numbers or name_key(member["name"]) in names
    return "form_differs" if differs else "not_signed"


def _sources(scope: str) -> list[str]:
    return [source.strip() for source in scope.replace("，", ",").split(",") if source.strip()]


def looked_up(
    members: pa.Table, standing: pa.Table, sources: Iterable[str]
) -> list[tuple[tuple[str, ...], pa.Table]]:
    """The members each source may be searched for; sources with the same members stand together, in order."""
    names = tuple(sorted(sources))
    groups: dict[frozenset[str], list[str]] = defaultdict(list)
    for name in names:
        groups[_closed_members(standing, name)].append(name)
    return [(tuple(group), _without(members, closed)) for closed, group in groups.items()] or [((), members)]


def closed_numbers(
    members: pa.Table, standing: pa.Table, sources: Iterable[str]
) -> dict[str, frozenset[str]]:
    """By source the id numbers of listed people who may not be looked up there; sources without any stay out.

    A number that another, authorised member bears too is not closed: the record may be that member's.
    """
    number = dict(zip(members["record_id"].to_pylist(), members["id18"].to_pylist(), strict=True))
    found: dict[str, frozenset[str]] = {}
    for source in sorted(sources):
        closed = _closed_members(standing, source)
        if not closed:
            continue
        open_numbers = {number[member] for member in number if member not in closed}
        numbers = frozenset({number[member] for member in closed} - open_numbers - {None})
        if numbers:
            found[source] = numbers
    return found


def closed_households(standing: pa.Table, sources: Iterable[str]) -> dict[str, frozenset[str]]:
    """By source the households with at least one member who may not be looked up there."""
    home = dict(zip(standing["member_id"].to_pylist(), standing["household_id"].to_pylist(), strict=True))
    return {
        source: frozenset(home[member] for member in _closed_members(standing, source)) for source in sources
    }


def is_closed(records: pa.Table, closed: Mapping[str, frozenset[str]]) -> pa.Array:
    """For each record: does it bear a number that is closed in its source."""
    mask = pa.array([False] * records.num_rows)
    for source, numbers in closed.items():
        borne = pc.is_in(records["id18"], value_set=pa.array(sorted(numbers), pa.string()))
        here = pc.and_(pc.equal(records["source"], source), borne)
        mask = pc.or_(mask, here)
    return mask


def _closed_members(standing: pa.Table, source: str) -> frozenset[str]:
    columns = (standing["member_id"].to_pylist(), standing["scope"].to_pylist())
    return frozenset(
        member
        for member, scope in zip(*columns, strict=True)
        if ALL_SOURCES not in scope and source not in scope
    )


def _without(members: pa.Table, closed: frozenset[str]) -> pa.Table:
    if not closed:
        return members
    gone = pc.is_in(members["record_id"], value_set=pa.array(sorted(closed), pa.string()))
    return members.filter(pc.invert(gone)).combine_chunks()
