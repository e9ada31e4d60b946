"""A first source YAML and suite from a sample: columns found by what is in them, the rest left for a person to decide.

Nothing is guessed silently: what no column rule recognises goes to `unused_columns`, to be signed off.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.base.errors import LayoutBroken, SpecInvalid, WrongEncoding
from pipelines.reference import EXPECTATIONS_ROOT

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = (",", "\t", "|", ";", "，", "\x01")
_MOSTLY_PERCENT = 80
_ID = re.compile(r"[1-9]\d{5}(?:19|20)\d{9}[\dXx]|[1-9]\d{14}")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}")
_DATE = re.compile(r"(?:19|20)\d{2}(?P<sep>[-/.]?)\d{1,2}(?P=sep)\d{1,2}|(?:19|20)\d{2}年\d{1,2}月\d{1,2}日")
_AMOUNT = re.compile(r"-?[\d,]*\d(?:\.\d{1,2})?")
_NAME_WORD = re.compile(r"name|姓名|xm", re.IGNORECASE)
_AMOUNT_WORD = re.compile(r"amount|balance|sum|fee|金额|余额|[款费资]$", re.IGNORECASE)
_SOURCE_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A sample as read: format words for the YAML, header and rows of text."""

    format: Mapping[str, object]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_text_sample(data: bytes) -> Sample:
    """A delimited sample: encoding, delimiter and header found from its bytes."""
    text, encoding = _decoded(data)
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise LayoutBroken("the sample holds no line", remedy="give a sample with a header and some rows")
    delimiter = max(_DELIMITERS, key=lambda mark: min(line.count(mark) for line in lines[:50]))
    if delimiter not in lines[0]:
        _told_as_title(lines)
        raise LayoutBroken(
            "no delimiter cuts every line", remedy="write the YAML by hand: see another source"
        )
    quote = '"' if '"' in text else ""
    style = {"quotechar": '"'} if quote else {"quoting": csv.QUOTE_NONE}
    rows = [tuple(cells) for cells in csv.reader(io.StringIO(text), delimiter=delimiter, **style) if cells]
    form = {"kind": "delimited", "encoding": encoding, "delimiter": delimiter} | (
        {"quote": quote} if quote else {}
    )
    return headed(form, rows)


def _told_as_title(lines: Sequence[str]) -> None:
    """LayoutBroken that says so, when only the first lines are not cut: a title stands over the header."""
    for above in range(1, len(lines) - 1):
        if any(mark in lines[above] and all(mark in line for line in lines[above:]) for mark in _DELIMITERS):
            raise LayoutBroken(
                f"the first {above} line(s) are a title: a text file begins with its header",
                remedy="ask the registry for the file without the title, or for a workbook, where one is read over",
            )


def headed(form: Mapping[str, object], rows: Sequence[tuple[str, ...]]) -> Sample:
    """The sample with its first row as header. A first row that holds an id number is data, not names."""
    header = tuple(cell.strip() for cell in rows[0])
    if any(_ID.fullmatch(cell) for cell in header) or len(set(header)) != len(header) or not all(header):
        raise LayoutBroken("the first row names no columns", remedy="put a header line into the sample")
    return Sample(format=form, header=header, rows=tuple(rows[1:]))


def columns_of(sample: Sample) -> dict[str, tuple[str, str]]:
    """Canonical column of registry_fact → (delivered column, kind). The first column of a kind is taken."""
    cells = {
        name: [row[at].strip() for row in sample.rows if at < len(row) and row[at].strip()]
        for at, name in enumerate(sample.header)
    }
    found: dict[str, tuple[str, str]] = {}
    for canonical, kind, is_one in _RULES:
        if canonical in found:
            continue
        taken = {column for column, _ in found.values()}
        fits = [name for name in sample.header if name not in taken and is_one(name, cells[name])]
        if fits:
            found[canonical] = (fits[0], kind)
    if "id_no" not in found and "name" not in found:
        raise LayoutBroken(
            "no column of the sample holds id numbers or names",
            place=", ".join(sample.header),
            remedy="a registry without people cannot be linked; write its YAML by hand",
        )
    return found


def source_yaml(name: str, sample: Sample, file_name: str) -> str:
    """The text of the YAML, with notes on what a person decides."""
    if not _SOURCE_NAME.fullmatch(name):
        raise SpecInvalid(
            f"[{name}] is no source name", remedy="lower-case letters, digits and _; a letter first"
        )
    found = columns_of(sample)
    used = {column for column, _ in found.values()}
    unused = [column for column in sample.header if column not in used]
    columns = "".join(
        f"      {canonical}: {{from: {_quoted(column)}, as: {kind}}}\n"
        for canonical, (column, kind) in found.items()
    )
    form = ", ".join(f"{key}: {_quoted(value)}" for key, value in sample.format.items())
    return f"""# {name}: made by `hedui sources new` from a sample; a person decides every line marked DECIDE.
source: {name}
title: {{zh: {name}, en: {name}}}  # DECIDE
publisher: {{zh: 待定, en: to be named}}  # DECIDE
legal_basis: 待定  # DECIDE
owner: data-engineering
cadence: monthly  # DECIDE
schedule: "0 3 * * *"
retention_months: 24  # DECIDE
table: registry_fact
grace_days: 15
months_back: 12
statement: snapshot
sign_off: ''  # DECIDE: .ok where the sender writes a sign-off beside each file
layouts:
  - files: {_quoted(file_pattern(file_name))}
    format: {{{form}}}
    columns:
{columns}    constants: {{fact_kind: {name}}}
    unused_columns: [{", ".join(map(_quoted, unused))}]{"  # DECIDE: read them or sign them off" if unused else ""}
"""


def source_suite(name: str, sample: Sample) -> str:
    """The text of the source's own suite: what registry_fact asks of the columns the sample has, for a person to edit."""
    has = {*columns_of(sample), "name_or_id", "as_of"}
    has |= {"id_is_valid"} if "id_no" in has else set()
    table = json.loads((EXPECTATIONS_ROOT / "canonical" / "registry_fact.json").read_text(encoding="utf-8"))
    asked = [one for one in table["expectations"] if _columns_asked(one["kwargs"]) <= has]
    suite = {"name": f"source.{name}", "expectations": asked, "meta": table["meta"]}
    return json.dumps(suite, ensure_ascii=False, indent=2) + "\n"


def _columns_asked(kwargs: Mapping[str, object]) -> set[str]:
    return {str(kwargs[key]) for key in ("column", "column_A", "column_B") if key in kwargs}


def file_pattern(file_name: str) -> str:
    """The file name as a pattern: runs of digits may differ from month to month."""
    return "".join(
        r"\d+" if part.isdigit() else re.escape(part) for part in re.split(r"(\d+)", file_name) if part
    )


def _quoted(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.encode("unicode_escape").decode().replace('"', '\\"') + '"'


def _decoded(data: bytes) -> tuple[str, str]:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding), encoding.removesuffix("-sig") if data[
                :3
            ] != b"\xef\xbb\xbf" else encoding
        except UnicodeDecodeError:
            continue
    raise WrongEncoding("the sample is neither UTF-8 nor GB18030", remedy="ask the registry for its encoding")


def _mostly(pattern: re.Pattern[str], cells: Sequence[str]) -> bool:
    fits = sum(bool(pattern.fullmatch(cell)) for cell in cells)
    return bool(cells) and fits * 100 >= len(cells) * _MOSTLY_PERCENT


def _is_name(column: str, cells: Sequence[str]) -> bool:
    return bool(_NAME_WORD.search(column)) and bool(cells)


def _is_amount(column: str, cells: Sequence[str]) -> bool:
    return _mostly(_AMOUNT, cells) and (
        bool(_AMOUNT_WORD.search(column)) or any("." in cell for cell in cells)
    )


_RULES: tuple[tuple[str, str, Callable[[str, Sequence[str]], bool]], ...] = (
    ("id_no", "id", lambda _column, cells: _mostly(_ID, cells)),
    ("name", "name", _is_name),
    ("name", "name", lambda _column, cells: _mostly(_NAME, cells) and len(set(cells)) * 2 > len(cells)),
    ("fact_date", "date", lambda _column, cells: _mostly(_DATE, cells)),
    ("amount", "yuan", _is_amount),
)
