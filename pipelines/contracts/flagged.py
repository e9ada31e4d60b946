"""Flags: reasoned prompts for a person to look. A flag decides nothing."""

from __future__ import annotations

from pipelines.contracts.contract import TEXT, TEXTS, WHOLE, Column, Contract, Sensitivity
from pipelines.contracts.parts import DERIVED_FROM, RECORD_ID

FLAG = Contract(
    name="flag",
    grain="One row per household, reason code and subject in the month. Its record_id is the flag_id.",
    key=("record_id",),
    columns=(
        RECORD_ID,
        Column(
            name="case_id", type=TEXT, nullable=False, doc="same household, code and subject across months"
        ),
        Column(name="household_id", type=TEXT, nullable=False, doc="record_id of the household"),
        Column(name="household_no", type=TEXT, nullable=False, doc="the list's own household number"),
        Column(name="programme", type=TEXT, nullable=False, doc="dibao_urban · dibao_rural · tekun"),
        Column(name="town", type=TEXT, nullable=False, doc="township or street"),
        Column(name="village", type=TEXT, nullable=False, doc="village or community"),
        Column(name="code", type=TEXT, nullable=False, doc="reason code = name of the rule"),
        Column(name="track", type=TEXT, nullable=False, doc="eligibility · amount · death · identity"),
        Column(name="subject", type=TEXT, nullable=False, doc="member_id, or empty for the household"),
        Column(
            name="state", type=TEXT, nullable=False, doc="opened · kept · closed, against the month before"
        ),
        Column(name="first_month", type=TEXT, nullable=False, doc="YYYY-MM the case was first flagged"),
        Column(name="value", type=WHOLE, doc="what was found, in `unit`"),
        Column(name="limit", type=WHOLE, doc="what the rule allows, in `unit`"),
        Column(name="unit", type=TEXT, nullable=False, doc="as in assessed_line"),
        Column(
            name="detail",
            type=TEXT,
            nullable=False,
            sensitivity=Sensitivity.SENSITIVE,
            doc="JSON slots of the sentence",
        ),
        Column(name="missing_sources", type=TEXTS, nullable=False, doc="sources that were not checked"),
        DERIVED_FROM,
    ),
)
