"""A registry's HTTP service asked in both forms: what is sent, what is kept, and who is never named."""

from __future__ import annotations

import json
import logging
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.base.errors import SecretUnsafe
from pipelines.base.fetch_errors import AccessDenied, CallsSpent, LookupNotAuthorised
from pipelines.s1_land.sign_off import check_md5, read_sign_off
from tests.unit.sources.connectors.asking import FORMS, NATIONAL, PROVINCIAL, ask
from tests.unit.sources.connectors.deliveries import md5_of, secret, seen
from tests.unit.sources.connectors.people import person
from tests.unit.sources.connectors.registry_server import APP_SECRET, RegistryServer

BATCH = "bank/20240705_01"


def accounts(count: int) -> Any:
    def of(fields: dict[str, Any]) -> list[dict[str, Any]]:
        who = fields.get("zjhm") or fields.get("cardId")
        return [{"zjhm": who, "khyh": f"试行{number}", "ye": f"{number}.10"} for number in range(count)]

    return of


def pages_of(inbox: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((inbox / BATCH).glob("*.json"))]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (3, 1), (4, 2), (9, 3)])
def test_all_pages_of_a_person_are_kept(
    registry: RegistryServer, inbox: Path, form: str, count: int, pages: int
) -> None:
    registry.records = accounts(count)
    found = ask(registry, inbox, [person(1)], FORMS[form])
    assert found.files == tuple(f"page_{number:04d}.json" for number in range(1, pages + 1))
    assert (found.delivery, found.rows, found.requests) == (BATCH, count, pages + 1)


def test_pages_are_kept_byte_for_byte_and_signed_with_their_records(
    registry: RegistryServer, inbox: Path
) -> None:
    registry.records = accounts(4)
    ask(registry, inbox, [person(1)])
    first, second = pages_of(inbox)
    assert json.loads(second)["result"]["rows"] == [{"zjhm": person(1).id_no, "khyh": "试行3", "ye": "3.10"}]
    for number, data, rows in ((1, first, 3), (2, second, 1)):
        name = f"page_{number:04d}.json"
        signed = read_sign_off((inbox / BATCH / f"{name}.ok").read_text(), file_name=name)
        check_md5(md5_of(data), signed, place="")
        assert (signed.rows, signed.as_of) == (rows, date(2024, 7, 5))


def test_the_records_may_come_as_a_text_that_is_json(registry: RegistryServer, inbox: Path) -> None:
    registry.records, registry.datas_as_text = accounts(5), True
    assert ask(registry, inbox, [person(1)], PROVINCIAL).rows == 5


@pytest.mark.parametrize("form", FORMS)
def test_each_call_bears_name_id_and_authorisation_number_in_the_body_and_none_in_the_url(
    registry: RegistryServer, inbox: Path, form: str
) -> None:
    registry.records = accounts(4)
    ask(registry, inbox, [person(1), person(2)], FORMS[form])
    names = FORMS[form]["person"]
    sent = [
        tuple(call.fields[names[field]] for field in ("name_field", "id_field", "authorisation_field"))
        for call in registry.page_calls()
    ]
    one, two = ((p.name, p.id_no, p.authorisation_no) for p in (person(1), person(2)))
    assert sent == [one, one, two, two]
    assert all("?" not in call.path and "7301" not in call.path for call in registry.received)


@pytest.mark.parametrize("form", FORMS)
def test_a_person_without_a_valid_authorisation_is_in_no_request_at_all(
    registry: RegistryServer, inbox: Path, form: str
) -> None:
    registry.records = accounts(1)
    people = [
        person(1),
        person(2, valid_to=date(2024, 7, 4)),
        person(3, valid_from=date(2024, 7, 6)),
        person(4, scope="tax"),
        person(5, withdrawn_date=date(2024, 7, 1)),
        person(6, authorisation_no=""),
    ]
    found = ask(registry, inbox, people, FORMS[form])
    wire = b"".join(call.raw + call.path.encode() + str(call.headers).encode() for call in registry.received)
    assert (found.not_sent, [one.name for one in found.asked]) == (5, ["试1"])
    assert person(1).id_no.encode() in wire
    for refused in people[1:]:
        assert refused.id_no.encode() not in wire


def test_when_nobody_may_be_asked_about_nothing_is_sent_and_nothing_is_left(
    registry: RegistryServer, inbox: Path
) -> None:
    found = ask(registry, inbox, [person(1, valid_to=date(2024, 1, 31))])
    assert (found.delivery, found.not_sent, registry.received) == (None, 1, [])
    assert seen(inbox) == []


@pytest.mark.parametrize("records", [1, 5])
def test_an_authorisation_that_ends_at_midnight_is_in_no_call_after_it(
    registry: RegistryServer, inbox: Path, records: int
) -> None:
    sent: list[tuple[date, str]] = []

    def of(fields: dict[str, Any]) -> list[dict[str, Any]]:
        sent.append((registry.clock.at.date(), fields["zjhm"]))
        return [{"number": number} for number in range(records)]

    registry.records, registry.token_seconds = of, 86_400
    registry.clock.at = registry.clock.at.replace(hour=23, minute=59, second=56)
    people = [person(number, valid_to=date(2024, 7, 5)) for number in range(1, 7)]
    found = ask(registry, inbox, people, limits={"calls": 1, "seconds": 1.0})
    assert registry.clock.at.date() == date(2024, 7, 6)
    assert {day for day, _ in sent} == {date(2024, 7, 5)}
    assert len(found.asked) == {1: 3, 5: 1}[records]
    assert found.not_sent == 6 - len(found.asked)
    assert found.rows == records * len(found.asked)


def test_several_people_go_in_one_call_each_with_their_own_number(
    registry: RegistryServer, inbox: Path
) -> None:
    registry.records = lambda fields: [{"zjhm": one["zjhm"]} for one in fields["people"]]
    asked = {**NATIONAL["person"], "list_field": "people", "per_call": 3}
    people = [person(number) for number in range(1, 6)]
    found = ask(registry, inbox, people, body="json", person=asked)
    assert (found.rows, len(found.files)) == (5, 2)
    sent = [one for call in registry.page_calls() for one in call.fields["people"]]
    assert [(one["zjhm"], one["wsbh"]) for one in sent] == [(p.id_no, p.authorisation_no) for p in people]


def test_the_month_and_fixed_fields_go_with_every_call(registry: RegistryServer, inbox: Path) -> None:
    ask(registry, inbox, [person(1)], fields={"cxny": "{month}", "sub": "许可-00757-001"})
    assert {(call.fields["cxny"], call.fields["sub"]) for call in registry.page_calls()} == {
        ("202406", "许可-00757-001")
    }


def test_the_signature_may_stand_in_the_body(registry: RegistryServer, inbox: Path) -> None:
    ask(registry, inbox, [person(1)], signing={"place": "body"})
    call = registry.page_calls()[0]
    assert "gjgxjhpt_sign" in call.fields and "gjgxjhpt_sign" not in call.headers


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_app_secret_is_access_denied_and_leaves_nothing(
    registry: RegistryServer, inbox: Path, form: str
) -> None:
    secret(inbox.parent, b"another-secret-of-32-bytes-long!", name="app-secret")
    with pytest.raises(AccessDenied, match="E-101"):
        ask(registry, inbox, [person(1)], FORMS[form])
    assert (registry.page_calls(), list((inbox / "bank").iterdir())) == ([], [])


def test_a_secret_that_others_can_read_is_not_used(registry: RegistryServer, inbox: Path) -> None:
    secret(inbox.parent, APP_SECRET, name="app-secret", mode=0o604)
    with pytest.raises(SecretUnsafe):
        ask(registry, inbox, [person(1)])
    assert registry.received == []


@pytest.mark.parametrize("form", FORMS)
def test_a_token_the_service_calls_ended_is_renewed_once_and_the_page_asked_again(
    registry: RegistryServer, inbox: Path, form: str
) -> None:
    registry.records, registry.faults = accounts(9), [None, "code E-105"]
    assert ask(registry, inbox, [person(1)], FORMS[form]).rows == 9
    renewals = {"national": ["token", "token"], "provincial": ["by_key", "by_secret"]}
    assert [path.rsplit("/", 1)[-1] for path in registry.token_calls()] == renewals[form]


def test_a_token_ended_twice_in_a_row_is_access_denied(registry: RegistryServer, inbox: Path) -> None:
    registry.faults = ["code E-105", "code E-105"]
    with pytest.raises(AccessDenied, match="just given"):
        ask(registry, inbox, [person(1)])
    assert len(registry.token_calls()) == 2


def test_a_token_is_renewed_before_it_ends(registry: RegistryServer, inbox: Path) -> None:
    registry.records, registry.token_seconds = accounts(1), 60
    people = [person(number) for number in range(1, 7)]
    ask(registry, inbox, people, limits={"calls": 1, "seconds": 20.0})
    assert len(registry.token_calls()) > 1
    assert len(registry.page_calls()) == 6  # none was sent under an ended token and again


def test_a_provincial_token_starts_anew_from_the_key_when_the_refresh_secret_has_ended(
    registry: RegistryServer, inbox: Path
) -> None:
    registry.records, registry.token_seconds = accounts(1), -86_400 + 10
    ask(registry, inbox, [person(1), person(2)], PROVINCIAL)
    assert {path.rsplit("/", 1)[-1] for path in registry.token_calls()} == {"by_key"}


def test_calls_keep_to_the_limit_tokens_included(registry: RegistryServer, inbox: Path) -> None:
    registry.records = accounts(9)
    at: list[float] = []
    given = registry.records
    registry.records = lambda fields: (at.append(registry.clock.elapsed), given(fields))[1]
    ask(registry, inbox, [person(1), person(2), person(3)], limits={"calls": 4, "seconds": 1.0})
    at = [0.0, *at]  # the token call came first
    assert len(at) == 10
    assert all(later >= first + 1.0 for first, later in zip(at, at[4:], strict=False))


def test_more_calls_than_the_fetch_may_make_leave_nothing(registry: RegistryServer, inbox: Path) -> None:
    registry.records = accounts(9)
    with pytest.raises(CallsSpent, match=r"more than \[3\] calls"):
        ask(registry, inbox, [person(1)], limits={"most_calls": 3})
    assert (len(registry.received), list((inbox / "bank").iterdir())) == (3, [])


def test_e_106_tells_that_the_look_up_is_not_authorised_and_nothing_else_of_the_answer(
    registry: RegistryServer, inbox: Path
) -> None:
    registry.faults = ["code E-106"]
    with pytest.raises(LookupNotAuthorised, match="E-106") as refusal:
        ask(registry, inbox, [person(1)])
    assert "张三" not in str(refusal.value) and "7301" not in str(refusal.value)
    assert refusal.value.exit_code == 74 and len(registry.page_calls()) == 1


def test_nothing_that_is_logged_names_a_person_a_secret_or_a_number(
    registry: RegistryServer, inbox: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    registry.records, registry.faults = accounts(4), ["500", None, "code E-105", "cut"]
    with caplog.at_level(logging.DEBUG):
        found = ask(registry, inbox, [person(1), person(2, scope="tax")])
    said = "".join(capfd.readouterr()) + caplog.text + repr(found)
    assert "fetched" in said
    secrets = [APP_SECRET.decode(), *(f"Working-Secret-{number}" for number in range(1, 4))]
    for hidden in ["试1", "试2", "7301", "SQ000", "试行", *secrets]:
        assert hidden not in said
