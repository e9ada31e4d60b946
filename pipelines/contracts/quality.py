"""What was not taken as it came: unhandled values, quarantined records, and the verdicts of the suites."""

from __future__ import annotations

from pipelines.contracts.contract import SMALL, TEXT, TRUTH, WHOLE, Column, Contract, Sensitivity
from pipelines.contracts.parts import DERIVED_FROM, RECORD_ID

UNHANDLED = Contract(
    name="unhandled",
    grain="One row per delivered file, column and value that the source's YAML neither maps nor ignores.",
    key=("delivery", "file_name", "column", "value"),
    columns=(
        RECORD_ID,
        Column(name="source", type=TEXT, nullable=False, doc="source name"),
        Column(name="delivery", type=TEXT, nullable=False, doc="<source>/<batch folder>"),
        Column(name="file_name", type=TEXT, nullable=False, doc="name of the delivered file"),
        Column(name="column", type=TEXT, nullable=False, doc="the delivered column"),
        Column(name="value", type=TEXT, nullable=False, sensitivity=Sensitivity.SENSITIVE, doc="the value"),
        Column(name="rows", type=WHOLE, nullable=False, doc="rows that carry it"),
        DERIVED_FROM,
    ),
)

QUARANTINE = Contract(
    name="quarantine",
    grain="One row per record and row-level expectation it fails; for a refused file one row.",
    key=("record_id",),
    columns=(
        RECORD_ID,
        Column(name="source", type=TEXT, nullable=False, doc="source name"),
        Column(name="delivery", type=TEXT, nullable=False, doc="<source>/<batch folder>"),
        Column(name="file_name", type=TEXT, nullable=False, doc="name of the delivered file"),
        Column(name="row_no", type=SMALL, doc="1-based data row; empty for a refused file"),
        Column(name="slot", type=SMALL, doc="place of the person within the row"),
        Column(name="rule", type=TEXT, nullable=False, doc="id of the expectation, or the cause of refusal"),
        Column(name="why", type=TEXT, nullable=False, doc="the expectation's own reason"),
        DERIVED_FROM,
    ),
)

EXPECTATION_RESULT = Contract(
    name="expectation_result",
    grain="One row per delivery, table and expectation.",
    key=("delivery", "suite", "rule"),
    columns=(
        RECORD_ID,
        Column(name="source", type=TEXT, nullable=False, doc="source name"),
        Column(name="delivery", type=TEXT, nullable=False, doc="<source>/<batch folder>"),
        Column(name="suite", type=TEXT, nullable=False, doc="suite file, e.g. canonical/vehicle"),
        Column(name="rule", type=TEXT, nullable=False, doc="id of the expectation"),
        Column(name="success", type=TRUTH, nullable=False, doc="what Great Expectations says"),
        Column(name="observed", type=TEXT, nullable=False, doc="observed value, counts only"),
        Column(name="unexpected", type=WHOLE, nullable=False, doc="rows that fail"),
        Column(name="consequence", type=TEXT, nullable=False, doc="quarantine · warn · stop"),
        Column(name="why", type=TEXT, nullable=False, doc="why the expectation exists"),
        Column(name="owner", type=TEXT, nullable=False, doc="who answers for it"),
        DERIVED_FROM,
    ),
)
