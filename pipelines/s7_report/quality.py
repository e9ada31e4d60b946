"""The engineers' page: failed checks as sentences first, then each source's score, then masked sample rows."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from pipelines.wording.cases import Row
from pipelines.wording.data import ReportData
from pipelines.wording.labels import CODES, DELIVERY_STATES, STATUS_REASONS, lenient, source_title
from pipelines.wording.masking import safe_table, short
from pipelines.wording.texts import Texts


def quality(data: ReportData, t: Texts) -> dict[str, Any]:
    """Everything the page's template reads."""
    results = safe_table(data.expectation_results).to_pylist()
    failed = [row for row in results if not row["success"]]
    failed.sort(key=lambda row: (row["consequence"] != "stop", -row["unexpected"], row["record_id"]))
    scores = [] if data.quality_scores is None else safe_table(data.quality_scores).to_pylist()
    samples = [] if data.quarantine_sample is None else data.quarantine_sample.to_pylist()
    return {
        "total": len(results),
        "failed": [_check(row, data, t) for row in failed],
        "scores": [_score(row, t) for row in sorted(scores, key=lambda row: row["source"])],
        "samples": _samples(samples, data, t),
    }


def sentence(suite: str, rule: str, data: ReportData, t: Texts) -> str:
    """The expectation as a sentence; its id where its suite is not the one of today."""
    said = data.rule_sentences.get((suite, rule))
    if said is None:
        return short(rule)
    return short(said[0] if t.is_zh else said[1])


def _check(row: Row, data: ReportData, t: Texts) -> dict[str, str]:
    return {
        "sentence": sentence(row["suite"], row["rule"], data, t),
        "rule": f"{short(row['suite'])} {short(row['rule'])}",
        "source": source_title(row["source"], t),
        "delivery": short(row["delivery"]),
        "observed": short(row["observed"]),
        "rows": t.number(row["unexpected"]),
        "consequence": lenient(CODES, row["consequence"], t),
        "owner": short(row["owner"]),
    }


def _score(row: Row, t: Texts) -> dict[str, Any]:
    status = row["status"]
    return {
        "source": source_title(row["source"], t),
        "status_code": status,
        "status": lenient(DELIVERY_STATES, status, t)
        if status in DELIVERY_STATES
        else lenient(STATUS_REASONS, status, t),
        "valid_id": _share(row["valid_id_permille"]),
        "quarantined": _share(row["quarantined_permille"]),
        "as_of": str(row["as_of"] or "—"),
        "age_days": row["age_days"],
        "lag_days": row["lag_days"],
        "late": row["is_late"],
        "loaded": _share(row["loaded_permille"]),
        "understood": _share(row["understood_permille"]),
        "checks": f"{row['checks_failed']} / {row['checks']}",
    }


def _share(permille: int | None) -> str:
    return "—" if permille is None else f"{permille // 10}.{permille % 10}%"


def _samples(rows: list[Row], data: ReportData, t: Texts) -> list[dict[str, Any]]:
    """Sample rows by delivery and rule."""
    suites: dict[str, str] = {}
    for suite, rule in sorted(data.rule_sentences):
        suites.setdefault(rule, suite)
    ordered = sorted(rows, key=lambda row: (row["delivery"], row["rule"], row["file_name"], row["row_no"]))
    return [
        {
            "title": source_title(delivery.split("/")[0], t),
            "delivery": short(delivery),
            "sentence": sentence(suites.get(rule, ""), rule, data, t),
            "rows": [
                {
                    "address": f"{short(row['file_name'])}#{row['row_no']}",
                    "cells": " | ".join(short(cell) for cell in row["cells"]),
                }
                for row in members
            ],
        }
        for (delivery, rule), members in groupby(ordered, key=lambda row: (row["delivery"], row["rule"]))
    ]
