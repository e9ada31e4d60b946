"""The linkage of a run as an engineer or auditor reads it: links, rules, weights, and the check with hidden numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import NotFound
from pipelines.s4_link import default_settings
from pipelines.s4_link.model import thousandths
from pipelines.s4_link.settings import Rates

Row = Mapping[str, Any]
Figures = dict[str, list[dict[str, Any]]]
MILLION = 1_000_000
_REACHED_BY = "reached by "


def link_figures(matches: pa.Table, reviews: pa.Table, link_model: pa.Table) -> Figures:
    """Every figure by section. Counts of several linkages are added up, weights shown from lowest to highest."""
    rows = link_model.sort_by([(name, "ascending") for name in ("table_name", "sources", "record_id")])
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in rows.to_pylist():
        by_kind[row["kind"]].append(row)
    return {
        "links": _links(matches, reviews),
        "rules": _rules(by_kind["rule"], by_kind["hidden"]),
        "hidden": _hidden(by_kind["hidden"]),
        "calibration": _calibration(by_kind["calibration"]),
        "models": _models([*by_kind["prior"], *by_kind["threshold"]]),
        "weights": _weights(by_kind["level"]),
    }


def of_table(found: pa.Table, table: str | None) -> pa.Table:
    """Only what is of one canonical table."""
    return found if table is None else found.filter(pc.equal(found["table_name"], table))


def pairs_of(kind: str, count: int, matches: pa.Table, reviews: pa.Table) -> list[Row]:
    """The first links of a method and reviews of a reason, by the pair's id; NotFound when there is none."""
    chosen = [
        *_first(matches.filter(pc.equal(matches["method"], kind)), count),
        *_first(reviews.filter(pc.equal(reviews["reason"], kind)), count),
    ]
    if not chosen:
        there = sorted({*matches["method"].unique().to_pylist(), *reviews["reason"].unique().to_pylist()})
        raise NotFound(
            f"no link or review of the run is called [{kind}]", remedy=f"one of {', '.join(there)}"
        )
    return sorted(chosen, key=lambda pair: str(pair["record_id"]))[:count]


def _first(pairs: pa.Table, count: int) -> list[Row]:
    return list(pairs.sort_by("record_id").slice(0, count).to_pylist())


def _links(matches: pa.Table, reviews: pa.Table) -> list[dict[str, Any]]:
    """One entry a source: matches by method, reviews by reason, reviews of all pairs in millionths."""
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: {"matches": {}, "reviews": {}})
    for name, table, column in (("matches", matches, "method"), ("reviews", reviews, "reason")):
        counted = table.group_by(["source", column]).aggregate([([], "count_all")])
        for row in counted.sort_by([("source", "ascending"), (column, "ascending")]).to_pylist():
            found[row["source"]][name][row[column]] = row["count_all"]
    return [{"source": source, **found[source]} | _shares(found[source]) for source in sorted(found)]


def _shares(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    matched, waiting = (sum(counts[name].values()) for name in ("matches", "reviews"))
    return {"review_share_ppm": waiting * MILLION // max(matched + waiting, 1)}


def _rules(rules: Iterable[Row], hidden: Iterable[Row]) -> list[dict[str, Any]]:
    """What each step or rule cost, and how many of the hidden numbers it reached."""
    found: dict[str, dict[str, Any]] = {}
    for row in rules:
        rule = found.setdefault(
            row["name"], {"rule": row["name"], "pairs": 0, "blocks_left_out": 0, "reached": {}}
        )
        rule[row["level"]] += row["count"]
    checked: dict[str, int] = defaultdict(int)
    for row in hidden:
        checked[row["name"]] += row["of"] if row["level"] == "reached" else 0
        name = row["level"].removeprefix(_REACHED_BY)
        if name in found and name != row["level"]:
            reached = found[name]["reached"]
            reached[row["name"]] = reached.get(row["name"], 0) + row["count"]
    for rule in found.values():
        rule["reached"] = {
            damage: {"count": count, "of": checked[damage]}
            for damage, count in sorted(rule["reached"].items())
        }
    return [found[name] for name in sorted(found, key=_rule_order)]


def _rule_order(name: str) -> tuple[int, str]:
    names = ["exact_id", "exact_id15", *(rule.name for rule in default_settings().blocking)]
    return (names.index(name) if name in names else len(names), name)


def _hidden(rows: Iterable[Row]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["level"].startswith(_REACHED_BY):
            continue
        empty = {"damage": row["name"], "rows": 0, "reached": 0, "matched": 0, "wrong": 0}
        entry = found.setdefault(row["name"], empty)
        entry[row["level"]] += row["count"]
        entry["rows"] += row["of"] if row["level"] == "reached" else 0
    return [found[name] for name in sorted(found)]


def _calibration(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Pairs by their log-odds: how many should be one person and how many are."""
    found: dict[tuple[str, float], dict[str, Any]] = {}
    for row in rows:
        least = None if row["level"] == "below" else int(row["level"])
        key = (row["name"], float("-inf") if least is None else least)
        empty = {"damage": row["name"], "least": least, "pairs": 0, "expected": 0, "found": 0}
        entry = found.setdefault(key, empty)
        entry["pairs"] += row["of"]
        entry["expected"] += row["expected_ppm"]
        entry["found"] += row["count"]
    return [{**found[key], "expected": round(found[key]["expected"] / MILLION)} for key in sorted(found)]


def _models(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Priors and thresholds of each linkage, in thousandths of a bit, and the counts behind them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["table_name"], row["sources"])
        common = {name: row[name] for name in ("table_name", "sources", "model")}
        entry = found.setdefault(key, common | {"priors": {}, "thresholds": {}, "counts": {}})
        if row["kind"] == "threshold":
            entry["thresholds"][row["name"]] = {"error": row["level"], "odds": row["weight"]}
        elif row["level"] == "odds":
            entry["priors"][row["name"]] = row["weight"]
        else:
            entry["counts"][row["level"]] = row["count"]
            if row["level"] == "with_number":
                entry["counts"]["rows"] = row["of"]
    return list(found.values())


def _weights(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Of each level the starting weight and what the linkages came to; rates where there is only one."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["name"], row["level"]].append(row)
    entries = []
    for field, levels in default_settings().fields.items():
        for level, said in levels.items():
            learned = found.get((field, level), [])
            if learned:
                entries.append({"field": field, "level": level} | _weight(said, learned))
    return entries


def _weight(said: int | Rates, rows: list[Row]) -> dict[str, Any]:
    weights = [row["weight"] for row in rows]
    only = rows[0] if len(rows) == 1 else None
    return {
        "is_learned": isinstance(said, Rates),
        "start": _start(said),
        "lowest": min(weights),
        "highest": max(weights),
        "count": sum(row["count"] for row in rows),
        "of": sum(row["of"] for row in rows),
        "m_ppb": only["m_ppb"] if only else None,
        "u_ppb": only["u_ppb"] if only else None,
    }


def _start(said: int | Rates) -> int | None:
    """None where the chance rate is counted in each run, so that there is nothing to start from."""
    if isinstance(said, Rates):
        return None if said.u is None else thousandths(Fraction(said.m, said.u))
    return said
