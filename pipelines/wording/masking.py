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
_WHOLE_ID = re.compile(_FULL_ID.replace(r"\p{Nd}", r"\d"))
_FEW = 1_000
_ID18, _ID15 = 18, 15
_DIGIT = re.compile(r"[0-9０-９]")


def safe_table(table: pa.Table) -> pa.Table:
    """The table with full id numbers masked and unprintable characters replaced in every text column."""
    texts = [name for name in table.column_names if pa.types.is_string(table[name].type)]
    # One after the other in one column: the patterns are made ready once a table, not once a column.
    chunks = [chunk for name in texts for chunk in table[name].chunks]
    safe = _safe_column(pa.chunked_array(chunks, type=pa.string()))
    for place, name in enumerate(texts):
        at = table.column_names.index(name)
        table = table.set_column(at, name, safe.slice(place * table.num_rows, table.num_rows))
    return table


def _safe_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if len(column) <= _FEW:
        # Making Arrow's patterns ready takes as long as a thousand values do here.
        safe = [None if text is None else _safe(text) for text in column.to_pylist()]
        return pa.chunked_array([pa.array(safe, type=pa.string())])
    printable = pc.replace_substring_regex(column, pattern=_UNPRINTABLE, replacement=_REPLACEMENT)
    return pc.replace_substring_regex(printable, pattern=_FULL_ID, replacement=_MASKED_ID)


def _safe(text: str) -> str:
    return _WHOLE_ID.sub(_MASKED_ID, _PRINTABLE.sub(_REPLACEMENT, text))


def safe_text(text: str) -> str:
    """As `safe_table`, for one text; a very long one is cut."""
    return short(_safe(text))


def safe_words(text: str) -> str:
    """As `safe_text`, whole: for what an officer wrote."""
    return _safe(text)


def printable(text: str) -> str:
    """The text without what could break markup or turn a sentence round."""
    return _PRINTABLE.sub("", text)


def holds_id(text: str) -> bool:
    """Whether a whole id number stands in the text."""
    return _WHOLE_ID.search(text) is not None


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
