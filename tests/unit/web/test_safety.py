"""Signing in and out, sessions, forged forms, limits, headers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from pipelines.base.fetch_errors import AccessDenied
from pipelines.web.app import create_app
from pipelines.web.demo import make_demo_accounts
from pipelines.web.store.accounts import ROLES
from pipelines.web.store.schema import ACCOUNT, LOOK, SESSION
from tests.fixtures.published import place
from tests.unit.web.parts import PASSWORD, settings, sign_in, site_of, small_site, token

CASE = "/cases/HD-202406-00001"


def cookie(client) -> str:  # type: ignore[no-untyped-def]
    found = client.get_cookie("hedui")
    return found.value if found else ""


def test_a_session_planted_before_signing_in_is_worth_nothing_after(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    planted = cookie(client)
    client.post("/sign-in", data={"username": "township", "password": PASSWORD, "csrf_token": token(page)})
    assert planted and cookie(client) and cookie(client) != planted
    thief = app.test_client()
    thief.set_cookie("hedui", planted)
    assert thief.get("/queue").status_code == 302


def test_signing_out_ends_the_session_for_whoever_has_the_key(app: Flask) -> None:
    client = sign_in(app, "township")
    kept = cookie(client)
    client.post("/sign-out", data={"csrf_token": token(client.get("/").get_data(as_text=True))})
    thief = app.test_client()
    thief.set_cookie("hedui", kept)
    assert thief.get("/queue").status_code == 302


def test_signing_out_by_a_link_from_elsewhere_does_nothing(app: Flask) -> None:
    client = sign_in(app, "township")
    assert client.get("/sign-out").status_code == 405
    assert client.get("/queue").status_code == 200


def test_all_sessions_of_an_account_end_at_once(app: Flask) -> None:
    here, there = sign_in(app, "supervisor"), sign_in(app, "supervisor")
    form = {"csrf_token": token(here.get("/account").get_data(as_text=True))}
    assert here.post("/account/sessions/end", data=form).status_code == 302
    assert here.get("/queue").status_code == 302
    assert there.get("/queue").status_code == 302


def test_the_table_of_sessions_holds_no_key_a_reader_could_use(app: Flask) -> None:
    client = sign_in(app, "township")
    with site_of(app).engine.connect() as connection:
        digests = set(connection.scalars(select(SESSION.c.key_digest)))
    assert digests and cookie(client) not in digests


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in",
        "/sign-out",
        "/account/sessions/end",
        f"{CASE}/members/P-0001/reveal",
        f"{CASE}/do/check",
        f"{CASE}/do/check/draft",
        f"{CASE}/assign",
        "/queue/unassigned",
        "/batches/new",
        "/batches/B-X/confirm",
        "/batches/B-X/drop",
        "/publicity",
    ],
)
def test_a_form_without_its_token_is_refused(app: Flask, path: str) -> None:
    answer = sign_in(app, "district").post(path, data={"reason": "other", "words": "x"})
    assert answer.status_code == 400


def test_the_same_answer_for_a_wrong_password_and_for_nobody(app: Flask) -> None:
    bodies = []
    for name in ("township", "nobody"):
        client = app.test_client()
        form = {"csrf_token": token(client.get("/sign-in").get_data(as_text=True))}
        answer = client.post("/sign-in", data={"username": name, "password": "wrong", **form})
        text = answer.get_data(as_text=True).replace(name, "")
        bodies.append((answer.status_code, "用户名或密码不正确" in text, "township" in text))
    assert bodies[0] == bodies[1] == (200, True, False)


def test_guessing_a_password_is_stopped_and_a_restart_does_not_help(tmp_path: Path) -> None:
    app = small_site(tmp_path, login_limit="3 per 15 minutes")
    assert [guess(app, "township") for _ in range(4)] == [200, 200, 200, 429]
    assert sign_in(app, "township").get("/queue").status_code == 302  # the right one waits too
    assert sign_in(app, "district").get("/queue").status_code == 200  # others do not
    again = create_app(site_of(app).settings)
    assert guess(again, "township") == 429


def guess(app: Flask, name: str) -> int:
    client = app.test_client()
    form = {"csrf_token": token(client.get("/sign-in").get_data(as_text=True))}
    return client.post("/sign-in", data={"username": name, "password": "wrong", **form}).status_code


def test_passwords_are_kept_as_argon2(app: Flask) -> None:
    with site_of(app).engine.connect() as connection:
        kept = list(connection.scalars(select(ACCOUNT.c.password)))
    assert kept and all(secret.startswith("$argon2id$") for secret in kept)


def test_pages_run_no_inline_script_and_are_kept_by_no_cache(app: Flask) -> None:
    answer = sign_in(app, "district").get(f"{CASE}/members")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.get_data(as_text=True)
    assert " style=" not in text and "<style" not in text and " onclick=" not in text


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(app: Flask) -> None:
    answer = app.test_client().get("/sign-in")
    assert "HttpOnly" in answer.headers["Set-Cookie"] and "SameSite=Lax" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "evil"])
def test_the_language_switch_leads_to_no_other_site(app: Flask, back: str) -> None:
    answer = app.test_client().get("/language/en", query_string={"back": back})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("way", ["//evil.example/", "https://evil.example/"])
def test_signing_in_leads_to_no_other_site(app: Flask, way: str) -> None:
    client = app.test_client()
    form = {"csrf_token": token(client.get("/sign-in").get_data(as_text=True))}
    answer = client.post(
        "/sign-in", query_string={"next": way}, data={"username": "auditor", "password": PASSWORD, **form}
    )
    assert "evil" not in answer.headers.get("Location", "")


def test_a_number_is_shown_for_a_reason_after_it_was_logged(app: Flask) -> None:
    client = sign_in(app, "village")
    form = {
        "reason": "other",
        "words": "to fill in the visit form",
        "csrf_token": token(client.get(f"{CASE}/members").get_data(as_text=True)),
    }
    answer = client.post(f"{CASE}/members/P-0001/reveal", data=form)
    assert answer.status_code == 200
    assert "730701195101010" in answer.get_data(as_text=True)
    assert answer.headers["Refresh"].startswith("60;")
    with site_of(app).engine.connect() as connection:
        row = connection.execute(select(LOOK).where(LOOK.c.kind == "reveal")).mappings().one()
    assert (row["username"], row["member_id"], row["reason"]) == (
        "village",
        "P-0001",
        "to fill in the visit form",
    )


def test_no_number_without_a_reason_or_of_another_household(app: Flask) -> None:
    client = sign_in(app, "district")
    form = {"csrf_token": token(client.get(f"{CASE}/members").get_data(as_text=True))}
    empty = client.post(f"{CASE}/members/P-0001/reveal", data={**form, "reason": "other", "words": "  "})
    other = client.post(f"{CASE}/members/P-0002/reveal", data={**form, "reason": "other", "words": "x"})
    assert (empty.status_code, other.status_code) == (422, 404)
    assert "7307011951" not in empty.get_data(as_text=True)


def test_revealing_number_after_number_is_stopped(tmp_path: Path) -> None:
    app = small_site(tmp_path, reveal_limit="2 per hour")
    client = sign_in(app, "district")
    form = {
        "csrf_token": token(client.get(f"{CASE}/members").get_data(as_text=True)),
        "reason": "other",
        "words": "x",
    }
    got = [client.post(f"{CASE}/members/P-0001/reveal", data=form).status_code for _ in range(3)]
    assert got == [200, 200, 429]


def test_the_access_log_takes_no_change_back(app: Flask) -> None:
    sign_in(app, "district").get(f"{CASE}/")
    with site_of(app).engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(LOOK))
        for statement in ("UPDATE web_look SET reason = 'x'", "DELETE FROM web_look"):
            with pytest.raises(DatabaseError, match="only ever added"):
                connection.exec_driver_sql(statement)


def test_demo_accounts_are_good_on_this_machine_alone(tmp_path: Path) -> None:
    app = small_site(tmp_path)
    made = {account.role: account for account in make_demo_accounts(app)}
    assert set(made) == set(ROLES)
    officer = made["village"]
    assert sign_in(app, officer.username, officer.password).get("/queue").status_code == 200
    far = app.test_client()
    form = {"csrf_token": token(far.get("/sign-in").get_data(as_text=True))}
    far.post(
        "/sign-in",
        data={"username": officer.username, "password": officer.password, **form},
        environ_base={"REMOTE_ADDR": "10.0.0.7"},
    )
    assert far.get("/queue").status_code == 302


def test_demo_accounts_made_again_have_new_passwords_and_end_old_sessions(tmp_path: Path) -> None:
    app = small_site(tmp_path)
    first = make_demo_accounts(app)[0]
    client = sign_in(app, first.username, first.password)
    again = make_demo_accounts(app)[0]
    assert again.username == first.username and again.password != first.password
    assert client.get("/queue").status_code == 302


def test_a_real_place_gets_no_demo_accounts(tmp_path: Path) -> None:
    chosen = replace(settings(tmp_path), where=place(tmp_path, "yunxi"))
    with pytest.raises(AccessDenied):
        make_demo_accounts(create_app(chosen))


def test_health_says_nothing_of_anybody(app: Flask) -> None:
    for path in ("/healthz", "/readyz"):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.get_data(as_text=True)) == (200, "ok\n")
