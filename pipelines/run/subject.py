"""The subject pack: what was asked about one person, found, shown, decided and looked at, over every published run.

Ids, sources, dates and states; the values themselves stand in the records it names (`hedui trace`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Table, select

from pipelines import contracts
from pipelines.base.errors import Erased, NotFound
from pipelines.base.settings import Where
from pipelines.run.keeping import table_about
from pipelines.run.month import Run, resume
from pipelines.run.published import read_table
from pipelines.run.shop import Shop, open_shop
from pipelines.store.accessed import Access, Export, Recorded
from pipelines.store.schema import CASE_STEP, DETERMINATION, NOTICE, OBJECTION, REVIEW_CASE
from pipelines.wording.masking import mask_name

_PAIR = ("record_id", "record", "table_name", "source", "method", "probability_ppm")
_FLAG = ("record_id", "code", "track", "subject", "state", "first_month", "value", "limit", "unit")
_CANDIDATE = ("record_id", "kind", "subject", "consent")
_WHO = ("household_id", "member_id", "subject", "record_id", "record")
Rows = list[dict[str, Any]]


def subject_pack(
    household_id: str, member_id: str, where: Mapping[str, object] | None = None
) -> tuple[Run, dict[str, Any]]:
    """The latest run that lists the person, and the pack. NotFound when no published run does."""
    shop = open_shop(Where.of(where))
    published = [row for row in shop.ledger.publications() if row["jurisdiction"] == shop.where.jurisdiction]
    runs = [resume(row["run_id"], where) for row in published]
    listed = [run for run in runs if _member(run, household_id, member_id)]
    if not listed:
        raise NotFound(
            f"no published run lists [{member_id}] in [{household_id}]",
            place=f"{shop.where.home} {shop.where.jurisdiction}",
            remedy="both ids stand in `hedui export household_member` (record_id P-…, household_id H-…)",
        )
    months = [_month(run, household_id, member_id) for run in listed]
    records = {pair["record"] for month in months for pair in (*month["matches"], *month["reviews"])}
    return listed[-1], {
        "jurisdiction": shop.where.jurisdiction,
        "household_id": household_id,
        "member_id": member_id,
        "name": mask_name(_member(listed[-1], household_id, member_id)[0]["name"] or ""),
        "months": months,
        "decided": _decided(shop, household_id, member_id),
        "looks": [_look(one) for one in _looks(shop, household_id, member_id)],
        "files": [
            _file(one)
            for one in shop.ledger.exports(shop.where.jurisdiction)
            if _holds(one.said, {household_id, member_id, *records}, where)
        ],
    }


def _member(run: Run, household_id: str, member_id: str) -> Rows:
    members = table_about(run, "household_member", household_id)
    found = _rows(members, "record_id", {member_id})
    return [row for row in found if row["household_id"] == household_id]


def _month(run: Run, household_id: str, member_id: str) -> dict[str, Any]:
    (standing,) = _rows(table_about(run, "member_authorisation", household_id), "member_id", {member_id})
    status = _rows(table_about(run, "source_status", household_id), "household_id", {household_id})
    is_open = {"all", *standing["scope"]} if "all" in standing["scope"] else set(standing["scope"])
    return {
        "month": str(run.period),
        "run_id": run.run_id,
        "authorisation": {
            "standing": standing["standing"],
            "scope": standing["scope"],
            "forms": [one for one in standing["derived_from"] if one != member_id],
        },
        "queried": [
            {"source": row["source"], "as_of": row["as_of"]}
            for row in status
            if row["as_of"] and ("all" in is_open or row["source"] in is_open)
        ],
        "matches": _pairs(run, "linked_match", household_id, member_id, _PAIR),
        "reviews": _pairs(run, "linked_review", household_id, member_id, (*_PAIR, "reason")),
        "flags": _about(run, "flag", household_id, member_id, _FLAG),
        "candidates": _about(run, "candidate", household_id, member_id, _CANDIDATE),
    }


def _pairs(run: Run, table: str, household_id: str, member_id: str, columns: Collection[str]) -> Rows:
    found = _rows(table_about(run, table, household_id), "member_id", {member_id})
    return [{name: row[name] for name in columns} for row in found]


def _about(run: Run, table: str, household_id: str, member_id: str, columns: Collection[str]) -> Rows:
    """Of the household as a whole and of this member; what concerns another member alone stays out."""
    found = _rows(table_about(run, table, household_id), "household_id", {household_id})
    return [{name: row[name] for name in columns} for row in found if row["subject"] in ("", member_id, None)]


def _rows(table: pa.Table, column: str, wanted: Collection[str]) -> Rows:
    chosen = table.filter(pc.is_in(table[column], value_set=pa.array(sorted(wanted), pa.string())))
    return list(chosen.to_pylist())


def _decided(shop: Shop, household_id: str, member_id: str) -> dict[str, Rows]:
    judged = [
        {
            "judgement_id": said.judgement_id,
            "pair": said.pair,
            "verdict": said.verdict,
            "judged_by": said.judged_by,
            "judged_at": said.judged_at.isoformat() if said.judged_at else None,
            "reason": said.reason,
        }
        for said in shop.ledger.judgements(shop.where.jurisdiction)
        if said.member_id == member_id
    ]
    cases = [
        row
        for row in _ledger_rows(shop, REVIEW_CASE, "household_id", {household_id})
        if row["jurisdiction"] == shop.where.jurisdiction
    ]
    own = {row["case_id"] for row in cases}
    determinations = _ledger_rows(shop, DETERMINATION, "case_id", own)
    theirs = {row["determination_id"] for row in determinations}
    return {
        "judgements": judged,
        "cases": cases,
        "steps": _ledger_rows(shop, CASE_STEP, "case_id", own),
        "determinations": determinations,
        "notices": _ledger_rows(shop, NOTICE, "determination_id", theirs),
        "objections": _ledger_rows(shop, OBJECTION, "determination_id", theirs),
    }


def _ledger_rows(shop: Shop, table: Table, column: str, wanted: Collection[str]) -> Rows:
    query = select(table).where(table.c[column].in_(sorted(wanted))).order_by(*table.primary_key)
    with shop.ledger.engine.connect() as connection:
        found = [dict(row) for row in connection.execute(query).mappings()]
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in found
    ]


def _looks(shop: Shop, household_id: str, member_id: str) -> list[Recorded[Access]]:
    return [
        one
        for one in shop.ledger.accesses(shop.where.jurisdiction)
        if household_id in one.said.households or member_id in one.said.members
    ]


def _look(one: Recorded[Access]) -> dict[str, Any]:
    said = one.said
    return {"at": one.at.isoformat(), "by": said.actor, "os_user": said.os_user, "verb": said.verb} | {
        "item": said.item,
        "purpose": said.purpose,
    }


def _file(one: Recorded[Export]) -> dict[str, Any]:
    said = one.said
    return {"at": one.at.isoformat(), "by": said.actor, "os_user": said.os_user, "verb": said.verb} | {
        "item": said.item,
        "month": said.month,
        "sha256": said.file_digest,
        "purpose": said.purpose,
    }


def _holds(said: Export, wanted: Collection[str], where: Mapping[str, object] | None) -> bool:
    """Whether the exported table of that run holds the person; files of several tables or of erased ones count as such."""
    if said.run_id is None or said.item not in {contract.name for contract in contracts.ALL}:
        return True
    try:
        table = read_table(resume(said.run_id, where), said.item)
    except Erased:
        return True
    ids = pa.array(sorted(wanted), pa.string())
    named = [name for name in _WHO if name in table.column_names]
    return any(pc.any(pc.is_in(table[name], value_set=ids)).as_py() for name in named)
