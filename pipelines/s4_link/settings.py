"""Levels, starting rates, targets and blocking rules: data in settings.yaml, checked key by key when read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.base.errors import SpecInvalid
from pipelines.base.ids import digest_bytes

# The level names the comparisons can answer. A settings file must say of each what it weighs.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "name": (
        "equal", "variant", "homophone", "look_alike", "lost_character",
        "cut_name", "first_part", "long_one_edit", "surname_changed", "different", "missing",
    ),
    "id": (
        "equal", "equal_15", "one_edit", "equal_damaged", "two_edits", "cut_agrees",
        "masked_agrees", "few_digits", "one_digit_15", "differ_valid", "differ", "missing",
    ),
    "birth_date": ("equal", "in_id", "parts_swapped", "one_part_differs", "different", "missing"),
    "sex": ("equal", "in_id", "different", "missing"),
    "address": (
        "same_number", "same_village", "number_differs", "same_town",
        "similar_text", "other_village", "different_place", "missing",
    ),
    "company": ("together", "apart", "missing"),
}  # fmt: skip
FIELDS = ("id", "name", "birth_date", "sex", "address", "company")  # the order in which weights are added up
KEY_PARTS = ("name_key", "birth_date", "sex", "village", "town", "id_repair", "id_prefix14", "id_ends")
FREQUENCY = "frequency"
_BY_FREQUENCY = frozenset({("name", "equal"), ("company", "together"), ("company", "apart")})
_PLACE = "link settings"


@dataclass(frozen=True, kw_only=True)
class BlockingRule:
    """Pairs equal on every part are candidates."""

    name: str
    parts: tuple[str, ...]
    both_valid: bool


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Starting rates of a level per million true and chance pairs; `u` is None where the run itself counts it."""

    m: int
    u: int | None


@dataclass(frozen=True, kw_only=True)
class Learning:
    """How much the starting rates are worth beside what the run shows, and how much of it is looked at."""

    prior_pairs: int
    prior_chance_pairs: int
    chance_pairs: int
    sample_rows: int
    frequency_rows: int
    checked_rows: int
    prior_share: Fraction
    prior_rows: int
    former_share: Fraction
    least_population: int


@dataclass(frozen=True, kw_only=True)
class NameOnly:
    """When a pair that agrees on nothing but name and place is worth a person's look."""

    nothing_else: Mapping[str, frozenset[str]]
    address_levels: frozenset[str]
    min_name_weight: int
    most_members_with_name: int
    most_per_member: int


@dataclass(frozen=True, kw_only=True)
class LinkSettings:
    """Everything a linkage decision depends on beside the two tables."""

    match_error: Fraction
    review_error: Fraction
    tie_margin: int
    threads: int
    most_pairs_per_block: int
    most_reviews_per_record: int
    learning: Learning
    fields: Mapping[str, Mapping[str, int | Rates]]
    id_levels_with_birth: frozenset[str]
    names_that_agree: frozenset[str]
    never: Mapping[str, frozenset[str]]
    match_needs: tuple[Mapping[str, frozenset[str]], ...]
    match_never_id: frozenset[str]
    name_only: NameOnly
    blocking: tuple[BlockingRule, ...]
    digest: str  # of the text they were read from


@cache
def default_settings() -> LinkSettings:
    """The settings that ship with the package."""
    text = Path(__file__).with_name("settings.yaml").read_text(encoding="utf-8")
    return parse_settings(text)


def parse_settings(text: str) -> LinkSettings:
    """Settings from YAML text; SpecInvalid names the key that is missing, unknown or of the wrong kind."""
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SpecInvalid("not readable as YAML", place=_PLACE) from error
    keys = _Keys(loaded, _PLACE)
    settings = LinkSettings(
        match_error=keys.share("match_error"),
        review_error=keys.share("review_error"),
        tie_margin=keys.whole("tie_margin", least=0),
        threads=keys.whole("threads", least=1),
        most_pairs_per_block=keys.whole("most_pairs_per_block", least=1),
        most_reviews_per_record=keys.whole("most_reviews_per_record", least=1),
        learning=_learning(keys.keys("learning")),
        fields=_fields(keys.keys("fields")),
        id_levels_with_birth=keys.levels("id_levels_with_birth", "id"),
        names_that_agree=keys.levels("names_that_agree", "name"),
        never=_condition(keys.pop("never"), f"{_PLACE}: never"),
        match_needs=tuple(_condition(line, f"{_PLACE}: match_needs") for line in keys.items("match_needs")),
        match_never_id=keys.levels("match_never_id", "id"),
        name_only=_name_only(keys.keys("name_only")),
        blocking=tuple(_rule(line) for line in keys.items("blocking")),
        digest=digest_bytes(text.encode()),
    )
    keys.finish()
    if settings.match_error > settings.review_error:
        raise SpecInvalid("match_error is above review_error", place=_PLACE)
    return settings


class _Keys:
    """A mapping read key by key: what is left at the end was unknown."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise SpecInvalid("expected keys and values", place=place)
        self._left = dict(value)
        self.place = place

    def pop(self, key: str) -> Any:
        if key not in self._left:
            raise SpecInvalid(f"[{key}] is missing", place=self.place)
        return self._left.pop(key)

    def whole(self, key: str, *, least: int | None = None) -> int:
        value = self.pop(key)
        if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
            bound = "" if least is None else f" of at least {least}"
            raise SpecInvalid(f"[{key}] is not a whole number{bound}", place=self.place)
        return value

    def share(self, key: str) -> Fraction:
        """A share strictly between 0 and 1, written as a fraction so that it is exact: 1/1024."""
        value = self.pop(key)
        try:
            share = Fraction(value) if isinstance(value, str) else Fraction(0)
        except (ValueError, ZeroDivisionError):
            share = Fraction(0)
        if not 0 < share < 1:
            raise SpecInvalid(f"[{key}] is not a share written like 1/1024", place=self.place)
        return share

    def keys(self, key: str) -> _Keys:
        return _Keys(self.pop(key), f"{self.place}: {key}")

    def level(self, key: str) -> int | Rates:
        """What a level weighs: a whole number, or starting rates per million."""
        value = self.pop(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        rates = _Keys(value, f"{self.place}: {key}")
        m = rates.whole("m", least=1)
        u = rates.pop("u")
        rates.finish()
        is_rate = isinstance(u, int) and not isinstance(u, bool) and u >= 1
        if not is_rate and u != FREQUENCY:
            raise SpecInvalid("[u] is neither a rate per million nor the word frequency", place=rates.place)
        return Rates(m=m, u=u if is_rate else None)

    def items(self, key: str) -> list[Any]:
        value = self.pop(key)
        if not isinstance(value, list) or not value:
            raise SpecInvalid(f"[{key}] is not a list with entries", place=self.place)
        return value

    def levels(self, key: str, field: str) -> frozenset[str]:
        return _levels(self.items(key), field, f"{self.place}: {key}")

    def finish(self) -> None:
        if self._left:
            raise SpecInvalid(f"unknown keys {sorted(map(str, self._left))}", place=self.place)


def _levels(value: Any, field: str, place: str) -> frozenset[str]:
    if field not in LEVELS:
        raise SpecInvalid(f"unknown comparison [{field}]", place=place, remedy=f"one of {', '.join(FIELDS)}")
    if not isinstance(value, list):
        raise SpecInvalid(f"[{field}] is not a list of levels", place=place)
    unknown = [level for level in value if level not in LEVELS[field]]
    if unknown:
        raise SpecInvalid(f"[{field}] has no level {unknown}", place=place, remedy=f"of {LEVELS[field]}")
    return frozenset(value)


def _condition(value: Any, place: str) -> Mapping[str, frozenset[str]]:
    if not isinstance(value, dict) or not value:
        raise SpecInvalid("expected comparisons and their levels", place=place)
    return {field: _levels(levels, field, place) for field, levels in value.items()}


def _learning(keys: _Keys) -> Learning:
    counts = {
        name: keys.whole(name, least=1)
        for name in (
            "prior_pairs", "prior_chance_pairs", "chance_pairs", "sample_rows",
            "frequency_rows", "checked_rows", "prior_rows", "least_population",
        )
    }  # fmt: skip
    learning = Learning(
        prior_share=keys.share("prior_share"), former_share=keys.share("former_share"), **counts
    )
    keys.finish()
    return learning


def _fields(keys: _Keys) -> Mapping[str, Mapping[str, int | Rates]]:
    levels = {field: _levels_of_field(keys.keys(field), field) for field in LEVELS}
    keys.finish()
    return levels


def _levels_of_field(keys: _Keys, field: str) -> Mapping[str, int | Rates]:
    found = {level: keys.level(level) for level in LEVELS[field]}
    keys.finish()
    for level, said in found.items():
        by_frequency = isinstance(said, Rates) and said.u is None
        if by_frequency != ((field, level) in _BY_FREQUENCY):
            place = f"{_PLACE}: fields: {field}: {level}"
            raise SpecInvalid("equal names and company, and only they, are weighed by frequency", place=place)
    return found


def _name_only(keys: _Keys) -> NameOnly:
    name_only = NameOnly(
        nothing_else=_condition(keys.pop("nothing_else"), f"{_PLACE}: name_only: nothing_else"),
        address_levels=keys.levels("address_levels", "address"),
        min_name_weight=keys.whole("min_name_weight", least=0),
        most_members_with_name=keys.whole("most_members_with_name", least=1),
        most_per_member=keys.whole("most_per_member", least=1),
    )
    keys.finish()
    return name_only


def _rule(value: Any) -> BlockingRule:
    keys = _Keys(value, f"{_PLACE}: blocking")
    name, parts, both_valid = str(keys.pop("name")), keys.items("parts"), keys.pop("both_valid")
    keys.finish()
    unknown = [part for part in parts if part not in KEY_PARTS]
    if unknown:
        raise SpecInvalid(f"[{name}] has unknown key parts {unknown}", place=_PLACE, remedy=f"of {KEY_PARTS}")
    if not isinstance(both_valid, bool):
        raise SpecInvalid(f"[{name}] both_valid is not true or false", place=_PLACE)
    return BlockingRule(name=name, parts=tuple(parts), both_valid=both_valid)
