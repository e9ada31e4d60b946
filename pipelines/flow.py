"""The one table of stages: order, what each reads, what each writes, and once per what it runs.

`hedui run` and the Airflow DAGs walk the same table; `export` and `trace` find tables through it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.base.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step. `per` is delivery, month, or table (once per canonical table of the month)."""

    name: str
    per: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


LISTS = ("recipient", "payment", "authorisation")  # the recipients' side
# Linked to the members, record by record.
LENDER = "registered_person"  # linked before the others: it lends its numbers to members who have none
REGISTRIES = (
    LENDER,
    "vehicle",
    "property",
    "pension",
    "death",
    "contribution",
    "provident_fund",
    "bank_balance",
    "taxed_income",
    "business_role",
    "marriage",
    "disability",
    "custody",
    "programme_payment",
    "registry_fact",
)
# A business names no person: it is found through business_role.
CANONICAL = (*LISTS, *REGISTRIES, "business")
LINKED = ("linked_match", "linked_review", "link_model")
LENT = "lent_number"  # written by the link stage of the lender alone

STAGES: tuple[Stage, ...] = (
    Stage(
        name="land",
        per="delivery",
        reads=("delivered bytes",),
        writes=("delivery", "landed_line", *CANONICAL, "unhandled", "quarantine", "expectation_result"),
    ),
    Stage(
        name="compose",
        per="month",
        reads=("delivery", "landed_line", "recipient", "payment", "authorisation", "quarantine"),
        writes=(
            "delivery",
            "line_account",
            "quality_score",
            "quarantine_sample",
            "household",
            "household_member",
            "member_authorisation",
        ),
    ),
    Stage(
        name="link",
        per="table",
        reads=("household_member", "member_authorisation", *REGISTRIES),
        writes=(*LINKED, LENT),
    ),
    Stage(
        name="assess",
        per="month",
        reads=(
            "household",
            "household_member",
            "member_authorisation",
            *REGISTRIES,
            "linked_match",
            "linked_review",
        ),
        writes=("source_status", "assessed_line", "assessed_household", "candidate", "population_event"),
    ),
    Stage(
        name="flag",
        per="month",
        reads=("household", "assessed_line", "assessed_household", "flag of the month before"),
        writes=("flag",),
    ),
    Stage(name="report", per="month", reads=("all of the month",), writes=("documents",)),
)


def stage_writing(table: str) -> Stage:
    """The last stage that writes a table: where its final form stands."""
    for stage in reversed(STAGES):
        if table in stage.writes:
            return stage
    raise NotFound(f"no stage writes a table called [{table}]")
