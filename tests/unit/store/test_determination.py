"""What the database itself demands of a determination, on SQLite and PostgreSQL alike."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from pipelines.store.ledger import Ledger
from pipelines.store.schema import CASE_STEP, DETERMINATION, REVIEW_CASE
from tests.unit.store.filled import AT, CASE, DECIDED, STEPS, add, fill_case


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    opened = Ledger(url)
    fill_case(opened)
    add(opened, REVIEW_CASE, CASE | {"case_id": "C2"})
    for kind in ("verification", "hearing"):
        add(opened, CASE_STEP, STEPS[kind] | {"step_id": f"{kind}-2", "case_id": "C2"})
        late = {"step_id": f"{kind}-late", "taken_at": AT + timedelta(seconds=1)}
        add(opened, CASE_STEP, STEPS[kind] | late)
    return opened


@pytest.mark.parametrize("effect", ["reduce", "suspend", "end"])
def test_aid_is_reduced_or_ended_after_a_verification_and_a_hearing_by_another_person(
    ledger: Ledger, effect: str
) -> None:
    assert add(ledger, DETERMINATION, DECIDED | {"effect": effect})


@pytest.mark.parametrize(
    "lacking",
    [
        pytest.param({"verification_step": None}, id="no verification"),
        pytest.param({"hearing_step": None}, id="no hearing"),
        pytest.param({"verification_step": "hearing"}, id="a hearing for a verification"),
        pytest.param({"hearing_step": "note"}, id="a note for a hearing"),
        pytest.param({"verification_step": "verification-2"}, id="a verification of another case"),
        pytest.param({"hearing_step": "hearing-2"}, id="a hearing of another case"),
        pytest.param({"verification_step": "verification-late"}, id="verified after the decision"),
        pytest.param({"hearing_step": "hearing-late"}, id="heard after the decision"),
        pytest.param({"verification_step": "nothing"}, id="a verification that is not there"),
        pytest.param({"decided_by": "李四"}, id="the verifier decides"),
        pytest.param({"decided_by": "李四 "}, id="the verifier with a space decides"),
        pytest.param({"decided_by": "　李四"}, id="the verifier with a wide space decides"),
        pytest.param({"decided_by": ""}, id="nobody decides"),
        pytest.param({"decided_by": None}, id="no name"),
        pytest.param({"reasons": ""}, id="no reasons"),
        pytest.param({"reasons": "   "}, id="reasons of spaces"),
        pytest.param({"reasons": None}, id="reasons missing"),
        pytest.param({"effect": "stop"}, id="an effect nobody knows"),
        pytest.param({"replaces": "D9"}, id="replaces one that is not there"),
    ],
)
@pytest.mark.parametrize("effect", ["reduce", "end"])
def test_without_any_one_of_them_the_database_refuses(
    ledger: Ledger, lacking: dict[str, Any], effect: str
) -> None:
    with pytest.raises(DBAPIError):
        add(ledger, DETERMINATION, DECIDED | {"effect": effect} | lacking)
    assert add(ledger, DETERMINATION, DECIDED | {"effect": effect})


def test_who_verified_does_not_decide_by_citing_anothers_verification(ledger: Ledger) -> None:
    add(ledger, CASE_STEP, STEPS["verification"] | {"step_id": "v3", "taken_by": "王五"})
    with pytest.raises(DBAPIError, match="a decider who did not verify"):
        add(ledger, DETERMINATION, DECIDED)


def test_keeping_aid_needs_a_name_and_reasons_but_no_hearing(ledger: Ledger) -> None:
    kept = DECIDED | {"effect": "keep", "verification_step": None, "hearing_step": None}
    assert add(ledger, DETERMINATION, kept)
    with pytest.raises(DBAPIError):
        add(ledger, DETERMINATION, kept | {"determination_id": "D2", "reasons": " "})


def test_a_determination_replaces_one_of_its_own_case(ledger: Ledger) -> None:
    add(ledger, DETERMINATION, DECIDED)
    again = DECIDED | {"determination_id": "D2", "replaces": "D1"}
    other = {"case_id": "C2", "verification_step": "verification-2", "hearing_step": "hearing-2"}
    with pytest.raises(DBAPIError, match="of this case to replace"):
        add(ledger, DETERMINATION, again | other)
    assert add(ledger, DETERMINATION, again)
