"""Links between registry records and household members, and the pairs a person must look at."""

from __future__ import annotations

import pyarrow as pa

from pipelines.contracts.contract import DATE, SMALL, TEXT, WHOLE, Column, Contract, Sensitivity
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
        name="method",
        type=TEXT,
        nullable=False,
        doc="exact_id · exact_id15 · lent_id · repaired_id · scored · name_only · judged",
    ),
    Column(name="rule", type=TEXT, nullable=False, doc="the step or blocking rule that first found the pair"),
    Column(name="weight", type=SMALL, nullable=False, doc="match weight in thousandths of a bit"),
    Column(
        name="prior_kind",
        type=TEXT,
        nullable=False,
        doc="which prior of the model: open (no valid number in the row) · stranger (valid, the member's is not) · former (both valid)",
    ),
    Column(
        name="probability_ppm",
        type=SMALL,
        nullable=False,
        doc="with the prior, in millionths; to read, not to decide",
    ),
    Column(
        name="model", type=TEXT, nullable=False, doc="digest of the weights, priors and targets: link_model"
    ),
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
            doc="identity_conflict · below_match_threshold · name_only · tie · another_record",
        ),
        DERIVED_FROM,
    ),
)

LINK_MODEL = Contract(
    name="link_model",
    grain="One row per figure a linkage weighed by, or found out about itself.",
    key=("record_id",),
    columns=(
        RECORD_ID,
        Column(name="table_name", type=TEXT, nullable=False, doc="canonical table"),
        Column(name="sources", type=TEXT, nullable=False, doc="its sources, joined by +"),
        Column(name="model", type=TEXT, nullable=False, doc="digest named by the links"),
        Column(
            name="kind",
            type=TEXT,
            nullable=False,
            doc="level · prior · threshold · rule · hidden (numbers taken away, what was found again) · calibration",
        ),
        Column(name="name", type=TEXT, nullable=False, doc="field, row kind, rule or damage"),
        Column(name="level", type=TEXT, nullable=False, doc="level of the field, or which figure"),
        Column(name="weight", type=SMALL, nullable=True, doc="thousandths of a bit"),
        Column(name="m_ppb", type=WHOLE, nullable=True, doc="rate among true pairs, billionths"),
        Column(name="u_ppb", type=WHOLE, nullable=True, doc="rate among chance pairs, billionths"),
        Column(name="count", type=WHOLE, nullable=True, doc="pairs or rows seen"),
        Column(name="of", type=WHOLE, nullable=True, doc="of so many"),
        Column(
            name="expected_ppm",
            type=WHOLE,
            nullable=True,
            doc="calibration: sum of the probabilities, millionths",
        ),
        DERIVED_FROM,
    ),
)

LENT_NUMBER = Contract(
    name="lent_number",
    grain="One row per member whose own number the list lacks, garbles or has cut, and whom a hukou link gives one.",
    key=("record_id",),
    columns=(
        RECORD_ID,
        Column(name="member_id", type=TEXT, nullable=False, doc="record_id of the household member"),
        Column(name="link_id", type=TEXT, nullable=False, doc="record_id of the hukou link it rests on"),
        Column(name="id18", type=TEXT, nullable=False, sensitivity=Sensitivity.IDENTIFYING, doc="the number"),
        Column(name="birth_date", type=DATE, sensitivity=Sensitivity.PERSONAL, doc="of the hukou record"),
        Column(name="sex", type=TEXT, sensitivity=Sensitivity.PERSONAL, doc="of the hukou record"),
        DERIVED_FROM,
    ),
)
