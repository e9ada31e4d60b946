"""What would be found if numbers were missing: exact pairs of the run with the number hidden or damaged.

The truth of these is known without anybody judging them: recall of every blocking rule, calibration of the
weights (how many of the pairs of some probability are one person), and wrong matches. Every row of this check
is about a member, so the prior is one in all members; strangers who are alike come in by the real prior alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.company import Companions
from pipelines.s4_link.comparisons import Levels, counted_once, levels_of
from pipelines.s4_link.decisions import MATCH, decide_scored, ruled_out
from pipelines.s4_link.index import Index, Met, Side, candidates, paired
from pipelines.s4_link.learning import agreeing
from pipelines.s4_link.model import OPEN, Compared, Model, probability_ppm, weigh
from pipelines.s4_link.people import People, Rows, Truths, people_of_records, person_codes
from pipelines.s4_link.settings import LinkSettings

BINS = (None, -10_000, -5_000, 0, 5_000, 10_000, 15_000)
"""Lower bounds of log-odds in thousandths of a bit; the first has none."""
_DIGITS, _KEPT_BY_EXCEL = 17, 15


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Pairs whose log-odds are at least `least`: how many, how many are one person, how many should be (millionths)."""

    least: int | None
    pairs: int
    true: int
    expected_ppm: int


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """Rows whose numbers were hidden in one way: how many a rule reached, a match found again, or got wrong."""

    damage: str
    rows: int
    reached: int
    matched: int
    wrong: int
    reached_by_rule: Mapping[str, int]
    pairs_by_rule: Mapping[str, int]
    bins: tuple[Bin, ...]


@dataclass(frozen=True, kw_only=True)
class Linkage:
    """The members and all that is known once the exact pairs have been seen."""

    members: People
    index: Index
    companions: Companions
    model: Model
    settings: LinkSettings


def check(
    exact: Levels, records: pa.Table, people: People, linkage: Linkage, *, own_birth: frozenset[str]
) -> tuple[Hidden, ...]:
    """Each way of hiding a number, over the same persons. `people` are the kept records as People."""
    known = agreeing(exact, linkage.settings)
    most = linkage.settings.learning.checked_rows
    rows, who = _chosen(people, known, person_codes(linkage.members), most)
    if not len(rows):
        return ()
    shown = records.take(pa.array(rows))
    return tuple(
        _hidden(damage, _damaged(shown, damage, own_birth), rows, who, linkage) for damage in DAMAGES
    )


def _chosen(people: People, known: Levels, persons: Rows, most: int) -> tuple[Rows, Rows]:
    """One row for each of so many persons, the same ones whatever the order of the rows; and who they are."""
    at, first = np.unique(known.records, return_index=True)
    rows = people.rows.take(pa.array(at)).append_column("at", pa.array(at))
    rows = rows.append_column("person", pa.array(persons[known.members[first]]))
    ordered = rows.sort_by([(name, "ascending") for name in ("id18", "name", "place", "birth_date", "key")])
    numbers = ordered["id18"].to_pylist()
    new = [place for place, number in enumerate(numbers) if not place or number != numbers[place - 1]]
    chosen = sorted(sorted(new, key=lambda place: _digest(numbers[place]))[:most])
    kept = ordered.take(pa.array(chosen, pa.int64()))
    return np.asarray(kept["at"], dtype=np.int64), np.asarray(kept["person"], dtype=np.int64)


def _digest(number: str) -> int:
    return int.from_bytes(blake2b(number.encode(), digest_size=8).digest(), "big")


def _mistyped(number: str) -> str:
    """One wrong digit; which one, and how wrong, is the number's own digest."""
    chance = _digest(number)
    place, off = chance % _DIGITS, 1 + chance // _DIGITS % 9
    return number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]


DAMAGES: Mapping[str, tuple[str, Callable[[str], str | None]]] = {
    "missing": ("missing", lambda _: None),
    "mistyped": ("checksum_wrong", _mistyped),
    "excel_cut": ("excel_cut", lambda number: number[:_KEPT_BY_EXCEL] + "000"),
}


def _damaged(shown: pa.Table, damage: str, own_birth: frozenset[str]) -> pa.Table:
    """The rows as they would have come; what the file only said within the number is gone with it."""
    state, change = DAMAGES[damage]
    numbers = pa.array([change(number) for number in shown["id18"].to_pylist()], pa.string())
    columns = {name: shown[name] for name in shown.column_names}
    columns |= {"id_no": numbers, "id18": pa.nulls(len(numbers), pa.string())}
    columns["id_state"] = pa.repeat(pa.scalar(state), len(numbers))
    keeps = pc.is_in(shown["source"], value_set=pa.array(sorted(own_birth), pa.string()))
    columns |= {name: pc.if_else(keeps, shown[name], None) for name in ("birth_date", "sex")}
    return pa.table(columns).combine_chunks()


def _hidden(damage: str, rows: pa.Table, own_rows: Rows, who: Rows, linkage: Linkage) -> Hidden:
    index, members, model = linkage.index, linkage.members, linkage.model
    met = candidates(index, Side.of_records(rows))
    pairs = paired(index, [met], [0])
    left, persons = people_of_records(rows), person_codes(members)
    levels = counted_once(
        levels_of(left, members, (pairs.records, pairs.members)), left, members, linkage.settings
    )
    compared = weigh(_beside(levels, own_rows, linkage.companions), left, members, model)
    decided = decide_scored(compared, members, model, linkage.settings)
    matches = decided.at[[outcome == MATCH for outcome in decided.outcomes]]
    is_true = persons[compared.members] == who[compared.records]
    return Hidden(
        damage=damage,
        rows=len(who),
        reached=len(np.unique(compared.records[is_true])),
        matched=len(np.unique(compared.records[matches][is_true[matches]])),
        wrong=int((~is_true[matches]).sum()),
        reached_by_rule={rule: _reached(met, step, who, persons) for step, rule in enumerate(index.steps)},
        pairs_by_rule=pairs.pairs_by_step,
        bins=_bins(compared, is_true, left, linkage),
    )


def _beside(levels: Levels, own_rows: Rows, companions: Companions) -> Levels:
    """Who stood beside the rows before their numbers were hidden, without themselves."""
    before = dataclasses.replace(levels, records=own_rows[levels.records])
    seen = companions.compared(before, linked_themselves=True)
    return dataclasses.replace(levels, of={**levels.of, "company": seen.of["company"]})


def _reached(met: Met, step: int, who: Rows, persons: Rows) -> int:
    here = met.steps == step
    records, members = met.records[here], met.members[here]
    return len(np.unique(records[persons[members] == who[records]]))


def _bins(compared: Compared, is_true: Truths, left: People, linkage: Linkage) -> tuple[Bin, ...]:
    """Here every row is about a member: one in all of them. Pairs that no weight can match are not counted."""
    members = linkage.members
    prior = Fraction(1, max(len(np.unique(person_codes(members))), 1))
    here = dataclasses.replace(linkage.model, priors={**linkage.model.priors, OPEN: prior})
    counted = ~ruled_out(compared, linkage.settings)
    odds, is_true = weigh(compared.levels, left, members, here).odds[counted], is_true[counted]
    chances = probability_ppm(odds)
    uppers = (*BINS[1:], None)
    found = []
    for least, below in zip(BINS, uppers, strict=True):
        inside = np.ones(len(odds), dtype=np.bool_)
        inside &= odds >= least if least is not None else inside
        inside &= odds < below if below is not None else inside
        expected = int(chances[inside].sum(dtype=np.int64))
        found.append(
            Bin(least=least, pairs=int(inside.sum()), true=int(is_true[inside].sum()), expected_ppm=expected)
        )
    return tuple(found)
