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


_TOWNS, _VILLAGES = "东南西北中高平长沙河", "柳杨桃李杏梅松柏桂枫竹兰"
_CROWD = "crowd-"


# Townspeople in both tables give names their usual frequency; none of them is anybody's namesake below.
def crowd(count: int = 600) -> list[dict[str, Any]]:
    surnames, first, second = "钱孙周吴郑冯褚卫蒋沈", "丙丁戊己庚辛壬癸", "甲乙子丑寅卯辰巳"
    names = [a + b + c for a in surnames for b in first for c in second][:count]
    return [
        person(
            name,
            number(f"{1931 + at % 61}-{1 + at % 12:02d}-{1 + at * 7 % 28:02d}", f"{at % 1000:03d}", "730799"),
            address=f"临溪县{_TOWNS[at % 10]}乡{_VILLAGES[at % 12]}村{at % 90 + 1}号",
        )
        for at, name in enumerate(names)
    ]


def linked(
    record: list[dict[str, Any]],
    member: list[dict[str, Any]],
    *,
    judgements: pa.Table | None = None,
    settings: LinkSettings | None = None,
    listed: int = 0,
    one_each: frozenset[str] = frozenset(),
) -> Linked:
    """Link a few death records among a crowd of strangers; so many of the crowd are members themselves."""
    strangers = [who | {"record_id": f"{_CROWD}{at}"} for at, who in enumerate(crowd())]
    others = [
        who | {"record_id": f"{_CROWD}m{at}", "household_id": f"{_CROWD}h{at}"}
        for at, who in enumerate(crowd(listed))
    ]
    return link(
        batches=deaths(*record, *strangers).to_batches(),
        table_name="death",
        members=members(*member, *others),
        judgements=judgements,
        settings=settings or default_settings(),
        one_each=one_each,
    )


def found(result: Linked) -> dict[tuple[str, str], str]:
    """Matched pairs and their method, the crowd left out."""
    return {(row["record"], row["member_id"]): row["method"] for row in _of_case(result.matches)}


def reviewed(result: Linked) -> dict[tuple[str, str], str]:
    """Pairs under review and the reason, the crowd left out."""
    return {(row["record"], row["member_id"]): row["reason"] for row in _of_case(result.reviews)}


def level(result: Linked, field: str) -> str:
    """The level of a field in the only match."""
    (row,) = _of_case(result.matches)
    return next(entry["level"] for entry in row["comparisons"] if entry["field"] == field)


def told(result: Linked, kind: str, name: str, level: str) -> dict[str, Any]:
    """One row of the model."""
    rows: list[dict[str, Any]] = result.model.to_pylist()
    (row,) = [row for row in rows if (row["kind"], row["name"], row["level"]) == (kind, name, level)]
    return row


def _of_case(pairs: pa.Table) -> list[dict[str, Any]]:
    """Without the pairs of two townspeople: one of the case taken for a townsperson does show."""
    rows: list[dict[str, Any]] = pairs.to_pylist()
    ends = ("record", "member_id")
    return [row for row in rows if not all(row[end].startswith(_CROWD) for end in ends)]
