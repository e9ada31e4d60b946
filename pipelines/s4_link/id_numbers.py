"""Damaged id numbers: what is still visible, what one repair could make of them, how two of them agree.

A failed checksum proves damage; two valid numbers never differ in one character only (GB 11643).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import mul

from rapidfuzz.distance import OSA

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
_INVERSE = tuple(pow(weight, -1, 11) for weight in _WEIGHTS)
_X = 10  # the check digit that is written X
_DIGITS = {str(digit): digit for digit in range(10)} | {"X": _X}
_LENGTH = len(_WEIGHTS)
_SHAPE = re.compile(r"\d*[\dX]")
_SCIENTIFIC = re.compile(r"(\d)\.?(\d*)E\+?17")
_EXCEL_DIGITS = 15  # a spreadsheet keeps fifteen digits of a number
_UNREADABLE = frozenset({"missing", "dummy"})
CUT_ENDING = "000"
_HIDDEN = "?"
_COUNTY, _PREFIX14, _ENDING = 6, 14, 4  # county; county and birth date; sequence and check digit
_LEAST_VISIBLE = 10
_FEW_EDITS = 2
_CENTURIES = ("19", "20")


@dataclass(frozen=True, kw_only=True, slots=True)
class IdNumber:
    """An id number as a record carries it; `id18` is empty unless the number is valid."""

    text: str
    state: str
    id18: str

    @property
    def is_open(self) -> bool:
        """Whether the true number is unknown, so that another number may turn out to be it."""
        return not self.id18


@dataclass(frozen=True, kw_only=True, slots=True)
class IdKeys:
    """What candidate pairs may share of an id number."""

    repairs: tuple[str, ...]
    prefix14: str | None
    ends: str | None


def id_keys(text: str, state: str, id18: str) -> IdKeys:
    """Blocking keys of a number: itself or its possible repairs, county and birth date, both ends."""
    if state in _UNREADABLE or not text:
        return IdKeys(repairs=(), prefix14=None, ends=None)
    seen = id18 or _visible(text, state)
    prefix = seen[:_PREFIX14] if _HIDDEN not in seen[:_PREFIX14] else None
    ends = seen[:_COUNTY] + seen[-_ENDING:] if _HIDDEN not in seen[:_COUNTY] + seen[-_ENDING:] else None
    if id18:
        return IdKeys(repairs=(id18,), prefix14=prefix, ends=ends)
    if _HIDDEN in seen:
        return IdKeys(repairs=(), prefix14=prefix, ends=ends)
    return IdKeys(repairs=(text, *repairs(text)), prefix14=None, ends=None)


def repairs(text: str) -> tuple[str, ...]:
    """Every possible number one substitution, swap, lost or doubled character away."""
    if not _SHAPE.fullmatch(text):
        return ()
    made: list[str] = []
    if len(text) == _LENGTH:
        made = _substituted(text) + _swapped(text)
    if len(text) == _LENGTH - 1:
        gaps = (text[:place] + "0" + text[place:] for place in range(_LENGTH))
        made = [_solved(gap, place, _residue(gap)) for place, gap in enumerate(gaps) if "X" not in gap[:-1]]
    if len(text) == _LENGTH + 1:
        made = [text[:place] + text[place + 1 :] for place in range(len(text))]
    return tuple(sorted({number for number in made if number != text and is_possible(number)}))


def is_possible(number: str) -> bool:
    """Calendar shape and checksum are right."""
    if len(number) != _LENGTH or number[_COUNTY : _COUNTY + 2] not in _CENTURIES:
        return False
    in_calendar = "01" <= number[10:12] <= "12" and "01" <= number[12:14] <= "31"
    return in_calendar and number[:-1].isdecimal() and _residue(number) == 1


def _residue(number: str) -> int:
    products: Iterator[int] = map(mul, _WEIGHTS, map(_DIGITS.__getitem__, number))
    return sum(products) % 11


def _substituted(text: str) -> list[str]:
    residue = _residue(text)
    return [_solved(text, place, residue) for place in range(_LENGTH)]


def _solved(number: str, place: int, residue: int) -> str:
    """The number with the one character at `place` that makes the checksum right; empty when none does."""
    digit = (_DIGITS[number[place]] + (1 - residue) * _INVERSE[place]) % 11
    if digit == _X and place < _LENGTH - 1:
        return ""
    return number[:place] + ("X" if digit == _X else str(digit)) + number[place + 1 :]


def _swapped(text: str) -> list[str]:
    return [text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(_LENGTH - 1)]


def id_level(left: IdNumber, right: IdNumber) -> str:
    """How two id numbers agree: a level of the `id` comparison."""
    if left.id18 and right.id18:
        return _valid_level(left, right)
    if left.state in _UNREADABLE or right.state in _UNREADABLE or not left.text or not right.text:
        return "missing"
    if left.state in ("excel_cut", "masked") or right.state in ("excel_cut", "masked"):
        return _visible_level(left, right)
    if left.text == right.text:
        return "equal_damaged"
    return _damaged_level(left, right)


def _valid_level(left: IdNumber, right: IdNumber) -> str:
    old_form = "valid15" in (left.state, right.state)
    if left.id18 == right.id18:
        return "equal_15" if old_form else "equal"
    if _was_cut(left.id18, right.id18):
        return "cut_agrees"
    if old_form and OSA.distance(_form15(left.id18), _form15(right.id18), score_cutoff=1) <= 1:
        return "one_digit_15"
    return "differ_valid"


def is_trusted(id18: str | None) -> bool:
    """Whether sex and sequence can be read off: valid, and not the look of a cut number."""
    return bool(id18) and not str(id18).endswith(CUT_ENDING)


def _was_cut(left: str, right: str) -> bool:
    """One in eleven numbers cut by a spreadsheet passes the checksum by chance."""
    ends_cut = left.endswith(CUT_ENDING) or right.endswith(CUT_ENDING)
    return ends_cut and left[:_EXCEL_DIGITS] == right[:_EXCEL_DIGITS]


def _form15(id18: str) -> str:
    return id18[:6] + id18[8:17]


def _damaged_level(left: IdNumber, right: IdNumber) -> str:
    distance = OSA.distance(left.id18 or left.text, right.id18 or right.text, score_cutoff=_FEW_EDITS)
    if distance <= 1 and (left.id18 or right.id18):
        return "one_edit"
    return "two_edits" if distance <= _FEW_EDITS else "differ"


def _visible_level(left: IdNumber, right: IdNumber) -> str:
    """Only the characters both sides show are compared."""
    a, b = (number.id18 or _visible(number.text, number.state) for number in (left, right))
    if len(a) != len(b):
        return "differ"
    both = [(x, y) for x, y in zip(a, b, strict=True) if _HIDDEN not in (x, y)]
    if any(x != y for x, y in both):
        return "differ"
    if len(both) < _LEAST_VISIBLE:
        return "few_digits"
    return "cut_agrees" if _HIDDEN not in a[:_PREFIX14] + b[:_PREFIX14] else "masked_agrees"


def _visible(text: str, state: str) -> str:
    """The eighteen characters with `?` where the number is masked or was rounded away."""
    if state == "excel_cut":
        return _surviving(text).ljust(_LENGTH, _HIDDEN)
    if state == "masked":
        start, end = re.match(r"\d*", text), re.search(r"\d*X?$", text)
        first, last = (start[0] if start else ""), (end[0] if end else "")
        return first + _HIDDEN * (_LENGTH - len(first) - len(last)) + last
    return text


def _surviving(text: str) -> str:
    """The digits a spreadsheet kept; the last of fewer than fifteen may have been rounded up."""
    found = _SCIENTIFIC.fullmatch(text)
    if not found:
        return text[:_EXCEL_DIGITS]
    digits = found[1] + found[2]
    return digits[:_EXCEL_DIGITS] if len(digits) >= _EXCEL_DIGITS else digits[:-1]
