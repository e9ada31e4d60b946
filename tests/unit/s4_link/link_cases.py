"""Small tables to link: people are written as a caseworker would, county codes start with 73 (nobody's)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from pipelines.contracts import by_name
from pipelines.s4_link import Linked, LinkSettings, default_settings, link

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
TOWN, VILLAGE = "刻木山乡", "九里岗村"
HOME = f"临溪县{TOWN}{VILLAGE}103号"


def number(birth: str, sequence: str, county: str = "730724") -> str:
    """A valid id number of a fictional county."""
    body = county + birth.replace("-", "") + sequence
    return body + "10X98765432"[sum(int(a) * w for a, w in zip(body, _WEIGHTS, strict=True)) % 11]


def person(
    name: str | None, id_no: str | None = None, state: str = "valid18", **other: Any
) -> dict[str, Any]:
    """PERSON columns: birth date and sex follow from a valid number unless given."""
    if id_no is None:
        state = "missing"
    id18 = None
    if id_no and state in ("valid18", "valid15"):
        id18 = id_no if state == "valid18" else widened(id_no)
    born = date.fromisoformat(f"{id18[6:10]}-{id18[10:12]}-{id18[12:14]}") if id18 else None
    sex = ("F", "M")[int(id18[16]) % 2] if id18 else None
    row = {"name": name, "name_raw": name, "id_no": id_no, "id_raw": id_no, "id_state": state, "id18": id18}
    row |= {"birth_date": born, "sex": sex}
    if isinstance(other.get("birth_date"), str):
        other["birth_date"] = date.fromisoformat(other["birth_date"])
    return row | other


def widened(old: str) -> str:
    """15 → 18 digits."""
    return number(f"19{old[6:12]}", old[12:], old[:6])


def members(*people: dict[str, Any]) -> pa.Table:
    """household_member rows; member m0, m1 … each in a household of its own unless said."""
    rows = []
    for at, who in enumerate(people):
        place = {"programme": "dibao_rural", "town": TOWN, "village": VILLAGE, "address": None}
        rest = {"record_id": f"m{at}", "household_id": f"h{at}", "is_head": True, "is_covered": True}
        rows.append(place | rest | {"relation": None, "derived_from": [f"list#{at}"]} | who)
    return pa.Table.from_pylist(rows, schema=by_name("household_member").schema)


def deaths(*people: dict[str, Any]) -> pa.Table:
    """death rows d0, d1 …, dated and placed alike unless said."""
    rows = []
    for at, who in enumerate(people):
        row = {"record_id": f"d{at}", "source": "death_medical", "delivery": "death_medical/20240701_01"}
        row |= {"file_name": "deaths.csv", "row_no": at + 1, "slot": 0, "derived_from": [], "address": HOME}
        row |= {"registry": "medical", "death_date": date(2024, 5, 1), "recorded_date": None}
        rows.append(row | who)
    return pa.Table.from_pylist(rows, schema=by_name("death").schema)


# Townspeople in both tables give names their usual frequency; none of them is anybody's namesake below.
def crowd(count: int = 600) -> list[dict[str, Any]]:
    surnames, first, second = "钱孙周吴郑冯褚卫蒋沈", "丙丁戊己庚辛壬癸", "甲乙子丑寅卯辰巳"
    names = [a + b + c for a in surnames for b in first for c in second][:count]
    return [
        person(name, number(f"{1931 + at % 60}-0{1 + at % 9}-1{at % 9}", f"{at % 1000:03d}", "730799"))
        for at, name in enumerate(names)
    ]


def linked(
    record: list[dict[str, Any]],
    member: list[dict[str, Any]],
    *,
    judgements: pa.Table | None = None,
    settings: LinkSettings | None = None,
) -> Linked:
    """Link a few death records among a crowd of strangers."""
    return link(
        records=deaths(*record, *crowd()),
        table_name="death",
        members=members(*member),
        judgements=judgements,
        settings=settings or default_settings(),
    )


def found(result: Linked) -> dict[tuple[str, str], str]:
    """Matched pairs and their method."""
    rows = result.matches.select(["record", "member_id", "method"]).to_pylist()
    return {(row["record"], row["member_id"]): row["method"] for row in rows}


def reviewed(result: Linked) -> dict[tuple[str, str], str]:
    """Pairs under review and the reason."""
    rows = result.reviews.select(["record", "member_id", "reason"]).to_pylist()
    return {(row["record"], row["member_id"]): row["reason"] for row in rows}


def level(result: Linked, field: str) -> str:
    """The level of a field in the only match."""
    (row,) = result.matches.to_pylist()
    return next(entry["level"] for entry in row["comparisons"] if entry["field"] == field)
