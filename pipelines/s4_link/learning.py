"""The model of a run: what its exact-id pairs and chance pairs say, beside the starting rates of the settings.

True pairs come free: same valid number and agreeing name. They say how a register writes names and how old its
addresses are. Chance pairs are persons of both sides put together by no rule. Nothing is fitted and nothing
iterates: every figure is a count over a count, so that an auditor can add it up again.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.comparisons import Levels, levels_of, thousandths_of_log2
from pipelines.s4_link.index import Index
from pipelines.s4_link.model import FORMER, MILLION, OPEN, STRANGER, Model, Weighed, Weights, thousandths
from pipelines.s4_link.people import People, Rows, Truths, people_of_records, person_codes
from pipelines.s4_link.settings import LEVELS, Learning, LinkSettings, Rates
from pipelines.s4_link.sift import Sieved

_NOT_COMPARED = frozenset({"missing", "in_id"})
_INSIDE = ("birth_date", "sex")  # a register may hold these of its own, or only inside the number

Counts = Mapping[str, int]


def learn(
    *, exact: Levels, records: People, sieved: Sieved, members: People, index: Index, settings: LinkSettings
) -> Model:
    """Rates, weights, priors. `exact` are the levels of the pairs with the same valid number."""
    true = agreeing(exact, settings)
    true = true.taken(sieved.shown[true.records])
    own = true.taken(_of_sources(records, true, sieved.own_birth))
    chance = _chance_pairs(sieved.persons, members, settings)
    beside = _beside(members, settings.learning)
    levels = {
        field: _weighed(
            field,
            (own if field in _INSIDE else true).counts(field),
            _chance_counts(field, chance, sieved.persons, members),
            settings,
            beside,
        )
        for field in LEVELS
    }
    name_weights, counted = _name_weights(index, sieved)
    return Model(
        levels=levels,
        name_weights=name_weights,
        names_counted=counted,
        priors=_priors(sieved, int(person_codes(members).max(initial=-1)) + 1, settings.learning),
        match_error=settings.match_error,
        review_error=settings.review_error,
        settings_digest=settings.digest,
    )


def agreeing(exact: Levels, settings: LinkSettings) -> Levels:
    """Pairs with the same number, without those whose names disagree: a number typed for another person is no pair of one person."""
    return exact.taken(exact.is_level("name", settings.names_that_agree))


def _of_sources(records: People, levels: Levels, sources: frozenset[str]) -> Truths:
    """For each pair: does the record's source hold birth dates beside the numbers."""
    of = pc.is_in(records.rows["group"], value_set=pa.array(sorted(sources), pa.string()))
    return np.asarray(of, dtype=np.bool_)[levels.records]


def _chance_pairs(persons: pa.Table, members: People, settings: LinkSettings) -> Levels:
    """Each sampled person of the register with members further and further along; never with himself."""
    records = people_of_records(persons)
    others = _spread(members, settings.learning.sample_rows)
    left, right = _dealt(persons.num_rows, len(others), settings.learning.chance_pairs)
    right = others[right] if len(others) else right
    same = _same_person(records, members, left, right)
    return levels_of(records, members, (left[~same], right[~same]))


def _spread(members: People, most: int) -> Rows:
    """Some members, the same ones whatever their order: those whose keys come first."""
    first = pc.select_k_unstable(members.rows["key"], k=most, sort_keys=[("key", "ascending")])
    return np.asarray(first, dtype=np.int64)


def _dealt(left: int, right: int, most: int) -> tuple[Rows, Rows]:
    """All pairs, or as many rounds as it takes to come to `most`, each a fixed step further."""
    if not left or not right:
        nobody = np.zeros(0, dtype=np.int64)
        return nobody, nobody
    rounds = min(right, -(-most // left))
    step = max(right // rounds, 1)
    one = np.tile(np.arange(left), rounds)
    turn = np.repeat(np.arange(rounds) * step, left)
    return one, (one + turn) % right


def _same_person(records: People, members: People, left: Rows, right: Rows) -> Rows:
    a, b = records.rows.take(pa.array(left)), members.rows.take(pa.array(right))
    numbers = pc.fill_null(pc.equal(a["id18"], b["id18"]), False)
    names = pc.fill_null(pc.equal(a["name_key"], b["name_key"]), False)
    births = pc.fill_null(pc.equal(a["birth_date"], b["birth_date"]), False)
    same: Rows = np.asarray(pc.or_(numbers, pc.and_(names, births)), dtype=np.bool_)
    return same


def _chance_counts(field: str, chance: Levels, persons: pa.Table, members: People) -> Counts:
    """Levels of the chance pairs; equal birth dates are too rare for them and counted over all pairs there are."""
    counts = dict(chance.counts(field))
    drawn = sum(count for level, count in counts.items() if level not in _NOT_COMPARED)
    if field == "birth_date" and drawn:
        equal, pairs = _equal_births(persons["birth_date"], members.rows["birth_date"])
        counts["equal"] = equal * drawn // max(pairs, 1)
    return counts


def _equal_births(left: pa.ChunkedArray, right: pa.ChunkedArray) -> tuple[int, int]:
    """Pairs with the same birth date, of all pairs with two."""
    counts = []
    for column in (left, right):
        found = pc.value_counts(column.combine_chunks().drop_null()).to_pylist()
        counts.append({entry["values"]: entry["counts"] for entry in found})
    one, other = counts
    return sum(count * other.get(day, 0) for day, count in one.items()), sum(one.values()) * sum(
        other.values()
    )


def _beside(members: People, learning: Learning) -> Mapping[str, Fraction]:
    """How often somebody who stands beside a household's member is by chance taken for one of it."""
    households = max(len(pc.unique(members.rows["group"])), 1)
    persons = max(members.rows.num_rows, learning.least_population)
    together = Fraction(max(members.rows.num_rows, 1), households * persons)
    return {"together": together, "apart": 1 - together}


def _weighed(
    field: str, true: Counts, chance: Counts, settings: LinkSettings, beside: Mapping[str, Fraction]
) -> dict[str, Weighed]:
    all_true, all_chance = (
        sum(count for level, count in counts.items() if level not in _NOT_COMPARED)
        for counts in (true, chance)
    )
    found = {}
    for level, said in settings.fields[field].items():
        count = true.get(level, 0)
        if not isinstance(said, Rates):
            found[level] = Weighed(m=None, u=None, count=count, of=all_true, weight=said)
            continue
        m = _rate(count, all_true, said.m, settings.learning.prior_pairs)
        u = (
            beside.get(level)
            if said.u is None
            else _rate(chance.get(level, 0), all_chance, said.u, settings.learning.prior_chance_pairs)
        )
        found[level] = Weighed(m=m, u=u, count=count, of=all_true, weight=thousandths(m / u if u else m))
    return found


def _rate(count: int, whole: int, start_ppm: int, worth: int) -> Fraction:
    """What was seen and what was thought before, each worth its number of pairs."""
    return (count + Fraction(start_ppm * worth, MILLION)) / (whole + worth)


def _name_weights(index: Index, sieved: Sieved) -> tuple[Weights, int]:
    """For each member: how rare the name is among the members and the sampled persons of the register."""
    names = index.names
    everybody = np.concatenate([names, sieved.names])
    _, which, counts = np.unique(everybody, return_inverse=True, return_counts=True)
    of_count = {int(n): thousandths_of_log2(len(everybody), int(n)) for n in np.unique(counts)}
    weights = np.array([of_count[int(n)] for n in counts] or [0], dtype=np.int32)
    return weights[which[: len(names)]], len(everybody)


def _priors(sieved: Sieved, persons: int, learning: Learning) -> Mapping[str, Fraction]:
    """Odds that a row and a member are one person before anything is compared.

    A number goes missing whether or not its owner is a member, so that rows without one are about members as
    often as the others. A row whose valid number is no member's can only be about one whose own number the
    list has wrong or not at all, or about a former number.
    """
    population = max(persons, learning.least_population)
    expected = sieved.matched + learning.prior_share * learning.prior_rows
    unmatched = sieved.with_number - sieved.matched + learning.prior_rows
    stranger = Fraction(expected, 1) / (unmatched * population)
    return {
        OPEN: Fraction(expected, 1) / ((sieved.with_number + learning.prior_rows) * population),
        STRANGER: stranger,
        FORMER: stranger * learning.former_share,
    }
