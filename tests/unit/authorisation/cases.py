"""Generated households with signed forms of every kind, and an oracle that reads them by brute force.

The oracle knows nothing of the product: a person may be looked up in a source when a form of the household is the
person's, names the source or all, was signed by the day, has not run out and was not withdrawn by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.unit.s4_link.link_cases import number, person

DAY = date(2026, 10, 31)
SOURCES = ("death_cremation", "death_medical", "death_police")
_SURNAMES, _FIRST, _LAST = "钱孙周吴郑冯褚卫蒋沈", "丙丁戊己庚辛壬癸", "子丑寅卯辰午未申"
_SIGNED = (-400, -400, -400, -30, -1, 0, 1, 30)
_RUNS_OUT = (400, 400, 400, 30, 1, 0, -1, -30)
_WITHDRAWN = (None, None, None, None, None, -30, -1, 0, 1, 30)
_SCOPES = (
    "all",
    "all",
    "all",
    "death_police",
    "death_police,death_medical",
    "death_cremation，death_medical",
    "death_medical, death_police",
    "bank",
    "vehicle,all",
    "",
)
Person = dict[str, Any]
Form = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Town:
    """Listed people with the number of their household, and the forms that were delivered."""

    members: list[Person]
    forms: list[Form]


def town(seed: int, people: int) -> Town:
    """Households of one to four; nought to six forms each, of the head, of others, wrong, overlapping, elsewhere."""
    rng = Random(seed)  # noqa: S311
    members: list[Person] = []
    forms: list[Form] = []
    while len(members) < people:
        home = f"NC{seed:02d}{len(members):06d}"
        own = [_member(rng, seed, len(members) + at, home, at) for at in range(rng.randint(1, 4))]
        members += own
        forms += [_form(rng, seed, len(forms) + at, own, home) for at in range(rng.randint(0, 6))]
    return Town(members=members, forms=forms)


def _member(rng: Random, seed: int, at: int, home: str, place: int) -> Person:
    name = _SURNAMES[(at + place) % 10] + _FIRST[place * 2 % 8] + _LAST[(at + place * 3) % 8]
    born = date(1940, 1, 1) + timedelta(days=at * 3 % 25_000)
    whole = number(f"{born:%Y-%m-%d}", f"{at % 1000:03d}", f"73{seed % 100:02d}{at // 1000 % 100:02d}")
    damaged = rng.random() < 0.1
    who = person(name, whole[:14] + "0000", "excel_cut") if damaged else person(name, whole)
    return who | {"home": home, "whole": whole}


def _form(rng: Random, seed: int, at: int, own: list[Person], home: str) -> Form:
    of, other = rng.choice(own), rng.choice(own)
    form: Form = {"name": of["name"], "id18": of["whole"], "id_no": of["whole"], "household_no": home}
    kind = rng.choices(("own", "damaged", "other name", "other number", "elsewhere"), (70, 8, 8, 8, 6))[0]
    if kind == "damaged":
        form |= {"id18": None, "id_no": of["whole"][:14] + "0000"}
    if kind == "other name":
        form |= {"name": other["name"] if other is not of else "欧阳荣荣"}
    if kind == "other number":
        form |= {"id18": number("1933-03-03", f"{at % 1000:03d}", "739999")}
        form["id_no"] = form["id18"]
    if kind == "elsewhere":
        form |= {"household_no": f"{home}X"}
    withdrawn = rng.choice(_WITHDRAWN)
    return form | {
        "authorisation_no": f"SQ{seed}-{at}",
        "scope": rng.choice(_SCOPES),
        "signed_date": DAY + timedelta(days=rng.choice(_SIGNED)),
        "valid_to": DAY + timedelta(days=rng.choice(_RUNS_OUT)),
        "withdrawn_date": None if withdrawn is None else DAY + timedelta(days=withdrawn),
    }


def in_force(form: Form, source: str) -> bool:
    """By brute force: on the day, for the source."""
    if form["signed_date"] > DAY or form["valid_to"] < DAY:
        return False
    if form["withdrawn_date"] is not None and form["withdrawn_date"] <= DAY:
        return False
    named = {word.strip() for part in form["scope"].split(",") for word in part.split("，")}
    return "all" in named or source in named


def may_be_looked_up(member: Person, forms: list[Form], source: str) -> bool:
    """By brute force: some form of the household is the member's and in force."""
    for form in forms:
        if form["household_no"] != member["home"] or form["name"] != member["name"]:
            continue
        both = form["id18"] is not None and member["id18"] is not None
        if both and form["id18"] != member["id18"]:
            continue
        if in_force(form, source):
            return True
    return False
