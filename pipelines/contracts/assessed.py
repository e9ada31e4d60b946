"""What the rules in force say of each household: lines with their figures, and one outcome."""

from __future__ import annotations

from pipelines.contracts.contract import DATE, FEN, TEXT, TEXTS, TRUTH, WHOLE, Column, Contract, Sensitivity
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
        Column(
            name="is_shadow",
            type=TRUTH,
            nullable=False,
            doc="whether the rule is in shadow: it moves no outcome, opens no flag and is in no report",
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
            doc=(
                "exit_suggested · population_change · decrease_suggested · increase_suggested · verify_first · "
                "cannot_verify · keep"
            ),
        ),
        Column(
            name="counting_members", type=WHOLE, nullable=False, doc="members who count: living and not held"
        ),
        Column(name="covered_members", type=WHOLE, nullable=False, doc="of them, those the benefit is for"),
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
        Column(
            name="amount_computed",
            type=FEN,
            doc="分 a month where every source of income was checked and none is in doubt; else empty",
        ),
        Column(name="paid_amount", type=FEN, doc="分 paid for the month"),
        Column(
            name="next_tier",
            type=TEXT,
            doc="dibao_marginal (低保边缘) · rigid_expenditure (刚性支出困难: its spending is to be asked); empty: not known",
        ),
        Column(
            name="gradual_until",
            type=TEXT,
            doc="YYYY-MM to which benefits may go on (渐退); empty where they may not",
        ),
        Column(
            name="single_persons",
            type=TEXTS,
            nullable=False,
            doc="members who could apply alone (单人保) when the household leaves for its income",
        ),
        Column(name="missing_sources", type=TEXTS, nullable=False, doc="sources that were not checked"),
        DERIVED_FROM,
    ),
)

CANDIDATE = Contract(
    name="candidate",
    grain="One row per person or household that may be owed help it does not have (应保未保): a question, no decision.",
    key=("kind", "household_id", "subject"),
    columns=(
        RECORD_ID,
        Column(
            name="kind",
            type=TEXT,
            nullable=False,
            doc="elder_allowance_due · disability_living_due · disability_care_due · orphan_of_fact · recent_exit",
        ),
        Column(
            name="household_id",
            type=TEXT,
            nullable=False,
            doc="record_id; of the month before for recent_exit",
        ),
        Column(
            name="subject", type=TEXT, nullable=False, doc="record_id of the member; empty: the household"
        ),
        Column(name="value", type=FEN, nullable=False, sensitivity=Sensitivity.SENSITIVE, doc="in its unit"),
        Column(name="unit", type=TEXT, nullable=False, doc="days · count · years · fen_per_month"),
        Column(
            name="detail", type=TEXT, nullable=False, doc="canonical JSON of whole numbers, codes and dates"
        ),
        Column(name="parameter", type=TEXT, nullable=False, doc="path in the pack"),
        Column(name="valid_from", type=TEXT, nullable=False, doc="since when the value is in force"),
        Column(name="citation", type=TEXT, nullable=False, doc="what it rests on"),
        Column(
            name="consent",
            type=TEXT,
            nullable=False,
            doc="on_file: may be looked up already · ask: agree first, then look up",
        ),
        DERIVED_FROM,
    ),
)

POPULATION_EVENT = Contract(
    name="population_event",
    grain="One row per event in a member's life that a linked registry record tells of.",
    key=("member_id", "event", "record"),
    columns=(
        RECORD_ID,
        Column(name="household_id", type=TEXT, nullable=False, doc="record_id of the household"),
        Column(name="member_id", type=TEXT, nullable=False, doc="record_id of the member"),
        Column(
            name="event",
            type=TEXT,
            nullable=False,
            sensitivity=Sensitivity.SENSITIVE,
            doc=(
                "death · marriage · divorce · annulled · custody_began · custody_ended · hukou_left · hukou_joined · "
                "birth (of the month)"
            ),
        ),
        Column(
            name="event_date", type=DATE, sensitivity=Sensitivity.PERSONAL, doc="the day; empty: not stated"
        ),
        Column(name="is_of_month", type=TRUTH, doc="within the month assessed; empty where no day is stated"),
        Column(name="record", type=TEXT, nullable=False, doc="the registry record"),
        DERIVED_FROM,
    ),
)
