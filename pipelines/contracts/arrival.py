"""What arrived: deliveries, their physical lines, and the account of every line."""

from __future__ import annotations

from pipelines.contracts.contract import DATE, SMALL, TEXT, TEXTS, WHOLE, Column, Contract, Sensitivity
from pipelines.contracts.parts import DERIVED_FROM, RECORD_ID

_FILE = (
    Column(name="source", type=TEXT, nullable=False, doc="source name"),
    Column(name="delivery", type=TEXT, nullable=False, doc="<source>/<batch folder>"),
    Column(name="file_name", type=TEXT, nullable=False, doc="name of the delivered file"),
)

DELIVERY = Contract(
    name="delivery",
    grain="One row per delivered file.",
    key=("delivery", "file_name"),
    columns=(
        RECORD_ID,
        *_FILE,
        Column(name="sha256", type=TEXT, nullable=False, doc="digest of the file's bytes"),
        Column(name="byte_count", type=WHOLE, nullable=False, doc="size in bytes"),
        Column(
            name="physical_lines",
            type=WHOLE,
            nullable=False,
            doc="lines counted on the bytes, without parsing",
        ),
        Column(
            name="part",
            type=TEXT,
            nullable=False,
            doc="what the file is a statement of, e.g. a month; else empty",
        ),
        Column(name="as_of", type=DATE, nullable=False, doc="the day whose state of the world it describes"),
        Column(name="received_at", type=DATE, nullable=False, doc="the day of the batch folder"),
        Column(name="stated_rows", type=WHOLE, doc="rows its sign-off states"),
        Column(name="stated_md5", type=TEXT, doc="md5 its sign-off states"),
        Column(
            name="status",
            type=TEXT,
            nullable=False,
            doc="accepted · empty · refused · held (in a month's table: by a shock gate, not released)",
        ),
        Column(name="cause", type=TEXT, doc="the error's name when refused or held"),
        Column(name="reason", type=TEXT, doc="the error in words: place, what, remedy"),
        DERIVED_FROM,
    ),
)

LANDED_LINE = Contract(
    name="landed_line",
    grain="One row per physical line of a delivered file (worksheet row, DBF record).",
    key=("delivery", "file_name", "line_no"),
    columns=(
        RECORD_ID,
        *_FILE,
        Column(name="line_no", type=SMALL, nullable=False, doc="1-based physical line"),
        Column(name="row_no", type=SMALL, doc="1-based data row; empty for header, trailer and blank lines"),
        Column(name="kind", type=TEXT, nullable=False, doc="header · data · trailer · blank"),
        Column(
            name="byte_offset", type=WHOLE, nullable=False, doc="where the line starts in the file (member)"
        ),
        Column(name="byte_length", type=WHOLE, nullable=False, doc="its length without the line end"),
        Column(
            name="fault",
            type=TEXT,
            doc="why the line has no cells to read: cell_count · quote_stray · width · deleted",
        ),
        Column(
            name="repeats", type=TEXT, doc="record_id of the earlier line of the file with the same cells"
        ),
        Column(
            name="cells",
            type=TEXTS,
            sensitivity=Sensitivity.SENSITIVE,
            doc=(
                "the cells as delivered, decoded, untrimmed; empty for lines of text, "
                "whose bytes stand in the kept file at byte_offset"
            ),
        ),
        DERIVED_FROM,
    ),
)

LINE_ACCOUNT = Contract(
    name="line_account",
    grain=(
        "One row per delivered file and month: "
        "physical − header − trailer − blank = loaded + quarantined + duplicates + superseded + not_authorised."
    ),
    key=("delivery", "file_name"),
    columns=(
        RECORD_ID,
        *_FILE,
        Column(
            name="status",
            type=TEXT,
            nullable=False,
            doc=(
                "used · superseded · repeated (same bytes sent again) · refused · empty · "
                "held (waits for a named person's release; its data lines count as quarantined)"
            ),
        ),
        Column(
            name="physical_lines", type=WHOLE, nullable=False, doc="counted on the bytes, without parsing"
        ),
        Column(name="header_lines", type=WHOLE, nullable=False, doc="title, group and header lines"),
        Column(name="trailer_lines", type=WHOLE, nullable=False, doc="total and signature lines"),
        Column(name="blank_lines", type=WHOLE, nullable=False, doc="lines without a character"),
        Column(name="loaded", type=WHOLE, nullable=False, doc="lines with at least one accepted record"),
        Column(
            name="quarantined", type=WHOLE, nullable=False, doc="lines without one, and all of a refused file"
        ),
        Column(
            name="duplicates", type=WHOLE, nullable=False, doc="lines equal to an earlier line of the file"
        ),
        Column(
            name="superseded", type=WHOLE, nullable=False, doc="lines of a file that a later one replaces"
        ),
        Column(
            name="not_authorised",
            type=WHOLE,
            nullable=False,
            doc="lines about people who may not be looked up",
        ),
        Column(
            name="records",
            type=WHOLE,
            nullable=False,
            doc="accepted records (a line may bear several people)",
        ),
        DERIVED_FROM,
    ),
)
