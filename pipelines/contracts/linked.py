"""Links between registry records and household members, and the pairs a person must look at."""

from __future__ import annotations

import pyarrow as pa

from pipelines.contracts.contract import SMALL, TEXT, Column, Contract, Sensitivity
from pipelines.contracts.parts import DERIVED_FROM, RECORD_ID

# Weights are whole thousandths of a bit (log2 Bayes factor × 1000): no float reaches a decision.
COMPARISON = pa.struct(
    [
        pa.field("field", pa.string()),
        pa.field("level", pa.string()),
        pa.field("weight", pa.int32()),
        pa.field("record_value", pa.string()),
        pa.field("member_value", pa.string()),
    ]
)

_PAIR = (
    RECORD_ID,
    Column(name="record", type=TEXT, nullable=False, doc="record_id of the registry record"),
    Column(name="table_name", type=TEXT, nullable=False, doc="its canonical table"),
    Column(name="source", type=TEXT, nullable=False, doc="its source"),
    Column(name="member_id", type=TEXT, nullable=False, doc="record_id of the household member"),
    Column(name="household_id", type=TEXT, nullable=False, doc="record_id of the household"),
    Column(
        name="method", type=TEXT, nullable=False, doc="exact_id · exact_id15 · scored · name_only · judged"
    ),
    Column(name="weight", type=SMALL, nullable=False, doc="match weight in thousandths of a bit"),
    Column(
        name="comparisons",
        type=pa.list_(COMPARISON),
        nullable=False,
        sensitivity=Sensitivity.IDENTIFYING,
        doc="field, level, weight and both values, in the order they were added up",
    ),
)

LINKED_MATCH = Contract(
    name="linked_match",
    grain="One row per registry record and household member held to be the same person.",
    key=("record_id",),
    columns=(*_PAIR, DERIVED_FROM),
)

LINKED_REVIEW = Contract(
    name="linked_review",
    grain="One row per pair that a person must look at; never used against a household.",
    key=("record_id",),
    columns=(
        *_PAIR,
        Column(
            name="reason",
            type=TEXT,
            nullable=False,
            doc="identity_conflict · below_match_threshold · name_only · tie",
        ),
        DERIVED_FROM,
    ),
)
