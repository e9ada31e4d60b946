"""What the registries say of the month's households, and the few columns of it that the rules read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from pipelines.base.errors import ContractBroken

NAME_ONLY = "name_only"

# Names and ids stay outside the engine: no rule reads them. Account numbers come masked by their sender.
COLUMNS: dict[str, tuple[str, ...]] = {
    "household": ("record_id", "programme", "category", "listed_amount", "paid_amount", "heads"),
    "household_member": ("record_id", "household_id", "is_covered", "sex", "birth_date"),
    "member_authorisation": ("record_id", "member_id", "household_id", "standing"),
    "linked_match": ("record_id", "record", "table_name", "member_id"),
    "linked_review": ("record_id", "record", "source", "member_id", "reason"),
    "vehicle": (
        "record_id",
        "vehicle_no",
        "plate_type",
        "vehicle_type",
        "status",
        "first_registered_date",
    ),
    "property": (
        "record_id",
        "source",
        "unit_no",
        "certificate_no",
        "location",
        "use",
        "area",
        "right_state",
        "sharing",
        "registered_date",
    ),
    "pension": ("record_id", "pension_kind", "pension_no", "pay_month", "amount", "state"),
    "death": ("record_id", "source", "registry", "death_date"),
    "contribution": ("record_id", "payer", "fee_month", "base"),
    "taxed_income": ("record_id", "income_kind", "amount", "period_start", "period_end", "agent"),
    "bank_balance": ("record_id", "institution", "account_kind", "account_no", "balance", "asked_date"),
    "business": ("record_id", "business_no", "business_kind", "state", "capital", "established_date"),
    "business_role": ("record_id", "business_no", "role"),
    "programme_payment": ("record_id", "programme", "pay_month", "amount"),
    "disability": ("record_id", "category", "level", "state"),
    "registered_person": ("record_id", "state", "birth_date", "death_date", "change"),
    "marriage": ("record_id", "source", "event", "event_date"),
    "custody": ("record_id", "state", "start_date", "end_date"),
    "source_status": ("household_id", "source", "status"),
}


RECORD_TABLES = tuple(
    name
    for name in COLUMNS
    if name
    not in (
        "household",
        "household_member",
        "member_authorisation",
        "linked_match",
        "linked_review",
        "source_status",
    )
)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Links, the records that are linked or under review by canonical table, and which sources spoke at all; forms.

    `records` holds at least RECORD_TABLES; of "business", which names no person, the rows its roles point to.
    """

    matches: pa.Table
    reviews: pa.Table
    records: Mapping[str, pa.Table]
    source_status: pa.Table
    authorisations: pa.Table


def tables(households: pa.Table, members: pa.Table, evidence: Evidence) -> dict[str, pa.Table]:
    """Every table the rules read, by its contract name and cut to the columns they read."""
    _check_no_name_only(evidence.matches)
    _check_none_left_out(evidence.records)
    given = {
        "household": households,
        "household_member": members,
        "linked_match": evidence.matches,
        "linked_review": evidence.reviews,
        "source_status": evidence.source_status,
        "member_authorisation": evidence.authorisations,
        **{name: evidence.records[name] for name in RECORD_TABLES},
    }
    return {name: table.select(list(COLUMNS[name])) for name, table in given.items()}


def _check_none_left_out(records: Mapping[str, pa.Table]) -> None:
    """A table that is not given would read as a registry that found nothing."""
    missing = [name for name in RECORD_TABLES if name not in records]
    if missing:
        raise ContractBroken(
            f"no table of {', '.join(missing)}",
            place="Evidence.records",
            remedy="give it, empty if it must be",
        )


def _check_no_name_only(matches: pa.Table) -> None:
    """A name alone never raises an adverse flag: such a pair belongs to review."""
    found = matches["method"].to_pylist().count(NAME_ONLY)
    if found:
        raise ContractBroken(
            f"{found} matches rest on a name alone",
            place="linked_match.method",
            remedy="put such pairs into linked_review",
        )
