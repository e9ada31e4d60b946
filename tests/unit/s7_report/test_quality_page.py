"""The quality page: what failed stands first as a sentence, then scores, then masked samples."""

from pipelines.s7_report import report
from tests.unit.s7_report.tables import MONTH, month, table

SCORE = {
    "record_id": "vehicle/2024-06=quality",
    "source": "vehicle",
    "month": "2024-06",
    "status": "held",
    "valid_id_permille": 944,
    "is_late": True,
    "checks": 2,
    "checks_failed": 1,
}
SAMPLE = {
    "record_id": "Q-1=sample",
    "source": "vehicle",
    "delivery": "vehicle/20240606_01",
    "file_name": "vehicle.csv",
    "row_no": 4,
    "rule": "vehicle_id_state",
    "cells": ["张**", "7" + "*" * 17, "<b>"],
}


def pages() -> tuple[str, str]:
    data = month(
        quality_scores=table("quality_score", [SCORE]),
        quarantine_sample=table("quarantine_sample", [SAMPLE]),
        rule_sentences={
            ("canonical/vehicle", "vehicle_id_state"): ("证件号应可识别", "id numbers can be read")
        },
    )
    documents = report(data=data, period=MONTH).documents
    return documents["quality.html"].decode(), documents["en/quality.html"].decode()


def test_a_failed_check_is_told_as_a_sentence_with_what_was_observed_and_who_answers() -> None:
    zh, en = pages()
    assert "证件号应可识别" in zh and "id numbers can be read" in en
    assert "3 of 98" in en and "data-engineering" in en


def test_failed_checks_stand_before_the_scores_and_the_samples_last() -> None:
    for page in pages():
        places = [page.index(f'id="{name}"') for name in ("failed", "scores", "samples")]
        assert places == sorted(places)


def test_the_score_names_its_three_dimensions_and_a_held_source() -> None:
    zh, _ = pages()
    assert all(word in zh for word in ("准确性", "实时性", "有效性", "94.4%", "暂缓使用", "迟"))


def test_sample_rows_are_masked_and_cannot_write_markup() -> None:
    _, en = pages()
    assert "vehicle.csv#4" in en and "7*****************" in en
    assert "&lt;b&gt;" in en and "<b>" not in en


def test_every_page_leads_to_the_quality_page() -> None:
    documents = report(data=month(), period=MONTH).documents
    assert b'href="quality.html"' in documents["index.html"]
    assert b"quality.html" in documents["en/index.html"]
