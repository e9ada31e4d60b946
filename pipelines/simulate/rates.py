"""The error rates of each registry, read from rates.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("rates.yaml")


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Shares of rows, conditional where rates.yaml says (c)."""

    typo: float = 0
    swap: float = 0
    missing: float = 0
    infant_missing: float = 0
    id15: float = 0
    dummy: float = 0
    excel_cut: float = 0
    x_form: float = 0
    full_width: float = 0
    spaced: float = 0
    relative_id: float = 0
    former: float = 0
    name_homophone: float = 0
    name_lookalike: float = 0
    name_variant: float = 0
    name_spaces: float = 0
    name_rare: float = 0
    name_dot: float = 0
    name_cut: float = 0
    name_note: float = 0
    day_off: float = 0


@cache
def rates_of(source: str) -> Rates:
    """The rates of one source; a key the file misspells is refused by the dataclass."""
    return Rates(**yaml.safe_load(_FILE.read_text(encoding="utf-8"))[source])
