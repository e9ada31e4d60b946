"""Looks at people's data and files that leave, written to the ledger before they are shown or put in place.

What cannot be recorded is not shown. Ids of households, members, flags and records are kept, never a number or a name.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from pipelines.base.actor import actor, purpose_of
from pipelines.base.ids import digest_file
from pipelines.base.log import redact
from pipelines.base.settings import Where
from pipelines.lineage.trace import Node
from pipelines.run.month import Run
from pipelines.run.shop import open_shop
from pipelines.store.accessed import Access, Export

_LONGEST_ITEM = 400


class Write(Protocol):
    """Writes a whole file at a path that is free."""

    def __call__(self, path: Path, /) -> None: ...


def look(
    run: Run,
    *,
    verb: str,
    item: str,
    households: Iterable[str] = (),
    members: Iterable[str] = (),
    purpose: str | None = None,
) -> str:
    """Record that the households or members of a run are about to be shown; the row's id."""
    who = actor()
    return run.shop.ledger.add_access(
        Access(
            jurisdiction=run.jurisdiction,
            run_id=run.run_id,
            month=str(run.period),
            verb=verb,
            item=redact(item)[:_LONGEST_ITEM],
            households=sorted(set(households)),
            members=sorted(set(members)),
            actor=who.name,
            os_user=who.os_user,
            purpose=redact(purpose_of(purpose)),
        )
    )


def write_out(
    out: Path,
    write: Write,
    *,
    run: Run | None = None,
    where: Mapping[str, object] | None = None,
    verb: str,
    item: str,
    rows: int,
    columns: Iterable[str] = (),
    purpose: str | None = None,
) -> str:
    """Write a file, record its digest, put it in place: none stands under its name unrecorded. The row's id."""
    said = redact(purpose_of(purpose))
    who = actor()
    shop = run.shop if run else open_shop(Where.of(where))
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        write(unfinished)
        recorded = shop.ledger.add_export(
            Export(
                jurisdiction=run.jurisdiction if run else shop.where.jurisdiction,
                run_id=run.run_id if run else None,
                month=str(run.period) if run else None,
                verb=verb,
                item=redact(item)[:_LONGEST_ITEM],
                file_digest=digest_file(unfinished),
                rows=rows,
                columns=list(columns),
                actor=who.name,
                os_user=who.os_user,
                purpose=said,
            )
        )
        unfinished.replace(out)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    return recorded


def people_of(node: Node) -> tuple[set[str], set[str]]:
    """The households and members a trace shows."""
    households, members = set(), set()
    if node.table == "household":
        households.add(node.record_id)
    if node.table == "household_member":
        members.add(node.record_id)
    households |= {node.row["household_id"]} if node.row.get("household_id") else set()
    members |= {node.row["member_id"]} if node.row.get("member_id") else set()
    for parent in node.parents:
        above = people_of(parent)
        households |= above[0]
        members |= above[1]
    return households, members


def access_rows(
    where: Mapping[str, object] | None = None,
    *,
    household: str | None = None,
    name: str | None = None,
    month: str | None = None,
) -> list[dict[str, Any]]:
    """Looks and files, oldest first. `month` is the calendar month in UTC in which it happened.

    Files name no household: with `household` only looks are listed (`hedui subject` says which files held one).
    """
    shop = open_shop(Where.of(where))
    looks = shop.ledger.accesses(shop.where.jurisdiction)
    files = [] if household else shop.ledger.exports(shop.where.jurisdiction)
    rows = [
        {"kind": "look", "id": one.own_id, "at": _utc(one.at), **vars(one.said)}
        for one in looks
        if household is None or household in one.said.households
    ]
    rows += [{"kind": "export", "id": one.own_id, "at": _utc(one.at), **vars(one.said)} for one in files]
    kept = [
        row
        for row in rows
        if name in (None, row["actor"], row["os_user"]) and (month is None or row["at"].startswith(month))
    ]
    return sorted(kept, key=lambda row: (row["at"], row["kind"], row["id"]))


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"
