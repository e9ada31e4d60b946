"""Categories: every delivered value is mapped, known, or a signal that stops the delivery."""

from __future__ import annotations

import re
from functools import cache
from unicodedata import normalize

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import reference
from pipelines.s2_standardise.texts import half_width
from pipelines.sources.spec import ColumnUse

_LONGEST_CODE = 12
_LONG_NUMBER = re.compile(r"\d{6,}")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}")
ANY_OTHER = "*"  # as a key of `map`: a signed decision that all other values mean this


def read_codes(values: pa.Array, use: ColumnUse) -> tuple[pa.Array, pa.Array]:
    """Canonical codes, and a mask of values the YAML does not know."""
    plain = half_width(values).dictionary_encode()
    distinct = plain.dictionary.to_pylist()
    meaning = {normalize("NFKC", key): value for key, value in use.map.items()}
    other = meaning.get(ANY_OTHER)
    mapped = [meaning.get(value, value if value in use.known else other) for value in distinct]
    codes = pa.array(mapped, pa.string()).take(plain.indices)
    return codes, pc.and_(pc.is_valid(values), pc.is_null(codes))


def read_letters(values: pa.Array, use: ColumnUse) -> tuple[pa.Array, pa.Array]:
    """Texts of one or more known letters, and a mask of those that hold another."""
    plain = pc.utf8_upper(half_width(values)).dictionary_encode()
    known = set(use.known)
    fine = [value if value and set(value) <= known else None for value in plain.dictionary.to_pylist()]
    letters = pa.array(fine, pa.string()).take(plain.indices)
    return letters, pc.and_(pc.is_valid(values), pc.is_null(letters))


def read_extract(values: pa.Array, use: ColumnUse) -> tuple[pa.Array, pa.Array]:
    """The pattern's group with its prefix, and a mask of values without the pattern."""
    named = _named(use.pattern)
    group = pc.struct_field(pc.extract_regex(half_width(values), pattern=f"^(?:{named})$"), "found")
    found = pc.binary_join_element_wise(use.prefix, group, "")
    return found, pc.and_(pc.is_valid(values), pc.is_null(found))


def _named(pattern: str) -> str:
    """The first capturing group gets the name `found`."""
    for at, sign in enumerate(pattern):
        if sign == "(" and pattern[at + 1 : at + 3] != "?:":
            return f"{pattern[:at]}(?P<found>{pattern[at + 1 :]}"
    return pattern


def shown(code: str) -> str:
    """A code as an error may quote it. What is long, or may be a name or a number of a shifted line, is only described."""
    is_long = len(code) > _LONGEST_CODE or _LONG_NUMBER.search(code)
    may_be_name = _NAME.fullmatch(code) and code[0] in _surnames()
    return f"({len(code)} characters)" if is_long or may_be_name else code


@cache
def _surnames() -> frozenset[str]:
    return frozenset(str(one)[0] for one in reference.table("surnames.csv")["surname"].to_pylist())
