"""A site over the small month, and people who sign in to it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select
from werkzeug.test import TestResponse

from pipelines.base.period import now
from pipelines.web.app import create_app
from pipelines.web.context import Site
from pipelines.web.projecting import show_latest
from pipelines.web.settings import WebSettings
from pipelines.web.store.schema import CASE
from tests.fixtures.published import place, publish
from tests.unit.s7_report.tables import TOWNS, assessed, month, table

PASSWORD = "correct horse battery"  # noqa: S105
PEOPLE: dict[str, tuple[str, str, str]] = {
    "village": ("village", TOWNS[1], "河西村"),
    "township": ("township", TOWNS[1], ""),
    "elsewhere": ("township", TOWNS[0], ""),
    "district": ("district", "", ""),
    "supervisor": ("supervisor", "", ""),
    "engineer": ("engineer", "", ""),
    "auditor": ("auditor", "", ""),
    "admin": ("admin", "", ""),
}
# More officers, for what one person may not do alone; `both` has two levels' roles.
COLLEAGUES: dict[str, tuple[str, str, str]] = {
    "township2": ("township", TOWNS[1], ""),
    "district2": ("district", "", ""),
    "both": ("township district", TOWNS[1], ""),
}
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def settings(home: Path, **changed: Any) -> WebSettings:
    return replace(WebSettings(where=place(home), secret="for tests only " * 3), **changed)


def small_site(home: Path, **changed: Any) -> Flask:
    """The site over two months of which the second is shown, with one account a role."""
    chosen = settings(home, **changed)
    before = [
        assessed(number, "keep", counted_income=10000 * number, paid_amount=60000) for number in range(1, 12)
    ]
    earlier = month(assessed_households=table("assessed_household", before))
    publish(earlier, chosen.where, month="2024-05", run_id="R-BEFORE")
    publish(month(), chosen.where, month="2024-06", previous="R-BEFORE")
    app = create_app(chosen)
    show_latest(app.extensions["hedui"])
    people(app)
    return app


def people(app: Flask) -> None:
    """One account a role and some colleagues, all with the same password."""
    with app.app_context():
        store = app.extensions["security"].datastore
        secret = hash_password(PASSWORD)
        for name, (role, town, village) in (PEOPLE | COLLEAGUES).items():
            store.create_user(
                username=name,
                display_name=name,
                password=secret,
                town=town,
                village=village,
                active=True,
                created_at=now(),
                roles=role.split(),
            )
        store.commit()


def site_of(app: Flask) -> Site:
    found: Site = app.extensions["hedui"]
    return found


def token(page: str) -> str:
    """The first CSRF token of a page."""
    found = _TOKEN.search(page)
    assert found, page[:500]
    return found[1]


def sign_in(app: Flask, name: str, password: str = PASSWORD) -> FlaskClient:
    """A browser without a window, signed in."""
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    client.post("/sign-in", data={"username": name, "password": password, "csrf_token": token(page)})
    return client


def send(client: FlaskClient, case_no: str, action: str, **said: Any) -> TestResponse:
    """Open a form of a case as a person would, and send it with these answers."""
    path = f"/cases/{case_no}/do/{action}"
    page = client.get(path).get_data(as_text=True)
    hidden = {name: value for name, value in _HIDDEN.findall(page) if name in ("csrf_token", "version")}
    return client.post(path, data={**hidden, **said})


def row_of(app: Flask, case_no: str) -> dict[str, Any]:
    """A case as it stands."""
    with site_of(app).engine.connect() as connection:
        found = connection.execute(select(CASE).where(CASE.c.case_no == case_no)).mappings().one()
    return dict(found)
