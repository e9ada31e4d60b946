"""Id numbers as 64-bit codes: valid ones, damaged ones with every repair, and the parts that damage left."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.id_numbers import id_keys
from pipelines.s4_link.index.codes import Coded, Codes, Figures, Octets, digest, octets
from pipelines.s4_link.people import Rows, Truths

_WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1), dtype=np.int64)
_INVERSE = np.array([pow(int(weight), -1, 11) for weight in _WEIGHTS], dtype=np.int64)
_LENGTH, _X = len(_WEIGHTS), 10
_BODY = _LENGTH - 1
_CHECKS = 11  # check digits there are: 0 to 9 and X
_PLACE_VALUES = np.array(
    [_CHECKS * 10 ** (_BODY - 1 - place) for place in range(_BODY)] + [1], dtype=np.int64
)
_SEQUENCE = 1000
_COUNTY_UNIT = 10**11  # what follows the county in seventeen digits
_COUNTY = 6
_WHOLE = re.compile(r"^[0-9]{17}[0-9X]$")
_ENDS = re.compile(r"[0-9]{9}[0-9X]")
_UNREADABLE = ("missing", "dummy")
_PARTLY_HIDDEN = ("excel_cut", "masked")
_MONTHS, _DAYS = 12, 31
_YEAR, _MONTH, _DAY = slice(6, 8), slice(10, 12), slice(12, 14)


@dataclass(frozen=True, kw_only=True)
class Traces:
    """Several codes a row: `at` is the row each belongs to."""

    at: Rows
    codes: Codes


@dataclass(frozen=True, kw_only=True)
class OpenNumbers:
    """The blocking keys of rows without a valid number."""

    repairs: Traces
    prefix: Coded
    ends: Coded


def valid_codes(id18: pa.Array) -> Figures:
    """The code of each valid number: seventeen digits as one whole number, times eleven, plus the check digit."""
    data, _ = octets(id18)
    if len(data) != _LENGTH * len(id18):
        raise ValueError("an id18 has not 18 characters")
    lines = data.reshape(-1, _LENGTH)
    high, low = _eight(lines[:, :8]), _eight(lines[:, 8:16])
    last, check = (lines[:, place].astype(np.int64) - ord("0") for place in (16, 17))
    body = (high * 10**8 + low) * 10 + last
    return body * _CHECKS + np.minimum(check, _X)


def _eight(digits: Octets) -> Figures:
    """Eight ASCII digits a row as one whole number: pairs, then fours, then eight in one word."""
    word = np.ascontiguousarray(digits).view("<u8").ravel() & np.uint64(0x0F0F0F0F0F0F0F0F)
    word = (word * np.uint64(2561)) >> np.uint64(8) & np.uint64(0x00FF00FF00FF00FF)
    word = (word * np.uint64(6553601)) >> np.uint64(16) & np.uint64(0x0000FFFF0000FFFF)
    word = (word * np.uint64(42949672960001)) >> np.uint64(32)
    return word.astype(np.int64)


def prefix_codes(codes: Figures) -> Codes:
    """County and birth date of valid numbers."""
    return (codes // (_CHECKS * _SEQUENCE)).astype(np.uint64)


def ending_codes(codes: Figures) -> Codes:
    """County, sequence and check digit of valid numbers."""
    county, tail = codes // (_CHECKS * _COUNTY_UNIT), codes % (_CHECKS * _SEQUENCE)
    return (county * (_CHECKS * _SEQUENCE) + tail).astype(np.uint64)


def open_numbers(texts: pa.Array, states: pa.Array) -> OpenNumbers:
    """What rows without a valid number still show: as `id_keys` says, most of them all at once."""
    shown = pc.fill_null(texts, "")
    readable = np.asarray(pc.not_equal(shown, ""), dtype=np.bool_) & ~_is_state(states, _UNREADABLE)
    eighteen = np.asarray(pc.match_substring_regex(shown, _WHOLE.pattern), dtype=np.bool_)
    whole = np.flatnonzero(readable & eighteen & ~_is_state(states, _PARTLY_HIDDEN))
    other = np.setdiff1d(np.flatnonzero(readable), whole)
    at, codes = _whole_repairs(whole, shown.take(pa.array(whole)))
    return _with_others(at, codes, other, shown, states)


def _is_state(states: pa.Array, wanted: tuple[str, ...]) -> Truths:
    found: Truths = np.asarray(pc.is_in(states, value_set=pa.array(wanted)), dtype=np.bool_)
    return found


def _with_others(at: Rows, codes: Figures, other: Rows, shown: pa.Array, states: pa.Array) -> OpenNumbers:
    """Cut, masked and misshapen numbers are few: one at a time."""
    rows, repaired = [at], [codes.astype(np.uint64)]
    prefix, ends = (np.zeros(len(shown), dtype=np.uint64) for _ in range(2))
    chosen = pa.array(other)
    texts, kinds = shown.take(chosen).to_pylist(), states.take(chosen).to_pylist()
    for row, text, state in zip(other.tolist(), texts, kinds, strict=True):
        keys = id_keys(text, state, "")
        rows.append(np.full(len(keys.repairs), row, dtype=np.int64))
        repaired.append(np.array([number_code(number) for number in keys.repairs], dtype=np.uint64))
        prefix[row] = _prefix(keys.prefix14) if keys.prefix14 else 0
        ends[row] = _ends(keys.ends) if keys.ends else 0
    return OpenNumbers(
        repairs=Traces(at=np.concatenate(rows), codes=np.concatenate(repaired)),
        prefix=Coded(codes=prefix, known=prefix != 0),
        ends=Coded(codes=ends, known=ends != 0),
    )


def _prefix(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() else digest(text)


def _ends(text: str) -> int:
    county, sequence, check = text[:_COUNTY], text[_COUNTY:-1], text[-1:]
    digits = county + sequence
    if not _ENDS.fullmatch(text):
        return digest(text)
    tail = int(sequence) * _CHECKS + (_X if check == "X" else int(check))
    return int(digits[:_COUNTY]) * _CHECKS * _SEQUENCE + tail


def _whole_repairs(rows: Rows, texts: pa.Array) -> tuple[Rows, Figures]:
    """Eighteen characters: the number as written, substitutions and swaps, of all rows at once."""
    data, _ = octets(texts)
    figures = np.minimum(data.reshape(-1, _LENGTH).astype(np.int64) - ord("0"), _X)
    own = figures @ _PLACE_VALUES
    residue = figures @ _WEIGHTS % _CHECKS
    found = [(np.arange(len(rows)), own)]
    found += [_substituted(figures, own, residue, place) for place in range(_LENGTH)]
    found += [_swapped(figures, own, residue, place) for place in range(_BODY)]
    at, codes = (np.concatenate(column) for column in zip(*found, strict=True))
    return rows[at], codes


def _substituted(figures: Figures, own: Figures, residue: Figures, place: int) -> tuple[Rows, Figures]:
    """The one other figure at this place that makes the checksum right, where it makes a possible number."""
    old = figures[:, place]
    new = (old + (1 - residue) * _INVERSE[place]) % _CHECKS
    kept = np.flatnonzero((new != old) & ((new < _X) | (place == _BODY)))
    changed = figures[kept]
    changed[:, place] = new[kept]
    possible = _in_calendar(changed)
    at = kept[possible]
    return at, own[at] + (new - old)[at] * _PLACE_VALUES[place]


def _swapped(figures: Figures, own: Figures, residue: Figures, place: int) -> tuple[Rows, Figures]:
    """Two neighbours exchanged, where that makes the checksum right and a possible number."""
    left, right = figures[:, place], figures[:, place + 1]
    after = (residue + (right - left) * (_WEIGHTS[place] - _WEIGHTS[place + 1])) % _CHECKS
    kept = np.flatnonzero((after == 1) & (left != right) & (right < _X))
    changed = figures[kept]
    changed[:, [place, place + 1]] = changed[:, [place + 1, place]]
    at = kept[_in_calendar(changed)]
    return at, own[at] + (right - left)[at] * (_PLACE_VALUES[place] - _PLACE_VALUES[place + 1])


def _in_calendar(figures: Figures) -> Truths:
    """Century 19 or 20, a month and a day there can be."""
    year, month, day = (figures[:, part] @ (10, 1) for part in (_YEAR, _MONTH, _DAY))
    found: Truths = np.isin(year, (19, 20)) & (month >= 1) & (month <= _MONTHS) & (day >= 1) & (day <= _DAYS)
    return found


def number_code(number: str) -> int:
    """The code of one number; text that is no number has a digest."""
    if not _WHOLE.fullmatch(number):
        return digest(number)
    return int(number[:_BODY]) * _CHECKS + (_X if number[_BODY] == "X" else int(number[_BODY]))
