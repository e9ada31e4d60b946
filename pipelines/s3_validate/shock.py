"""Shock gates: a delivery that is formally sound and yet too unlike the one before it is held, not used.

Whole numbers only. The first delivery of a source has nothing before it, so only its age is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.sources.spec import Gates

_CENT = 100


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a landing is measured by. Persons and ids are empty where an older version landed it."""

    rows: int
    person_records: int | None
    valid_ids: int | None
    repeated_ids: int | None
    as_of: date
    received_at: date


@dataclass(frozen=True, kw_only=True)
class Shock:
    """One gate that did not open: what was found, what is allowed, in both languages. Counts only."""

    gate: str  # rows_band · freshness · valid_ids · repeated_ids
    zh: str
    en: str


def shocks(now: Shape, before: Shape | None, gates: Gates) -> tuple[Shock, ...]:
    """Every gate the delivery does not pass; a gate the source's YAML does not set is open."""
    return tuple(
        found
        for found in (
            _freshness(now, gates),
            _rows(now, before, gates),
            _valid_ids(now, before, gates),
            _repeated_ids(now, before, gates),
        )
        if found
    )


def _freshness(now: Shape, gates: Gates) -> Shock | None:
    days, most = (now.received_at - now.as_of).days, gates.oldest_as_of_days
    if most is None or days <= most:
        return None
    return Shock(
        gate="freshness",
        zh=f"数据时点早于接收日{days}天，上限{most}天",
        en=f"the data were {days} days old on arrival; at most {most} are allowed",
    )


def _rows(now: Shape, before: Shape | None, gates: Gates) -> Shock | None:
    band = gates.rows_band_percent
    if band is None or before is None or abs(now.rows - before.rows) * _CENT <= before.rows * band:
        return None
    return Shock(
        gate="rows_band",
        zh=f"记录{now.rows}条，上次{before.rows}条，允许相差{band}%",
        en=f"{now.rows} records after {before.rows} last time; {band} % either way are allowed",
    )


def _valid_ids(now: Shape, before: Shape | None, gates: Gates) -> Shock | None:
    points = gates.valid_id_drop_points
    pair = _shares(now, before, "valid_ids") if points is not None and before else None
    if pair is None or points is None or not _rises(pair[1], pair[0], points):
        return None
    return Shock(
        gate="valid_ids",
        zh=f"有效证件号{_told(pair[0])}，上次{_told(pair[1])}，最多可降{points}个百分点",
        en=f"valid id numbers: {_told(pair[0])} after {_told(pair[1])}; a fall of {points} points is allowed",
    )


def _repeated_ids(now: Shape, before: Shape | None, gates: Gates) -> Shock | None:
    points = gates.repeated_id_rise_points
    pair = _shares(now, before, "repeated_ids") if points is not None and before else None
    if pair is None or points is None or not _rises(pair[0], pair[1], points):
        return None
    return Shock(
        gate="repeated_ids",
        zh=f"重复证件号{_told(pair[0])}，上次{_told(pair[1])}，最多可升{points}个百分点",
        en=f"repeated id numbers: {_told(pair[0])} after {_told(pair[1])}; a rise of {points} points is allowed",
    )


_Share = tuple[int, int]  # part, whole


def _shares(now: Shape, before: Shape | None, part: str) -> tuple[_Share, _Share] | None:
    """(part, persons) now and before; None where either was not measured or holds no person."""
    found = [
        (getattr(shape, part), shape.person_records)
        for shape in (now, before)
        if shape and shape.person_records and getattr(shape, part) is not None
    ]
    return (found[0], found[1]) if len(found) == len((now, before)) else None


def _rises(high: _Share, low: _Share, points: int) -> bool:
    """high − low > points percent, without division."""
    return (high[0] * low[1] - low[0] * high[1]) * _CENT > points * high[1] * low[1]


def _told(share: _Share) -> str:
    return f"{share[0]}/{share[1]}"


def words(found: tuple[Shock, ...], *, zh: bool) -> Iterator[str]:
    """The gates in words of one language."""
    yield from (shock.zh if zh else shock.en for shock in found)
