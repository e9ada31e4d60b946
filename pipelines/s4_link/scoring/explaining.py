"""Why a pair has its total: values, levels, weights and the running sum, as a waterfall shows them."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.s4_link.scoring.candidates import found_by
from pipelines.s4_link.scoring.engine import Scored


@dataclass(frozen=True, kw_only=True)
class FieldSaid:
    """One field of one pair: the two rows' values, the level, and what a rare value added."""

    field: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    level: str
    by_frequency: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """A group of fields counted once: its weight with the frequency parts, and the sum so far."""

    fields: tuple[FieldSaid, ...]
    level_weight: int
    weight: int
    running: int


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One pair from the first field to the threshold."""

    left_id: str
    right_id: str
    rules: tuple[str, ...]
    steps: tuple[Step, ...]
    total: int
    threshold: int
    is_match: bool
    model: str


def explain(scored: Scored, at: int) -> Explained:
    """The pair at this place among the scored pairs."""
    a, b = int(scored.left[at]), int(scored.right[at])
    steps: list[Step] = []
    running = 0
    for group in scored.model.groups:
        fields = tuple(_said(scored, name, at, a, b) for name in group.fields)
        joint = 0
        for name, levels in zip(group.fields, group.levels, strict=True):
            joint = joint * len(levels) + int(scored.levels[name][at])
        own = group.weights[joint]
        weight = own + sum(field.by_frequency for field in fields)
        running += weight
        steps.append(Step(fields=fields, level_weight=own, weight=weight, running=running))
    return Explained(
        left_id=scored.rows.ids[a].as_py(),
        right_id=scored.rows.ids[b].as_py(),
        rules=found_by(scored.rows, scored.schema, a, b),
        steps=tuple(steps),
        total=int(scored.totals[at]),
        threshold=scored.model.threshold,
        is_match=int(scored.totals[at]) >= scored.model.threshold,
        model=scored.model.digest,
    )


def _said(scored: Scored, name: str, at: int, a: int, b: int) -> FieldSaid:
    field = scored.schema.field(name)
    part = scored.by_frequency.get(name)
    return FieldSaid(
        field=name,
        left=tuple(_value(scored, column, a) for column in field.columns),
        right=tuple(_value(scored, column, b) for column in field.columns),
        level=field.level_names[int(scored.levels[name][at])],
        by_frequency=0 if part is None else int(part[at]),
    )


def _value(scored: Scored, column: str, row: int) -> str:
    values = scored.rows.columns[column]
    code = int(values.codes[row])
    return values.values[code] if code >= 0 else ""
