"""A link schema read strictly from YAML: an unknown key, comparison, level or column is named with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from pipelines.base.errors import SpecInvalid
from pipelines.s4_link.scoring.agreement import SAME, TESTS, TESTS_WITH_NUMBER, is_known
from pipelines.s4_link.scoring.keys import KEYS, NEEDS_NUMBER
from pipelines.s4_link.scoring.schema import (
    DIFFERENT,
    MISSING,
    BlockingRule,
    Call,
    Field,
    KeyPart,
    Level,
    LinkSchema,
)
from pipelines.s4_link.scoring.words import SHARED

_CALL = re.compile(r"^([a-z_]+)(?:\((\d+)\))?$")
_KINDS = ("link", "dedupe")
_EXACT = Call(name="exact", number=0)


def parse_schema(text: str) -> LinkSchema:
    """A schema from YAML text; SpecInvalid names the place and what is allowed there."""
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SpecInvalid("not readable as YAML", place="link schema") from error
    keys = _Keys(loaded, "link schema")
    fields = tuple(_field(name, line, keys.place) for name, line in keys.mapping("fields").items())
    schema = LinkSchema(
        name=keys.text("name"),
        kind=keys.one_of("kind", _KINDS),
        id_column=keys.text("id_column"),
        one_to_one=keys.truth("one_to_one"),
        fields=fields,
        groups=_groups(keys.pop("groups", []), fields, keys.place),
        blocking=tuple(_rule(name, line, keys.place) for name, line in keys.mapping("blocking").items()),
        most_pairs_per_block=keys.whole("most_pairs_per_block", 1),
        random_pairs=keys.whole("random_pairs", 1000),
        prior_pairs=keys.whole("prior_pairs", 1),
        em_rounds=keys.whole("em_rounds", 0),
        target_false_in_1000=keys.whole("target_false_in_1000", 0),
        frequency_cap=keys.whole("frequency_cap", 0),
        synonyms=_synonyms(keys.pop("synonyms", []), keys.place),
    )
    keys.finish()
    if schema.one_to_one and schema.kind != "link":
        raise SpecInvalid("one_to_one needs two sides", place=keys.place, remedy="kind: link")
    return schema


class _Keys:
    """A mapping read key by key: what is left at the end was unknown."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise SpecInvalid("expected keys and values", place=place)
        self._left = dict(value)
        self.place = place

    def pop(self, key: str, default: Any = None) -> Any:
        if key in self._left:
            return self._left.pop(key)
        if default is None:
            raise SpecInvalid(f"[{key}] is missing", place=self.place)
        return default

    def text(self, key: str) -> str:
        value = self.pop(key)
        if not isinstance(value, str) or not value:
            raise SpecInvalid(f"[{key}] is not a text", place=self.place)
        return value

    def truth(self, key: str, default: bool | None = None) -> bool:
        value = self.pop(key, default)
        if not isinstance(value, bool):
            raise SpecInvalid(f"[{key}] is not true or false", place=self.place)
        return value

    def whole(self, key: str, least: int) -> int:
        value = self.pop(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise SpecInvalid(f"[{key}] is not a whole number of at least {least}", place=self.place)
        return value

    def one_of(self, key: str, allowed: tuple[str, ...]) -> Any:
        value = self.pop(key)
        if value not in allowed:
            raise SpecInvalid(f"[{key}] is unknown", place=self.place, remedy=f"one of {', '.join(allowed)}")
        return value

    def mapping(self, key: str) -> Mapping[str, Any]:
        value = self.pop(key)
        if not isinstance(value, dict) or not value:
            raise SpecInvalid(f"[{key}] is not a mapping with entries", place=self.place)
        return {str(name): line for name, line in value.items()}

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        value = self.pop(key, default)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise SpecInvalid(f"[{key}] is not a list of texts", place=self.place)
        return tuple(value)

    def finish(self) -> None:
        if self._left:
            raise SpecInvalid(f"unknown keys {sorted(map(str, self._left))}", place=self.place)


def _field(name: str, value: Any, place: str) -> Field:
    keys = _Keys(value, f"{place}: fields: {name}")
    columns = keys.texts("columns", [name])
    levels = keys.mapping("levels")
    different = _whole_of(levels.get(DIFFERENT), keys.place) if DIFFERENT in levels else 1
    field = Field(
        name=name,
        columns=columns,
        levels=tuple(_level(each, line, keys.place) for each, line in levels.items() if each != DIFFERENT),
        by_frequency=keys.truth("by_frequency", False),
        different_prior=different,
    )
    keys.finish()
    if len(columns) not in {1, 2} or not field.levels:
        raise SpecInvalid("a field has one column or two, and levels", place=keys.place)
    shared = [test.name == SHARED for level in field.levels for test in level.tests]
    if any(shared) and (not all(shared) or len(columns) > 1):
        raise SpecInvalid(f"[{SHARED}] stands with no other test and one column", place=keys.place)
    return field


def _level(name: str, value: Any, place: str) -> Level:
    """`near: [jaro_winkler(90), 5]`: tests that all hold, and the level's share among matches before any data."""
    line = value if isinstance(value, list) else [value]
    numbers = [each for each in line if isinstance(each, int) and not isinstance(each, bool)]
    tests = tuple(_test(each, f"{place}: levels: {name}") for each in line if not isinstance(each, int))
    if not tests or len(numbers) > 1 or name == MISSING:
        raise SpecInvalid("a level has tests and at most one prior", place=f"{place}: levels: {name}")
    return Level(name=name, tests=tests, prior=numbers[0] if numbers else 1)


def _whole_of(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise SpecInvalid(f"[{DIFFERENT}] takes its prior only", place=place)
    return value


def _test(text: Any, place: str) -> Call:
    call = _call(text, place)
    if call.name != SHARED and not is_known(call.name):
        known = ", ".join((*sorted(TESTS), SHARED, f"{SAME}<key>"))
        raise SpecInvalid(f"unknown comparison [{call.name}]", place=place, remedy=f"one of {known}")
    needed = call.name in TESTS_WITH_NUMBER or call.name == SHARED or call.name[len(SAME) :] in NEEDS_NUMBER
    if needed and not call.number:
        raise SpecInvalid(f"[{call.name}] needs a number", place=place, remedy=f"{call.name}(2)")
    return call


def _call(text: Any, place: str) -> Call:
    found = _CALL.match(text) if isinstance(text, str) else None
    if not found:
        raise SpecInvalid(f"[{text}] is not a name or name(number)", place=place)
    return Call(name=found[1], number=int(found[2] or 0))


def _groups(value: Any, fields: tuple[Field, ...], place: str) -> tuple[tuple[str, ...], ...]:
    """The groups written, then each other field as a group of its own."""
    names = [field.name for field in fields]
    if not isinstance(value, list) or not all(isinstance(group, list) for group in value):
        raise SpecInvalid("[groups] is not a list of lists of fields", place=place)
    grouped = [name for group in value for name in group]
    unknown = [name for name in grouped if name not in names]
    if unknown or len(set(grouped)) != len(grouped):
        raise SpecInvalid(f"unknown or repeated fields {unknown or grouped}", place=f"{place}: groups")
    single = [(name,) for name in names if name not in grouped]
    return (*(tuple(group) for group in value), *single)


def _rule(name: str, value: Any, place: str) -> BlockingRule:
    """`[surname.soundex, dob.year]`, or with `parts` and `then`."""
    place = f"{place}: blocking: {name}"
    if isinstance(value, list):
        value = {"parts": value}
    keys = _Keys(value, place)
    parts, then = keys.texts("parts"), keys.texts("then", [])
    keys.finish()
    if not parts:
        raise SpecInvalid("a rule needs parts", place=place)
    return BlockingRule(
        name=name,
        parts=tuple(_part(text, place) for text in parts),
        then=tuple(_part(text, place) for text in then),
    )


def _part(text: str, place: str) -> KeyPart:
    column, _, key = text.partition(".")
    call = _call(key, place) if key else _EXACT
    if call.name not in KEYS:
        raise SpecInvalid(
            f"unknown key [{call.name}]", place=place, remedy=f"one of {', '.join(sorted(KEYS))}"
        )
    if call.name in NEEDS_NUMBER and not call.number:
        raise SpecInvalid(f"[{call.name}] needs a number", place=place, remedy=f"{call.name}(4)")
    return KeyPart(column=column, key=call)


def _synonyms(value: Any, place: str) -> Mapping[str, frozenset[str]]:
    """Lists of values that stand for each other; a value may stand in several lists."""
    if not isinstance(value, list) or not all(isinstance(line, list) for line in value):
        raise SpecInvalid("[synonyms] is not a list of lists", place=place)
    found: dict[str, frozenset[str]] = {}
    for line in value:
        for each in line:
            found[str(each)] = found.get(str(each), frozenset()) | {str(other) for other in line}
    return found
