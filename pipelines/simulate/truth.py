"""What is really so: who the members are, where they stand in every delivery, and which flags are right.

truth_flag follows the rules' definitions on the clean truth. A death no registry records is nobody's to find:
such a member counts as living here too. Nor is anything of a member who may not be looked up: truth_link says so
row by row.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.simulate import damage, houses
from pipelines.simulate.assistance import PROGRAMMES
from pipelines.simulate.benefits import counted_pensions
from pipelines.simulate.city import City
from pipelines.simulate.consent import BANK
from pipelines.simulate.draw import NOBODY, Bools, Cells, Ints, mask_of
from pipelines.simulate.outbox import Bearers
from pipelines.simulate.population import HEAD
from pipelines.simulate.truth_members import counting, member_candidates, member_flags

PERSON = pa.schema(
    [
        pa.field("person_key", pa.string(), nullable=False),
        pa.field("household_no", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("id18", pa.string(), nullable=False),
        pa.field("birth_date", pa.date32(), nullable=False),
        pa.field("sex", pa.string(), nullable=False),
        pa.field("is_covered", pa.bool_(), nullable=False),
        pa.field("is_head", pa.bool_(), nullable=False),
        pa.field("death_date", pa.date32()),
    ]
)
LINK = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("delivery", pa.string(), nullable=False),
        pa.field("file_name", pa.string(), nullable=False),
        pa.field("row_no", pa.int32(), nullable=False),
        pa.field("slot", pa.int32(), nullable=False),
        pa.field("person_key", pa.string(), nullable=False),
        pa.field("damage", pa.string(), nullable=False),
        pa.field("list_damage", pa.string(), nullable=False),
        pa.field("may_look_up", pa.bool_(), nullable=False),
    ]
)
FLAG = pa.schema(
    [
        pa.field("household_no", pa.string(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("subject_person_key", pa.string(), nullable=False),
    ]
)
CANDIDATE = pa.schema(
    [
        pa.field("household_no", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("subject_person_key", pa.string(), nullable=False),
    ]
)
_LISTS = PROGRAMMES
_NEED_NO_FORM = (*_LISTS, "payment", "authorisation")


def person_keys(person: Ints) -> Cells:
    """A key that exists only in the truth: no registry writes it."""
    keys = np.empty(len(person), dtype=object)
    keys[:] = [f"R{number:08d}" for number in person.tolist()]
    return keys


def truth_person(city: City) -> pa.Table:
    """One row per member of an assisted household."""
    assisted, people = city.assisted, city.people
    person = assisted.person
    died = np.full(len(people.home), NOBODY, dtype=np.int64)
    died[city.deaths.person] = city.deaths.day
    columns = [
        pa.array(person_keys(person), pa.string()),
        pa.array(assisted.household_no[assisted.household].tolist(), pa.string()),
        pa.array(people.name[person].tolist(), pa.string()),
        pa.array(people.id18[person].tolist(), pa.string()),
        pa.array(people.birth[person].astype(np.int32)).cast(pa.date32()),
        pa.array(np.where(people.is_male[person], "M", "F").tolist(), pa.string()),
        pa.array(assisted.is_covered),
        pa.array(people.role[person] == HEAD),
        pa.array(died[person].astype(np.int32), mask=died[person] == NOBODY).cast(pa.date32()),
    ]
    return pa.Table.from_arrays(columns, schema=PERSON)


def truth_link(city: City, bearers: list[Bearers]) -> pa.Table:
    """One row per delivered row and slot that belongs to a member of an assisted household."""
    on_list = np.zeros(len(city.people.home), dtype=np.int64)
    for bearer in bearers:
        if bearer.source in _LISTS:
            on_list[bearer.person] |= bearer.marks
    parts = [_links_of(city, bearer, on_list) for bearer in bearers]
    table: pa.Table = pa.concat_tables(parts)
    return table.sort_by([(name, "ascending") for name in ("delivery", "file_name", "row_no", "slot")])


def _links_of(city: City, bearer: Bearers, on_list: Ints) -> pa.Table:
    rows = np.flatnonzero(city.assisted.household_of[bearer.person] != NOBODY)
    person = bearer.person[rows]
    columns = [
        pa.array([bearer.source] * len(rows), pa.string()),
        pa.array([bearer.delivery] * len(rows), pa.string()),
        pa.array([bearer.file_name] * len(rows), pa.string()),
        pa.array(bearer.row_no[rows].astype(np.int32)),
        pa.array(bearer.slot[rows].astype(np.int32)),
        pa.array(person_keys(person), pa.string()),
        pa.array(damage.describe(bearer.marks[rows]), pa.string()),
        pa.array(damage.describe(on_list[person]), pa.string()),
        pa.array(_may_look_up(city, bearer.source)[person]),
    ]
    return pa.Table.from_arrays(columns, schema=LINK)


def _may_look_up(city: City, source: str) -> Bools:
    """For everyone: a member with a form that opens this source. The lists themselves need none."""
    if source in _NEED_NO_FORM:
        return np.ones(len(city.people.home), dtype=np.bool_)
    return mask_of(len(city.people.home), city.assisted.person[city.consent.opens(source)])


def truth_flag(city: City) -> pa.Table:
    """One row per flag that is right, in order of household, code and subject."""
    assisted = city.assisted
    rows = [
        (str(number), code, "")
        for code, mask in _household_flags(city).items()
        for number in assisted.household_no[mask].tolist()
    ]
    for code, members in member_flags(city).items():
        numbers = assisted.household_no[assisted.household[members]].tolist()
        keys = person_keys(assisted.person[members]).tolist()
        rows += [(number, code, key) for number, key in zip(numbers, keys, strict=True)]
    rows.sort()
    return pa.Table.from_arrays(
        [pa.array([row[place] for row in rows], pa.string()) for place in range(len(FLAG))], schema=FLAG
    )


def truth_candidate(city: City) -> pa.Table:
    """One row per member who is owed an allowance nobody pays, in order of household, kind and person."""
    assisted = city.assisted
    rows = sorted(
        (number, kind, key)
        for kind, members in member_candidates(city).items()
        for number, key in zip(
            assisted.household_no[assisted.household[members]].tolist(),
            person_keys(assisted.person[members]).tolist(),
            strict=True,
        )
    )
    return pa.Table.from_arrays(
        [pa.array([row[place] for row in rows], pa.string()) for place in range(len(CANDIDATE))],
        schema=CANDIDATE,
    )


def _household_flags(city: City) -> dict[str, Bools]:
    assisted, living = city.assisted, counting(city)
    size = assisted.count_by_household(living)
    covered = assisted.count_by_household(living & assisted.is_covered)
    counted = counted_pensions(city.profile, len(city.people.home), city.employee, city.resident)
    counted += city.wages.counted(len(counted))
    seen = living & city.consent.is_valid
    income = assisted.sum_by_household(np.where(seen, counted[assisted.person], 0))
    limit = assisted.standard * size
    entitlement = np.maximum(limit - income, 0) * covered // np.maximum(size, 1)
    fixed = city.profile.standards.support_basic_fen + max(city.profile.standards.support_care_fen)
    is_tekun = assisted.programme == PROGRAMMES.index("tekun")
    due = np.where(_may_grant_in_full(city), entitlement, 0)
    due = np.where(is_tekun, city.profile.standards.support_basic_fen * covered, due)
    entitlement = np.where(is_tekun, fixed * covered, entitlement)
    paid = city.benefits.paid[-1]
    over = income > limit
    return {
        "vehicle_owned": _vehicles_held(city) > 0,
        "dwellings_over": _pieces_held(city, (houses.DWELLING,)) > 1,
        "non_residential_owned": _pieces_held(city, (houses.SHOP, houses.OFFICE)) > 0,
        "income_over_standard": over,
        "amount_above_entitlement": (paid - entitlement > city.profile.standards.materiality_fen) & ~over,
        "amount_below_entitlement": (due - paid > city.profile.standards.materiality_fen) & ~over,
        "paid_differs_from_list": paid != city.benefits.listed,
        "financial_assets_over": _balances(city) > limit * city.profile.standards.assets_months,
        "business_owned": _businesses_held(city) > 0,
    }


def _may_grant_in_full(city: City) -> Bools:
    """Households the list grants the full amount, all of whose members may be looked up for income."""
    members = city.assisted
    are_open: Bools = members.count_by_household(city.consent.is_valid) == members.size
    return city.benefits.is_full & are_open


def _household_of_living(city: City, source: str = "") -> Ints:
    """For everyone: the assisted household one is a living member of who may be looked up, or NOBODY."""
    household = city.assisted.household_of.copy()
    household[city.assisted.person[~(counting(city) & city.consent.opens(source))]] = NOBODY
    return household


def _vehicles_held(city: City) -> Ints:
    """Counted vehicles of living members, by household."""
    household = _household_of_living(city)[city.vehicles.owner[city.vehicles.is_counted]]
    return np.bincount(household[household != NOBODY], minlength=len(city.assisted.home)).astype(np.int64)


def _balances(city: City) -> Ints:
    """What living members have in all their accounts, by household."""
    household = _household_of_living(city, BANK)[city.accounts.person]
    total = np.zeros(len(city.assisted.home), dtype=np.int64)
    np.add.at(total, household[household != NOBODY], city.accounts.balance[household != NOBODY])
    return total


def _businesses_held(city: City) -> Ints:
    """Posts and shares of living members that count, by household."""
    roles = city.businesses.roles
    counted = city.businesses.is_counted(city.profile.standards.business_capital_fen)
    household = _household_of_living(city)[roles.person[counted]]
    return np.bincount(household[household != NOBODY], minlength=len(city.assisted.home)).astype(np.int64)


def _pieces_held(city: City, uses: tuple[int, ...]) -> Ints:
    """Current pieces of property of these uses: each once, whatever number of owners and registers."""
    held = city.houses
    rows = np.flatnonzero(np.isin(held.use, uses) & held.is_current)
    household = _household_of_living(city)
    first = household[held.owner[rows]]
    second = np.where(held.co_owner[rows] == NOBODY, NOBODY, household[held.co_owner[rows]])
    owner = np.where(first != NOBODY, first, second)
    return np.bincount(owner[owner != NOBODY], minlength=len(city.assisted.home)).astype(np.int64)


def write_truth(city: City, bearers: list[Bearers], folder: Path) -> dict[str, int]:
    """The four tables as Parquet; returns their row counts."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "truth_person": truth_person(city),
        "truth_link": truth_link(city, bearers),
        "truth_flag": truth_flag(city),
        "truth_candidate": truth_candidate(city),
    }
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd", write_page_checksum=True)
    return {name: int(table.num_rows) for name, table in tables.items()}
