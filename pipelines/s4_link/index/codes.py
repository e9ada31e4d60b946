"""Values as 64-bit codes, a whole batch at a time: equal values have equal codes, on every machine.

A name of one to four characters and an id number are packed without loss; other text is digested.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.names import name_key
from pipelines.s4_link.people import Rows, Truths

Codes: TypeAlias = npt.NDArray[np.uint64]
Octets: TypeAlias = npt.NDArray[np.uint8]
Figures: TypeAlias = npt.NDArray[np.int64]

_CJK = range(0x3400, 0xA000)  # three bytes each in UTF-8
_MOST_PACKED, _CHARACTER_BITS, _CHARACTER_BYTES = 4, 16, 3
_LEAD, _FOLLOWS = 0xE0, 0x80  # how UTF-8 marks the bytes of a character of three
_GOLDEN, _FIRST, _SECOND = (
    np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Coded:
    """One code a row; where `known` is false the row has no such value and meets nobody by it."""

    codes: Codes
    known: Truths


def mixed(codes: Codes) -> Codes:
    """Codes spread evenly over all 64 bits; two different codes stay different."""
    spread = codes + _GOLDEN
    spread = (spread ^ (spread >> np.uint64(30))) * _FIRST
    spread = (spread ^ (spread >> np.uint64(27))) * _SECOND
    return spread ^ (spread >> np.uint64(31))


def joined(parts: list[Coded]) -> Coded:
    """One key of several parts; a row without one of them has no key."""
    codes, known = mixed(parts[0].codes), parts[0].known
    for part in parts[1:]:
        codes, known = mixed(codes ^ part.codes), known & part.known
    return Coded(codes=codes, known=known)


@lru_cache(maxsize=1 << 16)
def digest(text: str) -> int:
    """Sixty-three bits of a text, with the highest bit set: no id number or name has that code."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") | 1 << 63


def text_codes(texts: pa.Array) -> Coded:
    """Codes of a column with few different values."""
    coded = pc.dictionary_encode(texts, null_encoding="encode")
    values = coded.dictionary.to_pylist()
    table = np.array([digest(value) if value else 0 for value in values] or [0], dtype=np.uint64)
    codes = table[np.asarray(coded.indices, dtype=np.int64)]
    return Coded(codes=codes, known=codes != 0)


def date_codes(dates: pa.Array) -> Coded:
    """Days since 1970, moved so that none is negative."""
    days = np.asarray(pc.fill_null(dates.cast(pa.int32()), 0), dtype=np.int64)
    return Coded(codes=(days + (1 << 31)).astype(np.uint64), known=is_known(dates))


def is_known(values: pa.Array) -> Truths:
    """For each row: is there a value."""
    known: Truths = np.asarray(pc.is_valid(values), dtype=np.bool_)
    return known


def octets(texts: pa.Array) -> tuple[Octets, Rows]:
    """The bytes of a text column without nulls, and where each value starts; the last entry is the end."""
    start, rows = texts.offset, len(texts)
    kind = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    buffers: list[Any] = texts.buffers()
    starts = np.frombuffer(buffers[1], dtype=kind)[start : start + rows + 1].astype(np.int64)
    if not rows or starts[-1] == starts[0]:
        return np.zeros(0, dtype=np.uint8), np.zeros(rows + 1, dtype=np.int64)
    data = np.frombuffer(buffers[2], dtype=np.uint8)[starts[0] : starts[-1]]
    return data, starts - starts[0]


def name_codes(names: pa.Array) -> Coded:
    """The code of each row's name key; equal codes are equal keys."""
    texts = pc.fill_null(names, "")
    data, starts = octets(texts)
    sizes = np.diff(starts)
    is_plain = (sizes > 0) & (sizes % _CHARACTER_BYTES == 0) & (sizes <= _MOST_PACKED * _CHARACTER_BYTES)
    if not is_plain.all():
        data, starts = octets(texts.filter(pa.array(is_plain)))
    codes = np.zeros(len(texts), dtype=np.uint64)
    codes[is_plain] = _packed(data, starts)
    odd = np.flatnonzero((codes == 0) & (sizes > 0))
    codes[odd] = _odd_names(texts.take(pa.array(odd)))
    return Coded(codes=codes, known=codes != 0)


def _packed(data: Octets, starts: Rows) -> Codes:
    """Names of one to four three-byte characters; 0 where a character is not a plain one."""
    characters = _characters(data)
    first, sizes = starts[:-1] // _CHARACTER_BYTES, np.diff(starts) // _CHARACTER_BYTES
    codes = np.zeros(len(sizes), dtype=np.uint64)
    plain = np.ones(len(sizes), dtype=np.bool_)
    padded = np.concatenate([characters, np.zeros(_MOST_PACKED, dtype=np.uint64)])
    for place in range(_MOST_PACKED):
        here = padded[first + place]
        within = place < sizes
        plain &= ~within | (here != 0)
        codes |= np.where(within, here, 0).astype(np.uint64) << np.uint64(_CHARACTER_BITS * place)
    codes[~plain] = 0
    return codes


def _characters(data: Octets) -> Codes:
    """What each three bytes are a plain character for, folded as in a name key; 0 where they are not one."""
    triples = data.reshape(-1, _CHARACTER_BYTES)
    lead, second, third = (triples[:, place].astype(np.int32) for place in range(_CHARACTER_BYTES))
    points = (lead & 0x0F) << 12 | (second & 0x3F) << 6 | (third & 0x3F)
    sound = (lead & 0xF0 == _LEAD) & (second & 0xC0 == _FOLLOWS) & (third & 0xC0 == _FOLLOWS)
    return np.where(sound, _folded()[points], 0).astype(np.uint64)


@cache
def _folded() -> npt.NDArray[np.uint16]:
    """For every code point of 16 bits the character its name key has; 0 for those that need more than that."""
    table = np.zeros(1 << _CHARACTER_BITS, dtype=np.uint16)
    for point in _CJK:
        key = name_key(chr(point))
        if len(key) == 1 and ord(key) in _CJK and name_key(key) == key:
            table[point] = ord(key)
    return table


def _odd_names(names: pa.Array) -> Codes:
    coded = pc.dictionary_encode(names)
    table = np.array([_code_of_name(name) for name in coded.dictionary.to_pylist()], dtype=np.uint64)
    return table[np.asarray(coded.indices, dtype=np.int64)] if len(table) else np.zeros(0, dtype=np.uint64)


@lru_cache(maxsize=1 << 16)
def _code_of_name(name: str) -> int:
    return _code_of_key(name_key(name))


def _code_of_key(key: str) -> int:
    if not key:
        return 0
    if len(key) > _MOST_PACKED:
        return digest(key)
    points = [ord(character) for character in key]
    if not all(point in _CJK and _folded()[point] == point for point in points):
        return digest(key)
    return sum(point << (_CHARACTER_BITS * place) for place, point in enumerate(points))
