"""Candidate pairs: each once, what a rule costs, large blocks counted."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.s4_link.scoring import parse_schema
from pipelines.s4_link.scoring.candidates import candidate_pairs, found_by, pairs_by_rule
from pipelines.s4_link.scoring.coding import coded_rows
from tests.unit.s4_link.scoring.person_files import SCHEMA, file_of, table

_BY_TOWN = SCHEMA.replace("  born: [born]\n  names: [given, family]\n", "  town: [town]\n")


def _only(rule: str, most: int = 1000) -> str:
    before, after = SCHEMA.split("blocking:\n")
    after = after[after.index("most_pairs") :].replace(
        "most_pairs_per_block: 1000", f"most_pairs_per_block: {most}"
    )
    return f"{before}blocking:\n  rule: {rule}\n{after}"


@given(st.lists(st.sampled_from(["como", "lecco", "pavia", None]), min_size=1, max_size=12))
def test_pairs_within_one_file_are_those_with_an_equal_key_each_once(towns: list[str | None]) -> None:
    people = [{**row, "town": town} for row, town in zip(file_of(len(towns)), towns, strict=True)]
    schema = parse_schema(_only("[town]"))
    found = candidate_pairs(coded_rows(table(people), None, schema), schema)
    expected = [(a, b) for a, b in combinations(range(len(towns)), 2) if towns[a] and towns[a] == towns[b]]
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == expected


@given(st.lists(st.sampled_from(["como", "lecco", None]), min_size=1, max_size=8), st.integers(1, 7))
def test_pairs_between_two_files_never_join_rows_of_one_file(towns: list[str | None], first: int) -> None:
    people = [{**row, "town": town} for row, town in zip(file_of(len(towns)), towns, strict=True)]
    schema = parse_schema(_only("[town]").replace("kind: dedupe", "kind: link"))
    rows = coded_rows(table(people[:first]), table(people[first:]), schema)
    found = candidate_pairs(rows, schema)
    split = min(first, len(towns))
    expected = [
        (a, b) for a in range(split) for b in range(split, len(towns)) if towns[a] and towns[a] == towns[b]
    ]
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == expected


def test_a_pair_found_by_two_rules_stands_once_and_both_rules_are_named() -> None:
    twins = [{"id": side, **file_of(1)[0], "id": side} for side in ("x", "y")]  # noqa: F601
    schema = parse_schema(SCHEMA)
    rows = coded_rows(table(twins), None, schema)
    found = candidate_pairs(rows, schema)
    assert (found.left.tolist(), found.right.tolist()) == ([0], [1])
    assert found_by(rows, schema, 0, 1) == ("born", "names", "family_year")
    assert {rule: len(pairs) for rule, pairs in pairs_by_rule(rows, schema).items()} == {
        "born": 1, "names": 1, "family_year": 1,
    }  # fmt: skip


def test_one_name_of_everybody_is_left_out_and_counted() -> None:
    crowd = [{**row, "town": "como"} for row in file_of(60)]
    schema = parse_schema(_only("[town]", most=100))
    cost = candidate_pairs(coded_rows(table(crowd), None, schema), schema).costs[0]
    assert (cost.pairs, cost.blocks_left_out, cost.pairs_left_out) == (0, 1, 60 * 59 // 2)


def test_a_block_too_large_is_split_by_the_further_key() -> None:
    crowd = [{**row, "town": "como"} for row in file_of(60)]
    schema = parse_schema(_only("{parts: [town], then: [given]}", most=100))
    found = candidate_pairs(coded_rows(table(crowd), None, schema), schema)
    names = [row["given"] for row in crowd]
    assert found.costs[0].blocks_left_out == 0
    assert len(found.left) == sum(a == b for a, b in combinations(names, 2))
