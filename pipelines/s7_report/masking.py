"""Personal values as the pages show them: enough to tell two people apart, never the whole value."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

_FULL_ID = r"(\p{Nd}{4})\p{Nd}{10}(\p{Nd}{3}[\p{Nd}XxＸｘ])"
_MASKED_ID = r"\1**********\2"
# C0/C1 controls would make the markup ill-formed; bidi controls could turn a sentence round.
_CONTROLS = "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNPRINTABLE = f"[{_CONTROLS}{_BIDI}\ufffe\uffff]"
_REPLACEMENT = "\ufffd"
_LONGEST = 400
_PRINTABLE = re.compile(_UNPRINTABLE)
_ID18, _ID15 = 18, 15
_DIGIT = re.compile(r"[0-9０-９]")


def safe_table(table: pa.Table) -> pa.Table:
    """The table with full id numbers masked and unprintable characters replaced in every text column."""
    columns = [_safe_column(table[name]) for name in table.column_names]
    return pa.table(columns, names=table.column_names)


def _safe_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_string(column.type):
        return column
    printable = pc.replace_substring_regex(column, pattern=_UNPRINTABLE, replacement=_REPLACEMENT)
    return pc.replace_substring_regex(printable, pattern=_FULL_ID, replacement=_MASKED_ID)


def safe_text(text: str) -> str:
    """As `safe_table`, for one text; a very long one is cut."""
    column = _safe_column(pa.chunked_array([[text]], type=pa.string()))
    return short(str(column[0]))


def short(text: str) -> str:
    """The text printable, and cut where no table cell could hold it."""
    printable = _PRINTABLE.sub(_REPLACEMENT, text)
    return printable if len(printable) <= _LONGEST else printable[:_LONGEST] + "…"


def mask_name(name: str | None) -> str:
    """张** : the first character only, whatever the length."""
    return f"{short(name.strip()[0])}**" if name and name.strip() else ""


def mask_id(number: str | None) -> str:
    """7307**********1234; the birth date is hidden. Damaged numbers keep less."""
    if not number:
        return ""
    if len(number) == _ID18:
        return short(f"{number[:4]}{'*' * 10}{number[-4:]}")
    if len(number) == _ID15:
        return short(f"{number[:4]}{'*' * 8}{number[-3:]}")
    kept = min(4, len(number) // 4)
    return short(number[:kept] + "*" * (len(number) - kept))


def mask_tail(value: str | None) -> str:
    """Only the last four characters, of an account or certificate: ****0013."""
    if not value:
        return ""
    kept = value[-4:] if len(value) > len("****0013") else ""
    return short(f"****{kept}")


def mask_plate(plate: str | None) -> str:
    """云A***12: where it was issued and the last two characters."""
    if not plate:
        return ""
    return short(f"{plate[:2]}***{plate[-2:]}" if len(plate) >= len("云A00000") else f"{plate[:1]}***")


def mask_place(place: str | None) -> str:
    """A place with every digit hidden: the road or village remains, the house does not."""
    return short(_DIGIT.sub("*", place)) if place else ""


def mask_day(day: str | None) -> str:
    """1956-**-** : the year only."""
    return short(f"{day[:4]}-**-**") if day else ""
