"""Column groups that several contracts share: the record address and the person."""

from __future__ import annotations

from pipelines.contracts.contract import DATE, SMALL, TEXT, TEXTS, Column, Sensitivity

RECORD_ID = Column(name="record_id", type=TEXT, nullable=False, doc="content-addressed id of this row")
DERIVED_FROM = Column(
    name="derived_from",
    type=TEXTS,
    nullable=False,
    doc="record_ids of the rows this one was made from; empty for a delivered file",
)

# The record address: where in which delivery a row stands. record_id of a canonical record is
# "<source>/<batch>/<file name>#<row>" and ".<slot>" behind it where one row bears several people.
ADDRESS: tuple[Column, ...] = (
    RECORD_ID,
    Column(name="source", type=TEXT, nullable=False, doc="source name, as its YAML is called"),
    Column(name="delivery", type=TEXT, nullable=False, doc="<source>/<batch folder>"),
    Column(name="file_name", type=TEXT, nullable=False, doc="name of the delivered file"),
    Column(name="row_no", type=SMALL, nullable=False, doc="1-based data row (header lines not counted)"),
    Column(name="slot", type=SMALL, nullable=False, doc="0-based place of the person within the row"),
    DERIVED_FROM,
)

# The record_id says the same in one text; rows stand in the order in which they were delivered.
ADDRESS_KEY = ("delivery", "file_name", "row_no", "slot")

# The person a record names. `name` and `id_no` are the standardised forms beside the raw ones.
PERSON: tuple[Column, ...] = (
    Column(name="name", type=TEXT, sensitivity=Sensitivity.IDENTIFYING, doc="standardised name"),
    Column(name="name_raw", type=TEXT, sensitivity=Sensitivity.IDENTIFYING, doc="name as delivered"),
    Column(
        name="id_no",
        type=TEXT,
        sensitivity=Sensitivity.IDENTIFYING,
        doc="id number, half width, upper case, blanks out; may be damaged",
    ),
    Column(name="id_raw", type=TEXT, sensitivity=Sensitivity.IDENTIFYING, doc="id number as delivered"),
    Column(
        name="id_state",
        type=TEXT,
        nullable=False,
        doc="valid18 · valid15 · checksum_wrong · date_wrong · excel_cut · masked · dummy · malformed · missing",
    ),
    Column(
        name="id18",
        type=TEXT,
        sensitivity=Sensitivity.IDENTIFYING,
        doc="the 18-digit form when id_state is valid18 or valid15, else empty",
    ),
    Column(
        name="birth_date",
        type=DATE,
        sensitivity=Sensitivity.PERSONAL,
        doc="the registry's own birth date, else the one inside the id number",
    ),
    Column(name="sex", type=TEXT, doc="M or F: the registry's own, else from the id number"),
)

PLACE: tuple[Column, ...] = (
    Column(
        name="address", type=TEXT, sensitivity=Sensitivity.PERSONAL, doc="address as delivered, blanks out"
    ),
)
