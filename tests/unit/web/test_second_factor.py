"""The second factor: set up by who wants it, asked from then on, and not to be guessed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP

from tests.unit.web.parts import PASSWORD, sign_in, small_site, token


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    return small_site(tmp_path, login_limit="3 per 15 minutes")


def set_up(app: Flask, name: str) -> str:
    """Switch it on as a person would; the key on their device."""
    client = sign_in(app, name)
    form = {"csrf_token": token(client.get("/account/second-factor").get_data(as_text=True))}
    page = client.post("/account/second-factor", data={"setup": "authenticator", **form}).get_data(
        as_text=True
    )
    key = re.search(r'class="govuk-body code">([^<]+)<', page)
    action = re.search(r'action="(/account/second-factor/[^"]+)"', page)
    assert key and action, page
    done = client.post(action[1], data={"code": code(key[1]), **form})
    assert done.headers["Location"] == "/account"
    return key[1]


def code(key: str) -> str:
    return str(TOTP(key=key.replace("-", "").replace(" ", "")).generate().token)


def by_password(app: Flask, name: str) -> tuple[FlaskClient, str]:
    client = app.test_client()
    form = token(client.get("/sign-in").get_data(as_text=True))
    client.post("/sign-in", data={"username": name, "password": PASSWORD, "csrf_token": form})
    return client, form


def test_the_password_alone_is_not_enough_any_more(site: Flask) -> None:
    key = set_up(site, "township")
    client, form = by_password(site, "township")
    assert client.get("/queue").status_code == 302
    wrong = client.post("/sign-in/code", data={"code": "000000", "csrf_token": form})
    assert "动态码不正确或已失效" in wrong.get_data(as_text=True)
    assert client.post("/sign-in/code", data={"code": code(key), "csrf_token": form}).status_code == 302
    assert client.get("/queue").status_code == 200
    assert sign_in(site, "district").get("/queue").status_code == 200  # nobody else is asked


def test_guessing_the_code_is_stopped(site: Flask) -> None:
    key = set_up(site, "township")
    client, form = by_password(site, "township")
    got = [
        client.post("/sign-in/code", data={"code": f"00000{n}", "csrf_token": form}).status_code
        for n in range(4)
    ]
    assert got == [200, 200, 200, 429]
    assert client.post("/sign-in/code", data={"code": code(key), "csrf_token": form}).status_code == 429


def test_no_code_is_asked_of_who_gave_no_password(site: Flask) -> None:
    client = site.test_client()
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in"
    assert client.get("/sign-in/lost").status_code == 404
