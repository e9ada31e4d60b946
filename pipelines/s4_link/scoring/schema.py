"""What a link schema says: columns, fields with ordered levels, groups counted once, blocking rules, priors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MISSING = "missing"  # a value is empty on either side: no evidence, weight 0
DIFFERENT = "different"  # none of the levels above holds

Kind = Literal["link", "dedupe"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """A named function and its whole number: `first(4)`, `jaro_winkler(92)`, `equal`."""

    name: str
    number: int

    def __str__(self) -> str:
        return f"{self.name}({self.number})" if self.number else self.name


@dataclass(frozen=True, kw_only=True)
class KeyPart:
    """One column's values made a part of a key."""

    column: str
    key: Call


@dataclass(frozen=True, kw_only=True)
class Level:
    """A named degree of agreement: all its tests hold. `prior` is its share among matches before any data."""

    name: str
    tests: tuple[Call, ...]
    prior: int


@dataclass(frozen=True, kw_only=True)
class Field:
    """One comparison: levels are tried in order, the first that holds is the pair's level.

    With two columns the tests are run crosswise: the left's first against the right's second, and the reverse.
    """

    name: str
    columns: tuple[str, ...]
    levels: tuple[Level, ...]
    by_frequency: bool
    different_prior: int

    @property
    def level_names(self) -> tuple[str, ...]:
        return (MISSING, *(level.name for level in self.levels), DIFFERENT)


@dataclass(frozen=True, kw_only=True)
class BlockingRule:
    """Pairs equal on every part are candidates; blocks too large are split by the parts of `then`."""

    name: str
    parts: tuple[KeyPart, ...]
    then: tuple[KeyPart, ...]


@dataclass(frozen=True, kw_only=True)
class LinkSchema:
    """Everything a linkage depends on beside the rows."""

    name: str
    kind: Kind
    id_column: str
    one_to_one: bool
    fields: tuple[Field, ...]
    groups: tuple[tuple[str, ...], ...]  # every field stands in exactly one group
    blocking: tuple[BlockingRule, ...]
    most_pairs_per_block: int
    random_pairs: int
    prior_pairs: int  # how many pairs the priors on m are worth
    em_rounds: int
    target_false_in_1000: int  # 0: the threshold that makes the expected F1 largest
    frequency_cap: int  # thousandths of a bit that a rare value may add at most
    synonyms: Mapping[str, frozenset[str]]

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the schema reads, the id first, in order."""
        used = [column for field in self.fields for column in field.columns]
        used += [part.column for rule in self.blocking for part in (*rule.parts, *rule.then)]
        return (self.id_column, *sorted(set(used) - {self.id_column}))
