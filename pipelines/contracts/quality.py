"""What was not taken as it came, the verdicts of the suites, and the month's score of each source."""

from __future__ import annotations

from pipelines.contracts.contract import DATE, SMALL, TEXT, TEXTS, TRUTH, WHOLE, Column, Contract, Sensitivity
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


def _permille(name: str, doc: str) -> Column:
    return Column(
        name=name, type=SMALL, doc=f"{doc}, per mille, cut down; empty where there is nothing to divide"
    )


# accuracy 准确性 · timeliness 实时性 · validity 有效性
QUALITY_SCORE = Contract(
    name="quality_score",
    grain="One row per source and month, over the deliveries that count in the month.",
    key=("source",),
    columns=(
        RECORD_ID,
        Column(name="source", type=TEXT, nullable=False, doc="source name"),
        Column(name="month", type=TEXT, nullable=False, doc="YYYY-MM"),
        Column(
            name="status",
            type=TEXT,
            nullable=False,
            doc="used · empty · not_received · refused · held · waived",
        ),
        Column(name="data_lines", type=WHOLE, nullable=False, doc="lines without header, trailer and blank"),
        Column(name="persons", type=WHOLE, nullable=False, doc="accepted records that name a person"),
        _permille("valid_id_permille", "accuracy: records with a valid id number"),
        _permille("quarantined_permille", "accuracy: data lines set aside"),
        Column(name="as_of", type=DATE, doc="timeliness: the newest day the deliveries describe"),
        Column(name="age_days", type=SMALL, doc="timeliness: from as_of to the month's last day"),
        Column(
            name="is_late",
            type=TRUTH,
            nullable=False,
            doc="timeliness: nothing counts, or it is older than the source's cadence allows",
        ),
        Column(name="lag_days", type=SMALL, doc="timeliness: from as_of to the day of receipt"),
        _permille("loaded_permille", "validity: data lines loaded"),
        _permille("understood_permille", "validity: values in a known form"),
        Column(name="checks", type=WHOLE, nullable=False, doc="expectations judged"),
        Column(name="checks_failed", type=WHOLE, nullable=False, doc="expectations that failed"),
        DERIVED_FROM,
    ),
)

QUARANTINE_SAMPLE = Contract(
    name="quarantine_sample",
    grain="One row per sampled quarantined line: the first ten of each delivery and rule, every cell masked.",
    key=("record_id",),
    columns=(
        RECORD_ID,
        Column(name="source", type=TEXT, nullable=False, doc="source name"),
        Column(name="delivery", type=TEXT, nullable=False, doc="<source>/<batch folder>"),
        Column(name="file_name", type=TEXT, nullable=False, doc="name of the delivered file"),
        Column(name="row_no", type=SMALL, nullable=False, doc="1-based data row"),
        Column(name="rule", type=TEXT, nullable=False, doc="id of the expectation, or the fault of the line"),
        Column(
            name="cells", type=TEXTS, nullable=False, doc="first character of each cell; every other hidden"
        ),
        DERIVED_FROM,
    ),
)
