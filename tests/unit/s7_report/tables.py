"""A small month by hand: ten households, one for each reason, with one clean household beside them.

Every id number carries a county code starting with 73, which no living person has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from pipelines.base.period import Period
from pipelines.contracts import Contract, by_name, conform
from pipelines.contracts.contract import TEXTS
from pipelines.wording.data import ReportData

MONTH = Period(2024, 6)
TOWNS = ("白水镇", "东河街道")
STANDARD = 70000

_EMPTY = {pa.string(): "", pa.int64(): 0, pa.int32(): 0, pa.date32(): date(2024, 6, 30), pa.bool_(): False}


def table(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows of a contract table; columns not given are empty."""
    contract = by_name(name)
    filled = [_filled(contract, row) for row in rows]
    return conform(pa.Table.from_pylist(filled, schema=contract.schema), contract)


def _filled(contract: Contract, row: Mapping[str, Any]) -> dict[str, Any]:
    empty: dict[str, Any] = {}
    for column in contract.columns:
        if column.nullable:
            empty[column.name] = None
        elif column.type == TEXTS or pa.types.is_list(column.type):
            empty[column.name] = []
        else:
            empty[column.name] = _EMPTY[column.type]
    return empty | dict(row)


def id_number(place: int) -> str:
    return f"730701{1950 + place % 40:04d}0101{place % 1000:03d}X"


def member(place: int, household: str, **said: Any) -> dict[str, Any]:
    number = id_number(place)
    return {
        "record_id": f"P-{place:04d}",
        "household_id": household,
        "name": "张建国",
        "name_raw": "张建国",
        "id_no": number,
        "id_raw": number,
        "id18": number,
        "id_state": "valid18",
        "birth_date": date(1950 + place % 40, 1, 1),
        "sex": "M",
        "programme": "dibao_urban",
        "town": TOWNS[place % 2],
        "village": "河西村",
        "is_head": True,
        "is_covered": True,
    } | said


def household(place: int, **said: Any) -> dict[str, Any]:
    return {
        "record_id": f"H-{place:04d}",
        "household_no": f"CS{place:08d}",
        "programme": "dibao_urban",
        "town": TOWNS[place % 2],
        "village": "河西村",
        "head_name": "张建国",
        "members": 1,
        "covered": 1,
        "listed_amount": 70000,
        "paid_amount": 70000,
    } | said


def assessed(place: int, outcome: str, **said: Any) -> dict[str, Any]:
    return {
        "record_id": f"O-{place:04d}",
        "household_id": f"H-{place:04d}",
        "outcome": outcome,
        "counting_members": 1,
        "counted_income": 0,
        "standard": STANDARD,
        "entitlement_at_most": 70000,
        "paid_amount": 70000,
    } | said


def line(place: int, rule: str, **said: Any) -> dict[str, Any]:
    row = {
        "record_id": f"A-{place:04d}-{rule}",
        "household_id": f"H-{place:04d}",
        "rule": rule,
        "verdict": "exceeded",
        "unit": "count",
        "parameter": f"assets.{rule}",
        "valid_from": "2024-01-01",
        "citation": "云溪市最低生活保障办法第十条",
        "detail": "{}",
    } | said
    if row.get("value") is not None and row.get("limit") is not None:
        row["margin"] = row["value"] - row["limit"]
    return row


def flag_of(line_row: Mapping[str, Any], track: str, **said: Any) -> dict[str, Any]:
    """The flag s6 opens on an exceeded line."""
    place = int(str(line_row["household_id"])[2:])
    copied = ("household_id", "subject", "value", "limit", "unit", "detail", "missing_sources")
    return {
        "record_id": f"F-{place:04d}-{line_row['rule']}",
        "case_id": f"C-{place:04d}-{line_row['rule']}",
        "household_no": f"CS{place:08d}",
        "programme": "dibao_urban",
        "town": TOWNS[place % 2],
        "village": "河西村",
        "code": line_row["rule"],
        "track": track,
        "state": "opened",
        "first_month": "2024-06",
        "derived_from": [line_row["record_id"]],
        **{name: line_row[name] for name in copied if name in line_row},
    } | said


def person(place: int) -> dict[str, Any]:
    number = id_number(place)
    return {"name": "张建国", "name_raw": "张建国", "id_no": number, "id_raw": number, "id_state": "valid18"}


def address(source: str, row: int) -> dict[str, Any]:
    file_name = f"{source}.csv"
    return {
        "record_id": f"{source}/20240606_01/{file_name}#{row}",
        "source": source,
        "delivery": f"{source}/20240606_01",
        "file_name": file_name,
        "row_no": row,
    }


def pair(place: int, kind: str, record: Mapping[str, Any], **said: Any) -> dict[str, Any]:
    number = id_number(place)
    compared = [
        ("name", "equal", 9000, "张建国", "张建国"),
        ("id", "equal", 30000, number, number),
        ("birth_date", "in_id", 0, "1950-01-01", "1950-01-01"),
        ("address", "different_place", -3000, "白水镇3组12号", "东河街道5号"),
    ]
    return {
        "record_id": f"M-{place:04d}-{kind}",
        "record": record["record_id"],
        "table_name": kind,
        "source": record["source"],
        "member_id": f"P-{place:04d}",
        "household_id": f"H-{place:04d}",
        "method": "exact_id",
        "weight": 36000,
        "comparisons": [comparison(*parts) for parts in compared],
    } | said


def comparison(field: str, level: str, weight: int, record_value: str, member_value: str) -> dict[str, Any]:
    return {
        "field": field,
        "level": level,
        "weight": weight,
        "record_value": record_value,
        "member_value": member_value,
    }


VEHICLE = address("vehicle", 1) | person(1) | {
    "vehicle_no": "V1", "plate_no": "云A12345", "plate_type": "02", "vehicle_type": "K33", "brand": "长安",
    "model": "SC7001", "status": "A", "first_registered_date": date(2019, 3, 4),
}  # fmt: skip
DWELLING = address("property_new", 1) | person(2) | {
    "unit_no": "U1", "certificate_no": "云（2020）不动产权第0001234号", "location": "白水镇河西路12号3栋402室",
    "use": "dwelling", "area": 8812, "right_state": "current", "sharing": "sole",
}  # fmt: skip
SHOP = DWELLING | address("property_old", 2) | person(3) | {"use": "shop", "certificate_no": "旧-77"}
PENSION_4 = address("pension_emp", 1) | person(4) | {
    "pension_kind": "employee", "pay_month": "2024-06", "amount": 123450, "state": "paid",
}  # fmt: skip
PENSION_5 = PENSION_4 | address("pension_emp", 2) | person(5) | {"amount": 20005}
PAYMENT_6 = address("payment", 1) | person(6) | {
    "household_no": "CS00000006", "pay_month": "2024-06", "amount": 65000, "account_no": "6200000000000063", "state": "paid",
}  # fmt: skip
DEATH_7 = address("death_police", 1) | person(7) | {"registry": "police", "death_date": date(2024, 4, 2)}
VEHICLE_8 = VEHICLE | address("vehicle", 8) | person(8) | {"vehicle_no": "V8", "name": "张建民"}

BUSINESS_10 = address("business", 1) | {
    "record_id": "business/20240606_01/scztxx.tsv#1", "file_name": "scztxx.tsv", "business_no": "7307000000000379",
    "business_name": "云溪市建材有限公司", "business_kind": "company", "state": "live", "capital": 100000000,
    "established_date": date(2015, 6, 1),
}  # fmt: skip
ROLE_10 = address("business", 7) | person(10) | {
    "business_no": "7307000000000379", "role": "shareholder", "share": 4000000,
}  # fmt: skip
BALANCE_11 = address("bank", 1) | person(11) | {
    "institution": "华夏银行", "account_kind": "deposit", "account_no": "6210****0007", "balance": 1680005,
    "asked_date": date(2024, 6, 10),
}  # fmt: skip

LINES = (
    line(1, "vehicle_owned", value=1, limit=0, derived_from=[VEHICLE["record_id"], "M-0001-vehicle", "H-0001"]),
    line(2, "dwellings_over", value=2, limit=1, derived_from=["M-0002-property"]),
    line(3, "non_residential_owned", value=1, limit=0, derived_from=["M-0003-property"]),
    line(4, "income_over_standard", value=123450, limit=70000, unit="fen_per_month", derived_from=["M-0004-pension"]),
    line(
        5, "amount_above_entitlement", value=70000, limit=49995, unit="fen_per_month",
        detail=json.dumps({"materiality": 100}), derived_from=["M-0005-pension"],
    ),
    line(6, "paid_differs_from_list", value=65000, limit=70000, unit="fen", parameter="", valid_from="", citation=""),
    line(
        7, "member_deceased", subject="P-0007", value=19815, unit="date", parameter="", valid_from="", citation="",
        derived_from=["M-0007-death"],
    ),
    line(8, "identity_to_confirm", subject="P-0008", value=1, verdict="to_confirm", derived_from=["M-0008-vehicle"]),
    line(
        10, "business_owned", value=1, limit=0, detail=json.dumps({"capital_from": 10000000}),
        derived_from=["M-0010-business_role", BUSINESS_10["record_id"]],
    ),
    line(
        11, "financial_assets_over", value=1680005, limit=1680000, unit="fen",
        detail=json.dumps({"counting": 1, "months": 24, "standard": 70000}), derived_from=["M-0011-bank_balance"],
    ),
    line(9, "vehicle_owned", value=None, limit=0, verdict="cannot_verify", missing_sources=["vehicle"]),
)  # fmt: skip
TRACKS = ("eligibility",) * 4 + ("amount",) * 2 + ("death", "identity", "eligibility", "eligibility")
FLAGS = tuple(flag_of(row, track) for row, track in zip(LINES, TRACKS, strict=False))
OUTCOMES = (
    ("exit_suggested", {}), ("exit_suggested", {}), ("exit_suggested", {}), ("exit_suggested", {"counted_income": 123450}),
    ("decrease_suggested", {"counted_income": 20005, "entitlement_at_most": 49995}), ("keep", {"paid_amount": 65000}),
    ("population_change", {"counting_members": 0, "entitlement_at_most": 0}), ("verify_first", {}),
    ("cannot_verify", {"missing_sources": ["bank", "vehicle"]}), ("exit_suggested", {}), ("exit_suggested", {}),
)  # fmt: skip
MATCHES = (
    pair(1, "vehicle", VEHICLE), pair(2, "property", DWELLING), pair(3, "property", SHOP),
    pair(4, "pension", PENSION_4), pair(5, "pension", PENSION_5), pair(7, "death", DEATH_7),
    pair(10, "business_role", ROLE_10), pair(11, "bank_balance", BALANCE_11),
)  # fmt: skip
REVIEWS = (
    pair(8, "vehicle", VEHICLE_8, reason="identity_conflict", weight=20000, comparisons=[
        comparison("name", "different", -10000, "张建民", "张建国"),
        comparison("id", "equal", 30000, id_number(8), id_number(8)),
    ]),
)  # fmt: skip


def statuses(households: int) -> list[dict[str, Any]]:
    rows = []
    for place in range(1, households + 1):
        for source, status, reason, as_of in (
            ("vehicle", "matched" if place == 1 else "no_record", "", "2024-06-06"),
            ("bank", "not_checked", "no_source_yet", ""),
        ):
            row_id = f"S-{place:04d}-{source}"
            said = {"source": source, "status": status, "reason": reason, "as_of": as_of}
            rows.append({"record_id": row_id, "household_id": f"H-{place:04d}"} | said)
    return rows


DELIVERIES = (
    {
        "record_id": "D-1", "source": "vehicle", "delivery": "vehicle/20240605_01", "file_name": "VEH_FULL.csv",
        "sha256": "ab" * 32, "byte_count": 100, "as_of": date(2024, 6, 5), "received_at": date(2024, 6, 5),
        "stated_rows": 90, "status": "refused", "cause": "DigestWrong",
        "reason": "DigestWrong: [VEH_FULL.csv] md5 differs Remedy: ask for the file again",
    },
    {
        "record_id": "D-2", "source": "vehicle", "delivery": "vehicle/20240606_01", "file_name": "vehicle.csv",
        "sha256": "cd" * 32, "byte_count": 120, "as_of": date(2024, 6, 6), "received_at": date(2024, 6, 6),
        "stated_rows": 100, "status": "accepted",
    },
    {
        "record_id": "D-3", "source": "pension_emp", "delivery": "pension_emp/20240606_01",
        "file_name": "pension_emp.csv", "status": "accepted",
    },
)  # fmt: skip
ACCOUNTS = (
    {
        "record_id": "L-1", "source": "vehicle", "delivery": "vehicle/20240605_01", "file_name": "VEH_FULL.csv",
        "status": "refused", "physical_lines": 81, "header_lines": 1, "quarantined": 80,
    },
    {
        "record_id": "L-2", "source": "vehicle", "delivery": "vehicle/20240606_01", "file_name": "vehicle.csv",
        "status": "used", "physical_lines": 104, "header_lines": 1, "trailer_lines": 1, "blank_lines": 1,
        "loaded": 95, "quarantined": 3, "duplicates": 2, "superseded": 1, "records": 95,
    },
)  # fmt: skip
RESULTS = (
    {
        "record_id": "E-1", "source": "vehicle", "delivery": "vehicle/20240606_01", "suite": "canonical/vehicle",
        "rule": "vehicle_id_state", "success": False, "observed": "3 of 98", "unexpected": 3,
        "consequence": "quarantine", "why": "An id number decides whose car it is.", "owner": "data-engineering",
    },
    {
        "record_id": "E-2", "source": "vehicle", "delivery": "vehicle/20240606_01", "suite": "canonical/vehicle",
        "rule": "vehicle_rows", "success": True, "observed": "98", "consequence": "warn", "why": "w", "owner": "o",
    },
)  # fmt: skip
QUARANTINE = tuple(
    {
        "record_id": f"Q-{place}", "source": "vehicle", "delivery": "vehicle/20240606_01", "file_name": "vehicle.csv",
        "row_no": place, "slot": 0, "rule": "vehicle_id_state", "why": "An id number decides whose car it is.",
    }
    for place in range(3)
)  # fmt: skip


def month(**changed: Any) -> ReportData:
    """The month; keywords replace whole tables or plain facts."""
    data = ReportData(
        flags=table("flag", FLAGS),
        households=table("household", [household(place) for place in range(1, 12)]),
        members=table("household_member", [member(place, f"H-{place:04d}") for place in range(1, 12)]),
        assessed_households=table(
            "assessed_household",
            [assessed(place, code, **said) for place, (code, said) in enumerate(OUTCOMES, start=1)],
        ),
        assessed_lines=table("assessed_line", LINES),
        matches=table("linked_match", MATCHES),
        reviews=table("linked_review", REVIEWS),
        records={
            "vehicle": table("vehicle", [VEHICLE, VEHICLE_8]),
            "property": table("property", [DWELLING, SHOP]),
            "pension": table("pension", [PENSION_4, PENSION_5]),
            "payment": table("payment", [PAYMENT_6]),
            "death": table("death", [DEATH_7]),
            "business_role": table("business_role", [ROLE_10]),
            "business": table("business", [BUSINESS_10]),
            "bank_balance": table("bank_balance", [BALANCE_11]),
        },
        source_status=table("source_status", statuses(11)),
        deliveries=table("delivery", DELIVERIES),
        accounts=table("line_account", ACCOUNTS),
        expectation_results=table("expectation_result", RESULTS),
        quarantine=table("quarantine", QUARANTINE),
        jurisdiction="yunxi",
        jurisdiction_title=("云溪市", "Yunxi"),
        run_id="R-TEST",
        run_key="0123456789abcdef" * 4,
        unread_folders=("bank/ (no source of this name)", "vehicle/old (not a batch folder yyyymmdd_nn)"),
        unverified_parameters=("assets.vehicles.limit: 0 (2024-01-01)",),
    )
    return replace(data, **changed)
