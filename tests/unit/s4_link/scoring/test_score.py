"""Scores of a small file: who is found, what the weights mean, and that the order of rows means nothing."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from pipelines.base.errors import SpecInvalid
from pipelines.s4_link.scoring import (
    Scored,
    assigned,
    calibration,
    clustered,
    explain,
    model_of_json,
    parse_schema,
    score,
)
from tests.unit.s4_link.scoring.person_files import SCHEMA, file_of, table, with_copies

_PEOPLE = 300


def _pairs(scored: Scored) -> set[tuple[str, str]]:
    kept = np.flatnonzero(scored.is_match)
    ids = scored.rows.ids
    left, right = ids.take(scored.left[kept]).to_pylist(), ids.take(scored.right[kept]).to_pylist()
    return set(zip(left, right, strict=True))


@pytest.fixture(scope="module")
def scored() -> Scored:
    return score(table(with_copies(_PEOPLE)), None, parse_schema(SCHEMA))


def test_every_person_is_found_with_the_copy_of_it_and_with_nobody_else(scored: Scored) -> None:
    expected = {(f"{number:03}a", f"{number:03}b") for number in range(_PEOPLE)}
    found = _pairs(scored)
    assert len(found & expected) >= 0.98 * _PEOPLE
    assert len(found - expected) <= 0.02 * _PEOPLE


def test_shuffled_rows_give_the_same_scores_and_the_same_model(scored: Scored) -> None:
    rows = with_copies(_PEOPLE)
    rows = [row for at, row in enumerate(rows) if at % 7][::-1] + rows[::7]
    again = score(table(rows), None, parse_schema(SCHEMA))
    assert again.model == scored.model
    assert again.totals.tolist() == scored.totals.tolist()
    assert again.rows.ids.equals(scored.rows.ids)


def test_a_better_level_weighs_more(scored: Scored) -> None:
    born = next(group for group in scored.model.groups if group.fields == ("born",))
    weights = dict(zip(born.levels[0], born.weights, strict=True))
    assert weights["equal"] > weights["one_typo"] > 0 > weights["different"]
    assert weights["missing"] == 0


def test_a_stored_model_scores_as_the_one_that_was_learned(scored: Scored) -> None:
    stored = model_of_json(scored.model.to_json())
    assert stored.digest == scored.model.digest
    again = score(table(with_copies(_PEOPLE)), None, parse_schema(SCHEMA), model=stored)
    assert again.totals.tolist() == scored.totals.tolist()
    assert _pairs(again) == _pairs(scored)


def test_something_else_than_a_stored_model_is_refused() -> None:
    with pytest.raises(SpecInvalid, match="model"):
        model_of_json('{"schema": "people"}')


def test_sure_pairs_teach_the_weights_where_an_id_gives_them() -> None:
    schema = parse_schema(
        SCHEMA.replace("kind: dedupe", "kind: link").replace("one_to_one: false", "one_to_one: true")
    )
    rows = with_copies(_PEOPLE)
    numbers = range(0, _PEOPLE, 2)
    sure = pa.table({"left": [f"{n:03}a" for n in numbers], "right": [f"{n:03}b" for n in numbers]})
    found = score(table(rows[:_PEOPLE]), table(rows[_PEOPLE:]), schema, sure=sure)
    kept = assigned(found)
    ids = found.rows.ids
    pairs = zip(ids.take(found.left[kept]).to_pylist(), ids.take(found.right[kept]).to_pylist(), strict=True)
    right = [a[:3] == b[:3] for (a, b), yes in zip(pairs, found.is_match[kept].tolist(), strict=True) if yes]
    assert sum(right) >= 0.98 * _PEOPLE
    assert sum(right) >= 0.98 * len(right)


def test_agreeing_on_a_rare_name_weighs_more_than_on_a_common_one() -> None:
    rows = with_copies(_PEOPLE)
    for side in ("x", "y"):
        rows.append(
            {"id": f"999{side}", "given": "zenobia", "family": "greco", "born": "1990-12-31", "town": "pavia"}
        )
    found = score(table(rows), None, parse_schema(SCHEMA))
    ids = found.rows.ids.to_pylist()
    rare = next(
        at
        for at in range(len(found.left))
        if ids[found.left[at]] == "999x" and ids[found.right[at]] == "999y"
    )
    part = found.by_frequency["given"]
    assert part[rare] > part[(part != 0) & (np.arange(len(part)) != rare)].max()


def test_the_waterfall_of_a_pair_ends_at_its_total(scored: Scored) -> None:
    for at in range(0, len(scored.left), 97):
        told = explain(scored, at)
        assert told.steps[-1].running == told.total == sum(step.weight for step in told.steps)
        assert told.is_match == bool(scored.is_match[at])
        assert told.rules
        fields = [field.field for step in told.steps for field in step.fields]
        assert fields == ["given", "family", "born", "town"]


def test_an_explanation_shows_both_values_and_the_level(scored: Scored) -> None:
    ids = scored.rows.ids.to_pylist()
    at = next(
        at
        for at in range(len(scored.left))
        if (ids[scored.left[at]], ids[scored.right[at]]) == ("003a", "003b")
    )
    family = explain(scored, at).steps[0].fields[1]
    assert (family.level, family.left[0][:-1]) == ("near", family.right[0][:-1])


def test_copies_stand_in_one_cluster(scored: Scored) -> None:
    named = dict(zip(scored.rows.ids.to_pylist(), clustered(scored).tolist(), strict=True))
    together = sum(named[f"{number:03}a"] == named[f"{number:03}b"] for number in range(_PEOPLE))
    assert together >= 0.98 * _PEOPLE
    assert len(set(named.values())) >= 0.98 * _PEOPLE


def test_predicted_and_found_errors_are_set_side_by_side(scored: Scored) -> None:
    ids = scored.rows.ids.to_pylist()
    true = np.array([ids[a][:3] == ids[b][:3] for a, b in zip(scored.left, scored.right, strict=True)])
    bands = calibration(scored.totals, true, scored.chosen.match_share)
    assert sum(band.pairs for band in bands) == len(scored.totals)
    assert abs(bands[-1].predicted - bands[-1].found) < 0.02


def test_one_row_alone_and_rows_without_any_value_give_no_pair_and_no_error() -> None:
    schema = parse_schema(SCHEMA)
    assert len(score(table(file_of(1)), None, schema).left) == 0
    empty = [{"id": str(at), "given": None, "family": None, "born": None, "town": None} for at in range(4)]
    found = score(table(empty), None, schema)
    assert len(found.left) == 0
    assert clustered(found).tolist() == [0, 1, 2, 3]


def test_an_empty_registry_gives_no_pair() -> None:
    schema = parse_schema(SCHEMA.replace("kind: dedupe", "kind: link"))
    assert len(score(table(file_of(20)), table([]), schema).left) == 0
