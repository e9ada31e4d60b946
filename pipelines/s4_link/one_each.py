"""Sources that have one record a person, such as a death: nobody is given two by weight alone.

What the number names stays whatever else there is; of records that only several fields give to a member, the best
may match, and none where two are about as good. The others are put to a person.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict

import numpy as np

from pipelines.s4_link.decisions import MATCH, Decided
from pipelines.s4_link.people import People, person_codes

ANOTHER = "another_record"


def one_record_each(
    scored: Decided, exact: Decided, records: People, members: People, sources: frozenset[str], margin: int
) -> Decided:
    """The scored pairs with the second records of a person turned into reviews."""
    if not sources:
        return scored
    taken = {key for key, _, _ in _claims(exact, records, members, sources)}
    claims = defaultdict(list)
    for key, record, place in _claims(scored, records, members, sources):
        claims[key].append((int(scored.compared.odds[scored.at[place]]), record, place))
    outcomes = list(scored.outcomes)
    for key, found in claims.items():
        best = max(odds for odds, _, _ in found)
        near = {record for odds, record, _ in found if odds > best - margin}
        kept = near if len(near) == 1 and key not in taken else set()
        for _, record, place in found:
            if record not in kept:
                outcomes[place] = ANOTHER
    return dataclasses.replace(scored, outcomes=outcomes)


def _claims(
    decided: Decided, records: People, members: People, sources: frozenset[str]
) -> list[tuple[tuple[str, int], int, int]]:
    """Source and person, record, and place of each match with such a source."""
    places = [place for place, outcome in enumerate(decided.outcomes) if outcome == MATCH]
    at = decided.at[np.array(places, dtype=np.int64)]
    of_source = records.rows["group"].take(decided.compared.records[at]).to_pylist()
    persons = person_codes(members)[decided.compared.members[at]].tolist()
    rows = decided.compared.records[at].tolist()
    return [
        ((source, person), record, place)
        for source, person, record, place in zip(of_source, persons, rows, places, strict=True)
        if source in sources
    ]
