"""`hedui links`: what a linkage says of itself, added up from its rows, and explained pairs with masked values."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

from pipelines.base.errors import NotFound
from pipelines.lineage.explaining import models_of
from pipelines.run.link_figures import Figures, link_figures, of_table, pairs_of
from pipelines.run.links_told import figure_lines, pair_document, pair_lines
from pipelines.s4_link import Linked, default_settings
from pipelines.s4_link.settings import LEVELS
from tests.unit.s4_link.link_cases import linked, number, person

FIRST, SECOND, THIRD = (number("1956-06-12", ending) for ending in ("001", "015", "733"))
SLIP = FIRST[:16] + ("7" if FIRST[16] != "7" else "8") + FIRST[17]


@cache
def small() -> Linked:
    """Three found by number, one of them under another name; one number with a slip."""
    return linked(
        [
            person("欧阳石头", FIRST),
            person("皇甫铁锤", SECOND),
            person("令狐大山", THIRD),
            person("欧阳石头", SLIP, "checksum_wrong"),
        ],
        [person("欧阳石头", FIRST), person("皇甫铁锤", SECOND), person("上官小河", THIRD)],
    )


def figures(found: Linked | None = None) -> Figures:
    shown = found or small()
    return link_figures(shown.matches, shown.reviews, shown.model)


def pairs(kind: str, count: int = 10) -> list[Any]:
    return list(pairs_of(kind, count, small().matches, small().reviews))


def test_links_are_counted_by_source_and_method_with_the_share_left_to_a_person() -> None:
    (entry,) = figures()["links"]
    assert entry["source"] == "death_medical"
    assert entry["matches"] == {"exact_id": 2, "repaired_id": 1}
    assert entry["reviews"] == {"identity_conflict": 1}
    assert entry["review_share_ppm"] == 250_000


def test_rules_stand_in_the_order_they_run_with_their_cost_and_what_they_reached() -> None:
    rules = figures()["rules"]
    names = ["exact_id", "exact_id15", *(rule.name for rule in default_settings().blocking)]
    assert [entry["rule"] for entry in rules] == names
    by_name = {entry["rule"]: entry for entry in rules}
    assert by_name["exact_id"]["pairs"] == 3
    assert by_name["near_id"]["pairs"] == 1
    assert by_name["near_id"]["reached"]["mistyped"]["of"] == 2
    assert all(entry["blocks_left_out"] == 0 for entry in rules)


def test_every_hidden_number_is_found_again_by_some_rule_and_none_wrongly() -> None:
    hidden = {entry["damage"]: entry for entry in figures()["hidden"]}
    assert set(hidden) == {"missing", "mistyped", "excel_cut"}
    assert hidden["mistyped"] == {"damage": "mistyped", "rows": 2, "reached": 2, "matched": 2, "wrong": 0}


def test_calibration_runs_from_the_least_likely_up_and_counts_every_pair_once() -> None:
    entries = [entry for entry in figures()["calibration"] if entry["damage"] == "mistyped"]
    assert [entry["least"] for entry in entries] == [None, -10_000, -5_000, 0, 5_000, 10_000, 15_000]
    assert sum(entry["found"] for entry in entries) == 2


def test_the_model_is_told_with_its_priors_thresholds_and_the_rows_behind_them() -> None:
    (model,) = figures()["models"]
    assert model["sources"] == "death_medical" and set(model["priors"]) == {"open", "stranger", "former"}
    assert model["thresholds"]["match"] == {"error": "1/256", "odds": 7_994}
    assert model["counts"]["rows"] == 604 and model["counts"]["matched_by_number"] == 3


def test_learned_weights_stand_beside_the_starting_ones_for_every_level() -> None:
    weights = {(entry["field"], entry["level"]): entry for entry in figures()["weights"]}
    assert set(weights) == {(field, level) for field, levels in LEVELS.items() for level in levels}
    given, learned = weights["id", "equal"], weights["sex", "equal"]
    assert (given["is_learned"], given["start"], given["lowest"]) == (False, 30_000, 30_000)
    assert learned["is_learned"] and learned["start"] == 998
    assert weights["name", "equal"]["start"] is None, "how rare a name is, each run counts for itself"


def test_figures_of_several_linkages_are_added_up_and_weights_shown_from_lowest_to_highest() -> None:
    one = small().model
    others = [
        {**row, "record_id": f"{row['record_id']}-2", "table_name": "vehicle", "sources": "vehicle"}
        | ({"weight": row["weight"] + 500} if row["kind"] == "level" else {})
        for row in one.to_pylist()
    ]
    both = pa.concat_tables([one, pa.Table.from_pylist(others, schema=one.schema)])
    found = link_figures(small().matches, small().reviews, both)
    rules = {entry["rule"]: entry["pairs"] for entry in found["rules"]}
    assert rules["exact_id"] == 6 and len(found["models"]) == 2
    weight = next(entry for entry in found["weights"] if entry["level"] == "two_edits")
    assert (weight["lowest"], weight["highest"]) == (8_000, 8_500)
    assert link_figures(small().matches, small().reviews, of_table(both, "death")) == figures()


def test_a_registry_without_a_row_about_anybody_is_told_too() -> None:
    empty = link_figures(small().matches.slice(0, 0), small().reviews.slice(0, 0), small().model.slice(0, 0))
    assert figure_lines(empty, "en").count("—") == 5


def test_the_tables_of_text_are_aligned_and_in_the_chosen_language() -> None:
    zh, en = figure_lines(figures(), "zh"), figure_lines(figures(), "en")
    assert zh[0] == "匹配与待确认（按来源和方法）"
    assert en[0] == "links and reviews by source and method"
    heads, row = en[1], en[2]
    assert row.index("25.0%") == heads.index("share")
    assert any(line.startswith("near_id") and "100.0%" in line for line in en)


def test_pairs_to_explain_are_the_same_ones_every_time_those_whose_ids_come_first() -> None:
    everything = [pair["record_id"] for pair in pairs("exact_id")]
    assert everything == sorted(everything)
    assert [pair["record_id"] for pair in pairs("exact_id", 1)] == everything[:1]
    assert [pair["reason"] for pair in pairs("identity_conflict")] == ["identity_conflict"]


def test_a_method_that_no_pair_has_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="guess") as caught:
        pairs("guess")
    assert "repaired_id" in str(caught.value.remedy)


def test_an_explained_pair_shows_no_personal_value_in_full() -> None:
    models = models_of(small().model)
    for kind in ("exact_id", "repaired_id", "identity_conflict"):
        said = "\n".join(pair_lines(pairs(kind), models, "zh"))
        documents = [pair_document(pair, models) for pair in pairs(kind)]
        said += json.dumps(documents, ensure_ascii=False)
        values = ("欧阳石头", "皇甫铁锤", "令狐大山", FIRST, SECOND, THIRD, SLIP, "1956-06-12", "103号")
        assert [value for value in values if value in said] == []


def test_an_explained_pair_adds_up_for_a_machine_too() -> None:
    (document,) = [pair_document(pair, models_of(small().model)) for pair in pairs("repaired_id")]
    total = document["prior"]["odds"] + sum(step["weight"] for step in document["steps"])
    assert document["steps"][-1]["total"] == document["odds"] == total
    assert document["odds"] >= document["thresholds"]["match"]
    assert document["sentence"]["zh"].startswith("身份证号有一处笔误，改正后一致")
    assert document["sentence"]["en"].endswith("therefore held to be the same person (above 99.999%).")
