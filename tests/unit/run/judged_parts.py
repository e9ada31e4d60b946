"""Verdicts as the ledger keeps them."""

from __future__ import annotations

from typing import Any

from pipelines.store.judged import Judgement


def said(sequence: int, verdict: str = "positive", about: str = "1", **other: Any) -> Judgement:
    """The verdict number `sequence` on the pair of likenesses `about`."""
    person = {"name": "李卫东", "id_no": None, "birth_date": None, "sex": None, "place": about}
    values: dict[str, Any] = {
        "jurisdiction": "demo",
        "run_id": "R1",
        "pair": f"L-{about}",
        "record": f"vehicle/20261006_01/cars.csv#{about}",
        "member_id": "P-1",
        "source": "vehicle",
        "table_name": "vehicle",
        "method": "scored",
        "outcome": "match",
        "probability_ppm": 999_500,
        "model": None,
        "record_likeness": about,
        "member_likeness": "p",
        "likeness": {"record": person, "member": person},
        "verdict": verdict,
        "judged_by": "王主任",
        "reason": "查档",
        "judgement_id": f"J-{sequence}",
        "sequence": sequence,
    }
    return Judgement(**(values | other))
