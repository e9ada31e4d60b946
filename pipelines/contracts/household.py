"""The recipients' side of the month: households, their members, and which sources spoke about them."""

from __future__ import annotations

from pipelines.contracts.contract import DATE, FEN, TEXT, TEXTS, TRUTH, WHOLE, Column, Contract, Sensitivity
from pipelines.contracts.parts import DERIVED_FROM, PERSON, PLACE, RECORD_ID

_WHERE = (
    Column(name="programme", type=TEXT, nullable=False, doc="dibao_urban · dibao_rural · tekun"),
    Column(name="town", type=TEXT, nullable=False, doc="township or street"),
    Column(name="village", type=TEXT, nullable=False, doc="village or community"),
)

HOUSEHOLD = Contract(
    name="household",
    grain="One row per assisted household in the month. Its record_id is the household_id.",
    key=("record_id",),
    columns=(
        RECORD_ID,
        Column(name="household_no", type=TEXT, nullable=False, doc="the list's own household number"),
        *_WHERE,
        *PLACE,
        Column(name="head_name", type=TEXT, sensitivity=Sensitivity.IDENTIFYING, doc="head of household"),
        Column(
            name="heads",
            type=WHOLE,
            doc="people the list itself calls head; other than 1 the list is in error",
        ),
        Column(name="members", type=WHOLE, nullable=False, doc="people listed, covered or not"),
        Column(name="covered", type=WHOLE, nullable=False, doc="people covered"),
        Column(name="listed_amount", type=FEN, doc="分 a month for the household, as the list states"),
        Column(name="paid_amount", type=FEN, doc="分 paid for the month; empty when no payment file came"),
        Column(
            name="category", type=TEXT, doc="what the list calls it: full · partial; 特困: institution · home"
        ),
        Column(name="start_date", type=DATE, doc="first month of benefit, as the list states"),
        DERIVED_FROM,
    ),
)

HOUSEHOLD_MEMBER = Contract(
    name="household_member",
    grain="One row per household and person in the month. Its record_id is the member_id.",
    key=("record_id",),
    columns=(
        RECORD_ID,
        Column(name="household_id", type=TEXT, nullable=False, doc="record_id of the household"),
        *PERSON,
        *_WHERE,
        *PLACE,
        Column(name="is_head", type=TRUTH, nullable=False, doc="head of household"),
        Column(
            name="is_covered", type=TRUTH, nullable=False, doc="benefits; false for family who only count"
        ),
        Column(name="relation", type=TEXT, doc="relation to the head, as delivered"),
        DERIVED_FROM,
    ),
)

MEMBER_AUTHORISATION = Contract(
    name="member_authorisation",
    grain="One row per household member: whether a valid form stands in the month, and what it lets look up.",
    key=("record_id",),
    columns=(
        Column(name="record_id", type=TEXT, nullable=False, doc="the member_id and =authorisation behind it"),
        Column(name="member_id", type=TEXT, nullable=False, doc="record_id of the member"),
        Column(name="household_id", type=TEXT, nullable=False, doc="record_id of the household"),
        Column(
            name="standing",
            type=TEXT,
            nullable=False,
            doc=(
                "valid · expired · withdrawn · not_signed · form_differs (in number or name); on_file where the "
                "bureau holds the forms and vouches for them"
            ),
        ),
        Column(
            name="scope",
            type=TEXTS,
            nullable=False,
            doc="sources that may be asked about the member; [all], or none where no form is valid",
        ),
        DERIVED_FROM,
    ),
)

SOURCE_STATUS = Contract(
    name="source_status",
    grain="One row per household and source: silence is not zero.",
    key=("household_id", "source"),
    columns=(
        RECORD_ID,
        Column(name="household_id", type=TEXT, nullable=False, doc="record_id of the household"),
        Column(name="source", type=TEXT, nullable=False, doc="source name"),
        Column(name="status", type=TEXT, nullable=False, doc="matched · no_record · not_checked"),
        Column(
            name="reason",
            type=TEXT,
            nullable=False,
            doc="not_received · refused · held · waived · no_source_yet · empty · not_authorised; else empty",
        ),
        Column(
            name="as_of", type=TEXT, nullable=False, doc="as_of of the delivery used, YYYY-MM-DD; else empty"
        ),
        DERIVED_FROM,
    ),
)
