"""Published flags beside the same flags computed again: flag, lines, matches, records and raw lines, value by value."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines import contracts
from pipelines.audit.rederive import Rederived
from pipelines.audit.resting import OF_MONTH, Rows, by_id, evidence_rows, resting
from pipelines.base.errors import NotFound
from pipelines.contracts.contract import Sensitivity
from pipelines.run.month import Run


@dataclass(frozen=True, kw_only=True)
class FlagCompared:
    """One flag: how many rows it rests on, and the first that came out otherwise; None where all are equal."""

    flag_id: str
    rows: int
    difference: str | None


def flags_of(run: Run) -> list[str]:
    """Every flag of the month, by id."""
    return sorted(run.read("flag", "flag")["record_id"].to_pylist())


def drawn(flag_ids: Sequence[str], count: int, seed: str) -> list[str]:
    """A simple random sample, the same for the same flags and seed."""
    return sorted(random.Random(seed).sample(sorted(flag_ids), min(count, len(flag_ids))))  # noqa: S311


def compared(again: Rederived, flag_ids: Sequence[str]) -> list[FlagCompared]:
    """Each flag with everything it rests on, as published and as computed again."""
    then, now = (evidence_rows(run, flag_ids) for run in (again.published, again.fresh))
    missing = sorted(set(flag_ids) - {record_id for table, record_id in then if table == "flag"})
    if missing:
        raise NotFound(
            f"the month has no flag called [{missing[0]}]", remedy="hedui export flag lists the flags"
        )
    before, after = by_id(then), by_id(now)
    return [_compared(flag, resting(flag, before), resting(flag, after)) for flag in flag_ids]


def unpublished(again: Rederived) -> list[str]:
    """Flags that come out now and were never published."""
    return sorted(set(flags_of(again.fresh)) - set(flags_of(again.published)))


def _compared(flag_id: str, then: Rows, now: Rows) -> FlagCompared:
    order = {name: at for at, name in enumerate(OF_MONTH)}
    for ref in sorted({*then, *now}, key=lambda ref: (order.get(ref[0], len(order)), ref)):
        if ref not in now or ref not in then:
            said = "is not computed again" if ref in then else "was not published"
            return FlagCompared(flag_id=flag_id, rows=len(then), difference=f"{ref[0]} {ref[1]} {said}")
        if _text(then[ref]) != _text(now[ref]):
            difference = f"{ref[0]} {ref[1]}: {_first(ref[0], then[ref], now[ref])}"
            return FlagCompared(flag_id=flag_id, rows=len(then), difference=difference)
    return FlagCompared(flag_id=flag_id, rows=len(then), difference=None)


def _first(table: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """The first column that differs; its values only where they say nothing of a person."""
    column = next(name for name in sorted({*then, *now}) if _said(then, name) != _said(now, name))
    kinds = {one.name: one.sensitivity for one in contracts.by_name(table).columns}
    if kinds.get(column) is not Sensitivity.PLAIN:
        return f"{column} differs"
    return f"{column} [{_said(then, column)}] → [{_said(now, column)}]"


def _said(row: Mapping[str, Any], column: str) -> str:
    return _text({column: row.get(column)})


def _text(row: Mapping[str, Any]) -> str:
    """Every value with its type's own words, columns by name."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, default=repr)
