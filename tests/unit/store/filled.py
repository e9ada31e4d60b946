"""A small ledger with at least one row in every table, written by the product's own words where it has some."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Table

from pipelines.store.accessed import Access, Export
from pipelines.store.appending import append, writing
from pipelines.store.judged import Approval, Judgement
from pipelines.store.ledger import LandingRow, Ledger, Release
from pipelines.store.papers import PaperRow, keep_papers
from pipelines.store.retained import Erasure, KeptRow, Order, add_erasures, add_hold, release_hold
from pipelines.store.schema import CASE_STEP, DETERMINATION, NOTICE, OBJECTION, REVIEW_CASE

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LANDING = LandingRow(
    landing_key="k" * 64,
    source="vehicle",
    delivery="vehicle/20261006_01",
    files_digest="f",
    code_digest="c",
    status="refused",
    cause="WrongEncoding",
    reason="byte 7 is no GB18030",
    received_at=date(2026, 10, 6),
    as_of=date(2026, 10, 5),
    part="",
    physical_lines=10,
    accepted_records=9,
    quarantine_rows=1,
    manifest_digest="m",
    person_records=9,
    valid_ids=8,
    repeated_ids=1,
    profile={"vehicle": {"columns": {"牌号": [1, 2]}}},
)
ERASED_ITEM = "lake/month/demo/2020-10/R0/compose"
SAID = {
    "jurisdiction": "demo",
    "run_id": "R1",
    "reason": "查档",
}
JUDGEMENT = Judgement(
    **SAID,
    pair="L-1",
    record="vehicle/20261006_01/cars.csv#7",
    member_id="P-1",
    source="vehicle",
    table_name="vehicle",
    method="scored",
    outcome="match",
    probability_ppm=999_500,
    model="m",
    record_likeness="r",
    member_likeness="p",
    likeness={"record": {"name": "李卫东"}, "member": {"name": "李卫东"}},
    verdict="negative",
    judged_by="王主任",
)
APPROVAL = Approval(
    **SAID, match_error="1/512", review_error="7/8", effect=[{"matches": 9}], approved_by="王主任"
)
CASE = {
    "case_id": "C1",
    "jurisdiction": "demo",
    "household_id": "H-1",
    "run_id": "R1",
    "flags": ["F-1"],
    "opened_by": "张三",
    "opened_at": AT,
}
STEPS: dict[str, dict[str, Any]] = {
    kind: {
        "step_id": kind,
        "case_id": "C1",
        "kind": kind,
        "finding": "已入户",
        "taken_by": "李四",
        "taken_at": AT,
    }
    for kind in ("verification", "hearing", "note")
}
DECIDED: dict[str, Any] = {
    "determination_id": "D1",
    "case_id": "C1",
    "effect": "end",
    "verification_step": "verification",
    "hearing_step": "hearing",
    "reasons": "收入超过标准，已入户核实并听取陈述",
    "decided_by": "王五",
    "decided_at": AT,
    "replaces": None,
}
USED = {"jurisdiction": "demo", "run_id": "R1", "month": "2026-10", "actor": "王主任", "os_user": "wang"}
ACCESS = Access(**USED, verb="trace", item="F-1", households=["H-1"], members=["P-1"], purpose="核实预警 F-1")  # type: ignore[arg-type]
EXPORT = Export(
    **USED, verb="export", item="flag", file_digest="a" * 64, rows=3, columns=["code"], purpose="审计"
)  # type: ignore[arg-type]

PAPER = PaperRow(
    code="ABCD-EFGH-JKLM-NPQR",
    kind="report",
    language="zh",
    jurisdiction="demo",
    month="2026-10",
    household_id="H-1",
    run_id="R1",
    pdf_digest="f" * 64,
    made_by="王主任",
)


def add(ledger: Ledger, table: Table, row: dict[str, Any]) -> int:
    with writing(ledger.engine) as connection:
        return append(connection, table, row)


def fill_case(ledger: Ledger) -> None:
    """A run, a case of it and its steps; nothing decided."""
    ledger.add_run(
        "R1",
        "demo",
        "2026-10",
        {"a": [1, "二"], "seen": {}},
        {"vehicle": ("refused", "byte 7"), "bank": ("used", "")},
    )
    add(ledger, REVIEW_CASE, CASE)
    for row in STEPS.values():
        add(ledger, CASE_STEP, row)


def fill(
    ledger: Ledger, *, landed: str = "m", staged: str = "d" * 64, file: str = "a" * 64, kept: str = "b" * 64
) -> None:
    """Rows in every table; the digests of a landing's and a stage's manifest, and of a delivered file."""
    ledger.add_landing(replace(LANDING, manifest_digest=landed), {"cars.csv": file})
    ledger.add_release(
        Release(delivery=LANDING.delivery, files_digest="f", released_by="李工", reason="the count is right")
    )
    fill_case(ledger)
    for stage in ("compose", "report"):
        ledger.add_stage("R1", stage, f"month/demo/2026-10/R1/{stage}", staged, {"household": 3}, 12)
    ledger.add_judgement(JUDGEMENT)
    ledger.add_approval(APPROVAL)
    ledger.add_access(ACCESS)
    ledger.add_export(EXPORT)
    ledger.publish("R1", "demo", "2026-10")
    add(ledger, DETERMINATION, DECIDED)
    again = DECIDED | {"determination_id": "D2", "effect": "keep", "replaces": "D1"}
    add(ledger, DETERMINATION, again | {"decided_by": "赵六"})
    notice = {"notice_id": "N1", "determination_id": "D1", "document_digest": "e" * 64, "way": "送达"}
    add(ledger, NOTICE, notice | {"served_by": "张三", "served_at": AT})
    objection = {"objection_id": "O1", "determination_id": "D1", "grounds": "收入算错了"}
    add(ledger, OBJECTION, objection | {"received_by": "张三", "received_at": AT})
    keep_papers(ledger.engine, [PAPER])
    fill_erasure(ledger, kept)


def fill_erasure(ledger: Ledger, kept: str) -> None:
    """A hold that was let go, and an order that erased an old partition and kept a household's part of it."""
    held = {"kind": "household", "subject": "H-1", "order_no": "法字1号", "reason": "诉讼", "held_by": "王五"}
    hold = add_hold(ledger.engine, **held)
    release_hold(ledger.engine, hold.hold_id, reason="已结案", released_by="赵六")
    order = Order(order_no="民字7号", as_of=date(2028, 1, 1), reason="到期", ordered_by="赵六")
    old = Erasure(item=ERASED_ITEM, digest="c" * 64, due=date(2022, 10, 31))
    row = KeptRow(partition="kept/demo/2026-10/R1/H-1", run_id="R1", household_id="H-1", manifest_digest=kept)
    add_erasures(ledger.engine, order, [old], [row])
