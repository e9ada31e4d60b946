"""What the rules in force say of each household: lines with their figures, and one outcome."""

from __future__ import annotations

from pipelines.contracts.contract import FEN, TEXT, TEXTS, WHOLE, Column, Contract
from pipelines.contracts.parts import DERIVED_FROM, RECORD_ID

ASSESSED_LINE = Contract(
    name="assessed_line",
    grain="One row per household, rule and subject (a member, or empty for the household).",
    key=("household_id", "rule", "subject"),
    columns=(
        RECORD_ID,
        Column(name="household_id", type=TEXT, nullable=False, doc="record_id of the household"),
        Column(name="rule", type=TEXT, nullable=False, doc="name of the rule"),
        Column(name="subject", type=TEXT, nullable=False, doc="member_id, or empty for the household"),
        Column(
            name="verdict", type=TEXT, nullable=False, doc="within · exceeded · cannot_verify · to_confirm"
        ),
        Column(name="value", type=WHOLE, doc="what was found, in `unit`"),
        Column(name="limit", type=WHOLE, doc="what the rule allows, in `unit`"),
        Column(name="margin", type=WHOLE, doc="value − limit; positive is over"),
        Column(
            name="unit",
            type=TEXT,
            nullable=False,
            doc="fen · fen_per_month · count · date (days since 1970-01-01)",
        ),
        Column(
            name="parameter", type=TEXT, nullable=False, doc="path of the parameter in the pack, or empty"
        ),
        Column(name="valid_from", type=TEXT, nullable=False, doc="first day the parameter's value applies"),
        Column(name="citation", type=TEXT, nullable=False, doc="legal basis of the parameter"),
        Column(
            name="missing_sources",
            type=TEXTS,
            nullable=False,
            doc="sources the rule needs that were not checked",
        ),
        Column(
            name="detail",
            type=TEXT,
            nullable=False,
            doc="JSON of whole numbers and codes the sentence is built from",
        ),
        DERIVED_FROM,
    ),
)

ASSESSED_HOUSEHOLD = Contract(
    name="assessed_household",
    grain="One row per household in the month.",
    key=("household_id",),
    columns=(
        RECORD_ID,
        Column(name="household_id", type=TEXT, nullable=False, doc="record_id of the household"),
        Column(
            name="outcome",
            type=TEXT,
            nullable=False,
            doc="exit_suggested · decrease_suggested · population_change · verify_first · cannot_verify · keep",
        ),
        Column(name="living_members", type=WHOLE, nullable=False, doc="members no registry records as dead"),
        Column(
            name="counted_income",
            type=FEN,
            nullable=False,
            doc="分 a month from the sources that were checked",
        ),
        Column(name="standard", type=FEN, nullable=False, doc="分 per person and month"),
        Column(
            name="entitlement_at_most",
            type=FEN,
            nullable=False,
            doc="分 a month; unknown income can only lower it",
        ),
        Column(name="paid_amount", type=FEN, doc="分 paid for the month"),
        Column(name="missing_sources", type=TEXTS, nullable=False, doc="sources that were not checked"),
        DERIVED_FROM,
    ),
)
