"""Which verdicts are in force, and that a run keeps to those it was opened with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import StoreCorrupt
from pipelines.run.judging import (
    Targets,
    approved_targets,
    in_force,
    judgement_key,
    judgements_table,
    target_key,
    targets_of,
)
from pipelines.s4_link.judgements import VERDICTS
from pipelines.store.judged import Approval, Judgement
from pipelines.store.ledger import Ledger
from tests.unit.run.judged_parts import said


def _standing(given_verdicts: list[Judgement]) -> dict[str, str]:
    return {one.record_likeness: one.verdict for one in in_force(given_verdicts).verdicts.values()}


def test_the_latest_verdict_on_what_was_judged_wins() -> None:
    assert _standing([said(1, "positive"), said(2, "negative")]) == {"1": "negative"}
    assert _standing([said(1, "negative"), said(2, "negative", "2")]) == {"1": "negative", "2": "negative"}


def test_an_unsure_verdict_after_a_negative_one_lifts_it() -> None:
    assert _standing([said(1, "negative"), said(2, "unsure")]) == {}
    assert in_force([said(1, "negative"), said(2, "unsure")]).until == 2


def test_a_verdict_said_again_and_an_unsure_one_on_an_open_pair_change_nothing() -> None:
    first = in_force([said(1, "negative")])
    again = in_force([said(1, "negative"), said(2, "negative"), said(3, "unsure", "2")])
    assert (again.until, again.digest) == (first.until, first.digest) == (1, first.digest)


_given = st.lists(st.tuples(st.sampled_from(VERDICTS), st.sampled_from("123")), max_size=12)


@given(_given)
def test_what_is_in_force_is_what_was_in_force_at_the_last_change(words: list[tuple[str, str]]) -> None:
    verdicts = [said(at, *word) for at, word in enumerate(words, start=1)]
    now = in_force(verdicts)
    then = in_force(verdicts[: now.until])
    assert then.digest == now.digest
    last = {about: verdict for verdict, about in words}
    assert _standing(verdicts) == {about: verdict for about, verdict in last.items() if verdict != "unsure"}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    opened = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    opened.add_run("R1", "demo", "2026-10", {}, {"vehicle": ("used", "")})
    return opened


def _run(ledger: Ledger) -> Any:
    """A run opened now."""
    key = {"judgements": judgement_key(ledger, "demo"), "link_targets": target_key(ledger, "demo")}
    return SimpleNamespace(run_id="R1", jurisdiction="demo", key=key, shop=SimpleNamespace(ledger=ledger))


def test_before_anybody_judges_a_run_depends_on_no_verdict(ledger: Ledger) -> None:
    assert judgement_key(ledger, "demo") is None
    assert judgements_table(_run(ledger)) is None
    older = _run(ledger)
    older.key = {}
    assert judgements_table(older) is targets_of(older) is None


def test_a_verdict_given_while_a_month_runs_waits_for_the_next_run(ledger: Ledger) -> None:
    ledger.add_judgement(said(1, "negative"))
    run = _run(ledger)
    ledger.add_judgement(said(2, "unsure"))
    ledger.add_judgement(said(3, "positive", "2"))
    table = judgements_table(run)
    assert table is not None
    assert [(row["record"]["place"], row["verdict"]) for row in table.to_pylist()] == [("1", "negative")]
    later = judgements_table(_run(ledger))
    assert later is not None
    assert [(row["record"]["place"], row["verdict"]) for row in later.to_pylist()] == [("2", "positive")]


def test_the_verdicts_of_another_place_say_nothing_here(ledger: Ledger) -> None:
    ledger.add_judgement(said(1, "negative", jurisdiction="yunxi"))
    assert judgement_key(ledger, "demo") is None


def test_a_lifted_verdict_makes_another_run_than_the_one_before_it_was_given(ledger: Ledger) -> None:
    ledger.add_judgement(said(1, "negative"))
    ledger.add_judgement(said(2, "unsure"))
    run = _run(ledger)
    assert run.key["judgements"]["until"] == 2
    assert judgements_table(run) is None


def test_another_ledger_than_the_runs_own_is_noticed(ledger: Ledger) -> None:
    ledger.add_judgement(said(1, "negative"))
    run = _run(ledger)
    run.key["judgements"] = run.key["judgements"] | {"in_force": "other"}
    with pytest.raises(StoreCorrupt, match="not those the run was opened with"):
        judgements_table(run)


def test_a_run_keeps_the_targets_approved_when_it_was_opened(ledger: Ledger) -> None:
    approval = Approval(
        jurisdiction="demo",
        run_id="R1",
        match_error="1/512",
        review_error="7/8",
        effect=[],
        approved_by="王主任",
        reason="会议纪要",
    )
    assert approved_targets(ledger, "demo") is None
    ledger.add_approval(approval)
    run = _run(ledger)
    ledger.add_approval(replace(approval, match_error="1/64"))
    assert targets_of(run) == Targets(match_error=(1, 512), review_error=(7, 8))
    assert approved_targets(ledger, "demo") == Targets(match_error=(1, 64), review_error=(7, 8))
    assert approved_targets(ledger, "yunxi") is None
