"""What a shock gate compares and what it says: the shape of a landing, a share, a shock in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pipelines.s3_validate.profile import Profile

Unit = Literal["yuan", "area", "plain"]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a landing is measured by. What an older version did not measure is None or not in `profiles`."""

    rows: int
    person_records: int | None
    valid_ids: int | None
    repeated_ids: int | None
    as_of: date
    received_at: date
    quarantined: int = 0
    profiles: Mapping[str, Profile] = field(default_factory=dict)  # by canonical table


@dataclass(frozen=True, kw_only=True)
class Shock:
    """One gate that did not open: what was found, what is allowed, in both languages. Counts only."""

    gate: str  # rows_band · freshness · valid_ids · repeated_ids · quarantined · middle · usual · unit · swap · order
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Title:
    """How a column is called where it was delivered, and what its whole numbers count."""

    name: str
    unit: Unit = "plain"
