"""Tiny tables for one household, from a few words: what the cases in YAML and the unit tests are built on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa

from pipelines.base.period import Period
from pipelines.contracts import Contract, by_name
from pipelines.policy import Pack, RuleInForce, Step, load_pack
from pipelines.policy.catalogue import unit_of
from pipelines.s5_assess import Assessed, Before, Evidence, assess
from pipelines.s5_assess.evidence import RECORD_TABLES

HOUSEHOLD = "H-1"
SOURCES = (
    "bank",
    "business",
    "contrib",
    "custody",
    "death_cremation",
    "death_medical",
    "death_police",
    "disability",
    "hukou",
    "marriage",
    "other_payments",
    "payment",
    "pension_emp",
    "pension_res",
    "property_new",
    "property_old",
    "tax",
    "vehicle",
)
# What a case need not say. `owner` is the member; `review: <reason>` makes the pair one to look at.
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "vehicle": {"plate_type": "02", "vehicle_type": "K33", "status": "A", "source": "vehicle"},
    "property": {
        "certificate_no": "cert",
        "use": "dwelling",
        "right_state": "current",
        "sharing": "sole",
        "source": "property_new",
    },
    "pension": {"state": "paid", "source": "pension_res", "pension_kind": "resident"},
    "death": {"registry": "police", "source": "death_police"},
    "contribution": {"payer": "employee", "fee_month": "2024-05", "source": "contrib"},
    "taxed_income": {
        "income_kind": "wage",
        "period_start": "2023-01-01",
        "period_end": "2023-12-31",
        "source": "tax",
    },
    "bank_balance": {
        "institution": "bank",
        "account_kind": "deposit",
        "asked_date": "2024-06-10",
        "source": "bank",
    },
    "programme_payment": {"programme": "preferential", "pay_month": "2024-06", "source": "other_payments"},
    "disability": {"category": "physical", "level": "1", "state": "valid", "source": "disability"},
    "registered_person": {"state": "registered", "source": "hukou"},
    "marriage": {"event": "marriage", "event_date": "2010-05-01", "source": "marriage"},
    "custody": {"state": "held", "start_date": "2024-01-10", "source": "custody"},
    "business_role": {"role": "legal_representative", "business_no": "b1", "source": "business"},
    "business": {"business_no": "b1", "business_kind": "company", "state": "live", "source": "business"},
}
LISTS = {
    "vehicles": "vehicle",
    "properties": "property",
    "pensions": "pension",
    "deaths": "death",
    "contributions": "contribution",
    "taxed_incomes": "taxed_income",
    "bank_balances": "bank_balance",
    "business_roles": "business_role",
    "programme_payments": "programme_payment",
    "disabilities": "disability",
    "registered": "registered_person",
    "marriages": "marriage",
    "custody": "custody",
}


pack_named = cache(load_pack)


def table(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows as a contract's table; columns a row does not name are empty texts, zeros or nothing."""
    contract = by_name(name)
    filled = [{**_blank(contract), **row} for row in rows]
    return pa.Table.from_pylist(filled, schema=contract.schema)


def _blank(contract: Contract) -> dict[str, Any]:
    values: dict[pa.DataType, Any] = {pa.string(): "", pa.bool_(): False, pa.list_(pa.string()): []}
    return {
        column.name: None
        if column.nullable
        else values.get(column.type, [] if pa.types.is_list(column.type) else 0)
        for column in contract.columns
    }


def household_tables(
    case: Mapping[str, Any], household_id: str = HOUSEHOLD
) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table for one household; ids carry the household's."""
    members = case.get("members", [{"id": "a"}])
    missing = case.get("missing", [])
    rows: dict[str, list[dict[str, Any]]] = {
        "household": [
            {
                "record_id": household_id,
                "household_no": f"CS{household_id}",
                "programme": case.get("programme", "dibao_urban"),
                "town": "town",
                "village": "village",
                "listed_amount": case.get("listed"),
                "paid_amount": case.get("paid"),
                "category": case.get("category"),
                "members": len(members),
                "heads": case.get("heads", 1),
            }
        ],
        "household_member": [
            {
                "record_id": f"{household_id}/{member['id']}",
                "household_id": household_id,
                "is_covered": member.get("covered", True),
                "birth_date": _day(member.get("born")),
                "sex": member.get("sex"),
                "programme": case.get("programme", "dibao_urban"),
            }
            for member in members
        ],
        "member_authorisation": [
            {
                "record_id": f"{household_id}/{member['id']}=authorisation",
                "member_id": f"{household_id}/{member['id']}",
                "household_id": household_id,
                "standing": member.get("standing", "valid"),
            }
            for member in members
        ],
        "source_status": [
            {
                "record_id": f"{household_id}/{source}",
                "household_id": household_id,
                "source": source,
                "status": "not_checked" if source in missing else "no_record",
                "reason": "not_received" if source in missing else "",
            }
            for source in SOURCES
            if source not in case.get("unknown", [])
        ],
        "linked_match": [],
        "linked_review": [],
    }
    for listed, name in LISTS.items():
        rows[name] = []
        for number, given in enumerate(case.get(listed, [])):
            _add_record(rows, name, f"{name}#{number}", household_id, given)
    rows["business"] = [
        _row_of("business", {**given, "record_id": f"{household_id}/business#{number}"})
        for number, given in enumerate(case.get("businesses", []))
    ]
    for elsewhere in case.get("elsewhere", []):
        _list_again(rows, household_id, elsewhere)
    return rows


def _list_again(rows: dict[str, list[dict[str, Any]]], household_id: str, given: Mapping[str, Any]) -> None:
    """The member `of` stands in a second household too, and what is linked to the one is linked to the other."""
    other, member = f"{household_id}-other", f"{household_id}/{given['of']}"
    first = next(row for row in rows["household_member"] if row["record_id"] == member)
    again = f"{other}/{given['of']}"
    rows["household"].append(rows["household"][0] | {"record_id": other, "household_no": f"CS{other}"})
    rows["household_member"].append(
        first | {"record_id": again, "household_id": other, "is_covered": given.get("covered", True)}
    )
    rows["linked_match"] += [
        row | {"record_id": f"{row['record_id']}-other", "member_id": again, "household_id": other}
        for row in rows["linked_match"]
        if row["member_id"] == member
    ]


def _row_of(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a case says of a record, with the columns it need not say."""
    columns = by_name(name).schema.names
    return {key: _day(value) for key, value in {**DEFAULTS[name], **given}.items() if key in columns}


def _add_record(
    rows: dict[str, list[dict[str, Any]]], name: str, number: str, household_id: str, given: Mapping[str, Any]
) -> None:
    """The canonical record and, for each of its owners, a match or a pair under review."""
    stated = dict(given)
    owners = stated.pop("owner", "a")
    review = stated.pop("review", "")
    record_id = f"{household_id}/{stated.pop('row', number)}"
    record = _row_of(name, {"vehicle_no": record_id, **stated, "record_id": record_id})
    rows[name].append(record)
    for owner in owners if isinstance(owners, list) else [owners]:
        pair = {
            "record_id": f"{'R' if review else 'M'}/{record_id}/{owner}",
            "record": record_id,
            "table_name": name,
            "source": record["source"],
            "member_id": f"{household_id}/{owner}",
            "household_id": household_id,
            "method": "scored" if review else "exact_id",
        }
        rows["linked_review" if review else "linked_match"].append(
            pair | ({"reason": review} if review else {})
        )


def _day(value: Any) -> Any:
    """Dates in cases are text."""
    is_date = isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"
    return date.fromisoformat(value) if is_date else value


def merged(households: Iterable[dict[str, list[dict[str, Any]]]]) -> dict[str, pa.Table]:
    """The tables of several households."""
    together: dict[str, list[dict[str, Any]]] = {}
    for rows in households:
        for name, some in rows.items():
            together.setdefault(name, []).extend(some)
    return {name: table(name, rows) for name, rows in together.items()}


def assess_tables(
    tables: Mapping[str, pa.Table],
    *,
    pack: str = "yunxi",
    period: str = "2024-06",
    stated: Mapping[str, Any] | None = None,
    before: Before | None = None,
    threads: int = 1,
) -> Assessed:
    """The stage run on these tables."""
    return assess(
        households=tables["household"],
        members=tables["household_member"],
        evidence=Evidence(
            matches=tables["linked_match"],
            reviews=tables["linked_review"],
            records={name: tables[name] for name in RECORD_TABLES},
            source_status=tables["source_status"],
            authorisations=tables["member_authorisation"],
        ),
        policy=stating(pack_named(pack), stated or {}),
        period=Period.parse(period),
        before=before,
        threads=threads,
    )


def assess_case(
    case: Mapping[str, Any],
    *,
    pack: str = "yunxi",
    period: str = "2024-06",
    stated: Mapping[str, Any] | None = None,
) -> Assessed:
    """The stage run on one household, in a place that also states these parameters."""
    tables = merged([household_tables(case)])
    return assess_tables(tables, pack=pack, period=period, stated=stated, before=_before(case))


def stating(pack: Pack, stated: Mapping[str, Any]) -> Pack:
    """The pack with these values from the beginning; `null` ends a parameter, `rules` puts rules in force."""
    said = dict(stated)
    rules = {code: RuleInForce(track=track) for code, track in said.pop("rules", {}).items()}
    parameters = {path: {date(2000, 1, 1): _step(path, value)} for path, value in said.items()}
    return replace(pack, parameters={**pack.parameters, **parameters}, rules={**pack.rules, **rules})


def _step(path: str, value: Any) -> Step:
    return Step(
        value=tuple(value) if isinstance(value, list) else value, unit=unit_of(path), citation="a case"
    )


def _before(case: Mapping[str, Any]) -> Before | None:
    """The month before as a case tells it: `before: {standard, people, covered, income, paid, open: [rule]}`."""
    if "before" not in case:
        return None
    said = case["before"]
    household = {
        "household_id": HOUSEHOLD,
        "standard": said.get("standard", 0),
        "counting_members": said.get("people", 1),
        "covered_members": said.get("covered", said.get("people", 1)),
        "counted_income": said.get("income", 0),
        "paid_amount": said.get("paid"),
        "missing_sources": said.get("missing", []),
    }
    lines = [
        {"household_id": HOUSEHOLD, "rule": rule, "verdict": "exceeded"} for rule in said.get("open", [])
    ]
    return Before(households=table("assessed_household", [household]), lines=table("assessed_line", lines))
