"""Which source spoke about which household: matched, no record, or not checked. Silence is not zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.contracts import conform
from pipelines.contracts.household import SOURCE_STATUS
from pipelines.s4_link.authorised import closed_households

NOT_AUTHORISED = "not_authorised"


@dataclass(frozen=True, kw_only=True)
class SourceWord:
    """What a source could say this month: why not (empty when it could), and the as_of it speaks of."""

    source: str
    reason: str
    as_of: str


def coverage(
    *, households: pa.Table, matches: pa.Table, words: list[SourceWord], standing: pa.Table
) -> pa.Table:
    """SOURCE_STATUS: one row per household and source, in a total order.

    A household with one member who may not be looked up in a source was not checked there, whatever was found
    about the others: what is known stays known, and nothing is clean.
    """
    ordered = sorted(words, key=lambda word: word.source)
    closed = closed_households(standing, [word.source for word in ordered])
    household_ids = households["record_id"].to_pylist()
    linked = set(zip(matches["household_id"].to_pylist(), matches["source"].to_pylist(), strict=True))
    rows = np.repeat(np.arange(len(household_ids)), len(ordered))
    picks = np.tile(np.arange(len(ordered)), len(household_ids))
    pairs = [
        (household_ids[row], _word_on(household_ids[row], ordered[pick], closed))
        for row, pick in zip(rows.tolist(), picks.tolist(), strict=True)
    ]
    table = pa.table(
        {
            "record_id": [f"{household}={word.source}" for household, word in pairs],
            "household_id": [household for household, _ in pairs],
            "source": [word.source for _, word in pairs],
            "status": [_status(word, (household, word.source) in linked) for household, word in pairs],
            "reason": [word.reason for _, word in pairs],
            "as_of": [word.as_of for _, word in pairs],
            "derived_from": pa.array([[household] for household, _ in pairs], pa.list_(pa.string())),
        }
    )
    return conform(table, SOURCE_STATUS)


def _word_on(household: str, word: SourceWord, closed: Mapping[str, frozenset[str]]) -> SourceWord:
    if word.reason or household not in closed[word.source]:
        return word
    return SourceWord(source=word.source, reason=NOT_AUTHORISED, as_of="")


def _status(word: SourceWord, is_linked: bool) -> str:
    if word.reason:
        return "not_checked"
    return "matched" if is_linked else "no_record"
