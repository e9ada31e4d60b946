"""The shape of a source YAML, read strictly: an unknown key, kind or canonical column is an error.

A source is one registry delivery stream. Its `columns` are keyed by the canonical column they fill;
every delivered column is either read by one of them or signed off in `unused_columns`.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines import contracts
from pipelines.base.errors import NotFound, SpecInvalid
from pipelines.base.ids import digest_file, digest_parts
from pipelines.reference import EXPECTATIONS_ROOT
from pipelines.sources.connectors.settings import Connector
from pipelines.sources.gates import Gates

_HERE = Path(__file__).parent

Kind = Literal[
    "id",
    "name",
    "text",
    "squeezed",
    "upper",
    "code",
    "letters",
    "flag",
    "date",
    "month",
    "yuan",
    "wan_yuan",
    "fen",
    "area",
    "count",
    "extract",
    "by_unit",
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Names(_Strict):
    """A title in both languages."""

    zh: str
    en: str


class ColumnUse(_Strict):
    """How one delivered column becomes one canonical column."""

    source_column: str = Field(alias="from")
    kind: Kind = Field(alias="as")
    map: dict[str, str] = {}  # code, flag: delivered value → canonical value
    known: tuple[str, ...] = ()  # code, letters: values taken as they are
    pattern: str = ""  # extract: one group
    prefix: str = ""  # extract: put before the group
    unit_from: str = ""  # by_unit: the delivered column that names the unit of this row
    units: dict[str, Literal["yuan", "wan_yuan", "fen"]] = {}  # by_unit: what its words mean

    @model_validator(mode="after")
    def _complete(self) -> ColumnUse:
        if self.kind in ("code", "flag") and not (self.map or self.known):
            raise ValueError(f"[{self.source_column}] is a {self.kind}: give `map` or `known`")
        if self.kind == "letters" and not self.known:
            raise ValueError(f"[{self.source_column}] is letters: give `known`")
        if self.kind == "by_unit" and not (self.unit_from and self.units):
            raise ValueError(f"[{self.source_column}] is by_unit: give `unit_from` and `units`")
        if self.kind == "extract" and re.compile(self.pattern).groups != 1:
            raise ValueError(f"[{self.source_column}] extract needs a pattern with one group")
        return self


class SharedCell(_Strict):
    """Several owners in one cell: which cells hold the names and ids, and what tells that they share."""

    names: str
    ids: str
    separators: str
    shared_column: str
    shared_value: str


class Delimited(_Strict):
    kind: Literal["delimited"]
    encoding: str
    delimiter: str
    quote: str = ""
    header: tuple[str, ...] = ()  # names by position when the file has no header line


class Fixed(_Strict):
    kind: Literal["fixed"]
    encoding: str
    widths: dict[str, int]  # column → bytes, in order


class Workbook(_Strict):
    kind: Literal["workbook"]
    header_row: int  # 1-based row of the column names; data follows it
    trailer: str  # lines whose first cell matches this are totals and signatures


class Dbf(_Strict):
    kind: Literal["dbf"]
    encoding: str


class JsonPages(_Strict):
    """Answers of a query service, one page a file; all pages of a delivery must sum to the stated total."""

    kind: Literal["json"]
    rows: str  # dotted path of the list of rows
    total: str  # dotted path of the number of rows over all pages
    code: str  # dotted path of the answer's code
    good_code: str


class Xml(_Strict):
    kind: Literal["xml"]
    record: str  # element name of a record; its children are the cells


Format = Annotated[Delimited | Fixed | Workbook | Dbf | JsonPages | Xml, Field(discriminator="kind")]


class Layout(_Strict):
    """One file form of a delivery."""

    files: str  # regular expression over the file name; a group `part` names what it is a statement of
    format: Format
    table: str = ""  # canonical table, when it is not the source's own
    packed: Literal["", "gz", "zip"] = ""
    delta: bool = False  # changes to the latest full file
    columns: dict[str, ColumnUse]
    constants: dict[str, str | bool] = {}
    # Per person: canonical column → delivered column; a truth value or a text after "=" is a constant.
    slots: tuple[dict[str, str | bool], ...] = ()
    id_pattern: str = ""  # the id number inside a longer cell (a certificate number): one group
    shared_cell: SharedCell | None = None
    unused_columns: tuple[str, ...] = ()

    @property
    def delivered_columns(self) -> set[str]:
        """Every delivered column the layout reads or signs off."""
        read = {use.source_column for use in self.columns.values()}
        read |= {use.unit_from for use in self.columns.values() if use.unit_from}
        for slot in self.slots:
            read |= {value for value in slot.values() if isinstance(value, str) and not value.startswith("=")}
        if self.shared_cell:
            read |= {self.shared_cell.names, self.shared_cell.ids, self.shared_cell.shared_column}
        return read | set(self.unused_columns)


class SourceSpec(_Strict):
    """A whole source YAML."""

    source: str
    title: Names
    publisher: Names
    legal_basis: str
    owner: str
    cadence: str
    schedule: str
    retention_months: int
    table: str
    grace_days: int  # how long after the month's end a delivery about it may still arrive
    months_back: int  # how old the statement used may be, in months before the month's first day
    # snapshot: the latest replaces all; monthly: the latest of each part; full_delta: the latest full file and
    # the deltas after it, row by row through `row_key`
    statement: Literal["snapshot", "monthly", "full_delta"]
    row_key: str = ""
    one_per_person: bool = False  # a person has one record there: by weight alone nobody is given two
    sign_off: str  # suffix of the sign-off file "name|rows|md5|date"; empty where the sender writes none
    null_tokens: tuple[str, ...] = ("", "NULL", "\\N", "-", "无", "不详", "/")
    unhandled_limit_percent: int = 2  # values in no known form, per column; above it the delivery is refused
    gates: Gates = Gates()
    connector: Connector | None = (
        None  # how the offer is reached; a city may say it elsewhere: connectors/declared.py
    )
    layouts: tuple[Layout, ...]

    @model_validator(mode="after")
    def _fits_contract(self) -> SourceSpec:
        if (self.statement == "full_delta") != bool(self.row_key):
            raise ValueError("full_delta needs `row_key`, and nothing else has one")
        columns = {name for table in self.tables for name in contracts.by_name(table).schema.names}
        for name in sorted(self.gates.named - columns):
            raise ValueError(f"gates: no table of the source has a column [{name}]")
        for layout in self.layouts:
            table = layout.table or self.table
            known = set(contracts.by_name(table).schema.names)
            used = {*layout.columns, *layout.constants, *(key for slot in layout.slots for key in slot)}
            for name in sorted(used - known):
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean [{near[0]}]?" if near else ""
                raise ValueError(f"table {table} has no column [{name}]{hint}")
        return self

    @property
    def tables(self) -> tuple[str, ...]:
        """Every canonical table the source fills."""
        return tuple(sorted({layout.table or self.table for layout in self.layouts}))

    def layout_of(self, file_name: str) -> Layout | None:
        """The layout a delivered file has, by its name."""
        return next((layout for layout in self.layouts if re.fullmatch(layout.files, file_name)), None)

    def part_of(self, file_name: str) -> str:
        """What the file is a statement of: the `part` group of its pattern, or empty."""
        for layout in self.layouts:
            found = re.fullmatch(layout.files, file_name)
            if found:
                return "delta" if layout.delta else found.groupdict().get("part") or ""
        return ""


def roots() -> tuple[Path, ...]:
    """Where source YAMLs lie: in the package, and in HEDUI_SOURCES, a city's own folder, when it is set."""
    own = os.environ.get("HEDUI_SOURCES")
    return (_HERE, Path(own).absolute()) if own else (_HERE,)


def spec_path(name: str) -> Path:
    """The YAML of a source; one that does not exist yet would lie in the last root."""
    paths = [root / f"{name}.yaml" for root in roots()]
    return next((path for path in paths if path.is_file()), paths[-1])


def source_names() -> tuple[str, ...]:
    """Every source that has a YAML, in name order."""
    return _names_in(roots())


@cache
def _names_in(folders: tuple[Path, ...]) -> tuple[str, ...]:
    return tuple(sorted({path.stem for folder in folders for path in folder.glob("*.yaml")}))


def load_spec(name: str) -> SourceSpec:
    """The spec of a source; NotFound when there is none, SpecInvalid naming file and key when it is wrong."""
    if name not in source_names():
        raise NotFound(f"no source is called [{name}]", remedy=f"one of: {', '.join(source_names())}")
    return _spec_in(spec_path(name))


@cache
def _spec_in(path: Path) -> SourceSpec:
    return read_spec(path)


def forget() -> None:
    """Look at the folders again: a YAML was written since."""
    _names_in.cache_clear()
    _spec_in.cache_clear()


def read_spec(path: Path) -> SourceSpec:
    """A spec from any file (tests and `sources new` read from elsewhere)."""
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return SourceSpec.model_validate(raw)
    except yaml.YAMLError as error:
        raise SpecInvalid(f"not YAML: {error}", place=path.name) from error
    except ValidationError as error:
        # A mistyped key shows as an unknown one and a missing one: the unknown one is what was typed.
        first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
        where = ".".join(str(part) for part in first["loc"])
        raise SpecInvalid(
            first["msg"], place=f"{path.name} {where}", remedy="see pipelines/sources/spec.py"
        ) from error


def suite_path(name: str) -> Path:
    """Where the source's own expectations would lie: beside a city's own YAMLs, else with those of the package."""
    root = spec_path(name).parent
    folder = EXPECTATIONS_ROOT / "source" if root == _HERE else root / "expectations"
    return folder / f"{name}.json"


def spec_digest(name: str) -> str:
    """Digest of what the bytes of a source mean, part of every landing key: its YAML but not the way in, its suite."""
    raw = yaml.safe_load(spec_path(name).read_text(encoding="utf-8"))
    raw.pop("connector", None)
    suite = suite_path(name)
    own = [digest_file(suite)] if suite.is_file() else []
    return digest_parts([json.dumps(raw, ensure_ascii=False, default=str), *own])
