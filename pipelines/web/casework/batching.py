"""Confirming a batch: each household gets its own determination, and each that cannot have one is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.exc import DatabaseError

from pipelines.base.ids import short_id
from pipelines.base.period import now
from pipelines.base.site_errors import CaseChanged, MoveRefused, OtherPersonNeeded
from pipelines.store.appending import writing
from pipelines.web.casework.acting import Act, Person, perform
from pipelines.web.context import Site
from pipelines.web.store.batches import MOST_IN_BATCH, Row, end, note_result, stage
from pipelines.web.store.moves import case_now


def stage_batch(
    site: Site, by: Person, code: str, effect: str, words: str, chosen: Sequence[tuple[str, int]]
) -> str:
    """A batch of cases that stand as they were looked at; its number. One that changed stops it before anything is kept."""
    if not 0 < len(chosen) <= MOST_IN_BATCH or len(set(chosen)) != len(chosen):
        raise MoveRefused(f"a batch has 1 to {MOST_IN_BATCH} cases", place="batch")
    at = now()
    batch_id = short_id("B", by.username, at.isoformat(), *(case_no for case_no, _ in chosen))
    batch = {
        "batch_id": batch_id,
        "jurisdiction": site.settings.where.jurisdiction,
        "code": code,
        "effect": effect,
        "words": words,
        "staged_by": by.username,
        "staged_at": at,
    }
    with writing(site.engine) as connection:
        for case_no, version in chosen:
            case = case_now(connection, case_no)
            fits = (case["state"], case["proposed"]) == ("district_review", effect) and code in case["codes"]
            if case["version"] != version or not fits:
                raise CaseChanged("it changed since the list was made", place=case_no)
        stage(connection, batch, chosen)
    return batch_id


def confirm_batch(
    site: Site, by: Person, batch: Row, cases: Sequence[Row], today: date
) -> dict[str, list[str]]:
    """Confirm each case that still stands as it was staged; the case numbers by what became of them."""
    if batch["staged_by"].lower() == by.username.lower():
        raise OtherPersonNeeded("a batch of one's own", place=batch["batch_id"])
    try:
        with writing(site.engine) as connection:
            end(connection, batch["batch_id"], "confirmed", by.username)
    except DatabaseError:
        raise OtherPersonNeeded("the database refused it", place=batch["batch_id"]) from None
    became: dict[str, list[str]] = {"confirmed": [], "changed": [], "own_work": []}
    for case in cases:
        act = Act(
            action="confirm",
            case_no=case["case_no"],
            version=case["staged_version"],
            by=by,
            content={"words": batch["words"], "batch": batch["batch_id"]},
            flags=(),
            today=today,
        )
        result = _one(site, act)
        became[result].append(case["case_no"])
        with writing(site.engine) as connection:
            note_result(connection, batch["batch_id"], case["case_no"], result)
    return became


def _one(site: Site, act: Act) -> str:
    try:
        perform(site, act)
    except OtherPersonNeeded:
        return "own_work"
    except (CaseChanged, MoveRefused):
        return "changed"
    return "confirmed"
