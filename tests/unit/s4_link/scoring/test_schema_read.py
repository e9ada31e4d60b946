"""A schema is read strictly: whatever is unknown is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.base.errors import ContractBroken, SpecInvalid
from pipelines.s4_link.scoring import parse_schema, score
from tests.unit.s4_link.scoring.person_files import SCHEMA, file_of, table

_SCHEMAS = Path(__file__).parents[4] / "benchmarks" / "schemas"


def test_fields_not_named_in_a_group_are_groups_of_their_own() -> None:
    assert parse_schema(SCHEMA).groups == (("given", "family"), ("born",), ("town",))


def test_levels_keep_the_order_written_with_missing_before_and_different_after() -> None:
    levels = parse_schema(SCHEMA).field("born").level_names
    assert levels == ("missing", "equal", "one_typo", "same_year", "different")


@pytest.mark.parametrize("path", sorted(_SCHEMAS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_schemas_of_the_benchmarks_are_readable(path: Path) -> None:
    assert parse_schema(path.read_text(encoding="utf-8")).name == path.stem


@pytest.mark.parametrize(
    ("wrong", "instead", "named"),
    [
        ("jaro_winkler(85)", "jaro_wankler(85)", "jaro_wankler"),
        ("jaro_winkler(85)", "jaro_winkler", "needs a number"),
        ("same_year", "same_decade", "same_decade"),
        ("family.soundex", "family.sounds", "sounds"),
        ("born.year]", "born.first]", "needs a number"),
        ("em_rounds: 8", "em_round: 8", "em_rounds"),
        ("em_rounds: 8", "em_rounds: 8\ncolour: red", "colour"),
        ("em_rounds: 8", "em_rounds: many", "whole number"),
        ("kind: dedupe", "kind: merge", "kind"),
        ("one_to_one: false", "one_to_one: true", "two sides"),
        ("[given, family]\nblocking", "[given, surname]\nblocking", "surname"),
        ("near: [typos(1), 3]", "near: [typos(1), shared_words(2)]", "shared_words"),
        ("near: [typos(1), 3]", "missing: [typos(1), 3]", "missing"),
        ("synonyms: []", "synonyms: [anna]", "synonyms"),
        ("name: people", "name: [", "YAML"),
    ],
)
def test_a_mistake_in_the_schema_is_named(wrong: str, instead: str, named: str) -> None:
    assert wrong in SCHEMA
    with pytest.raises(SpecInvalid, match=named):
        parse_schema(SCHEMA.replace(wrong, instead))


def test_an_unknown_comparison_names_the_field_and_level_it_stands_in() -> None:
    with pytest.raises(SpecInvalid) as raised:
        parse_schema(SCHEMA.replace("typos(1), 3", "guess(1), 3"))
    assert raised.value.place.endswith("fields: family: levels: near")


def test_a_table_without_a_column_of_the_schema_is_refused() -> None:
    with pytest.raises(ContractBroken, match="town"):
        score(table(file_of(5)).drop_columns("town"), None, parse_schema(SCHEMA))


def test_two_rows_with_one_id_are_refused() -> None:
    with pytest.raises(ContractBroken, match="id"):
        score(table(file_of(5) + file_of(1)), None, parse_schema(SCHEMA))
