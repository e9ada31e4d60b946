"""What the registries say of the month's households, and the few columns of it that the rules read."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from pipelines.base.errors import ContractBroken

NAME_ONLY = "name_only"

# Names, ids and account numbers stay outside the engine: no rule reads them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "household": ("record_id", "programme", "listed_amount", "paid_amount"),
    "household_member": ("record_id", "household_id", "is_covered"),
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
    "source_status": ("household_id", "source", "status"),
}


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Links, the canonical records that are linked or under review, and which sources spoke at all."""

    matches: pa.Table
    reviews: pa.Table
    vehicles: pa.Table
    properties: pa.Table
    pensions: pa.Table
    deaths: pa.Table
    source_status: pa.Table


def tables(households: pa.Table, members: pa.Table, evidence: Evidence) -> dict[str, pa.Table]:
    """Every table the rules read, by its contract name and cut to the columns they read."""
    _check_no_name_only(evidence.matches)
    given = {
        "household": households,
        "household_member": members,
        "linked_match": evidence.matches,
        "linked_review": evidence.reviews,
        "vehicle": evidence.vehicles,
        "property": evidence.properties,
        "pension": evidence.pensions,
        "death": evidence.deaths,
        "source_status": evidence.source_status,
    }
    return {name: table.select(list(COLUMNS[name])) for name, table in given.items()}


def _check_no_name_only(matches: pa.Table) -> None:
    """A name alone never raises an adverse flag: such a pair belongs to review."""
    found = matches["method"].to_pylist().count(NAME_ONLY)
    if found:
        raise ContractBroken(
            f"{found} matches rest on a name alone",
            place="linked_match.method",
            remedy="put such pairs into linked_review",
        )
