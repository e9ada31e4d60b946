"""Accounts to try the site with: one a role, two where four eyes are asked for, with fresh passwords, good on this machine alone."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from typing import cast

from flask import Flask
from flask_security import SQLAlchemySessionUserDatastore, hash_password
from sqlalchemy import select

from pipelines.base.fetch_errors import AccessDenied
from pipelines.base.period import now
from pipelines.web.context import Site
from pipelines.web.store.accounts import Account
from pipelines.web.store.schema import TALLY

PREFIX = "demo-"
_PASSWORD_BYTES = 9
# Account → name. Two at the levels where one person may not do everything alone.
_NAMES = {
    "village": "村级演示",
    "township": "镇级演示",
    "township-2": "镇级演示二",
    "district": "区级演示",
    "district-2": "区级演示二",
    "supervisor": "督查演示",
    "engineer": "数据演示",
    "auditor": "审计演示",
    "admin": "管理演示",
}


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """What is printed, once."""

    username: str
    password: str
    role: str
    area: str


def make_demo_accounts(app: Flask) -> list[DemoAccount]:
    """The accounts of _NAMES; making them again gives new passwords and ends their sessions."""
    site: Site = app.extensions["hedui"]
    jurisdiction = site.settings.where.jurisdiction
    if not jurisdiction.startswith("demo"):
        raise AccessDenied(
            "demo accounts are for demo jurisdictions alone",
            place=jurisdiction,
            remedy="an administrator makes accounts for a real one",
        )
    town, village = _busiest(site, jurisdiction)
    with app.app_context():
        datastore = app.extensions["security"].datastore
        return [_one(datastore, site, name, town, village) for name in _NAMES]


def is_loopback(address: str | None) -> bool:
    """Whether a request came from this machine."""
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _one(
    datastore: SQLAlchemySessionUserDatastore, site: Site, name: str, town: str, village: str
) -> DemoAccount:
    username, password, role = (
        f"{PREFIX}{name}",
        secrets.token_urlsafe(_PASSWORD_BYTES),
        name.split("-", maxsplit=1)[0],
    )
    own_town = town if role in ("village", "township") else ""
    own_village = village if role == "village" else ""
    found = cast("Account | None", datastore.find_user(username=username))
    if found is None:
        datastore.create_user(
            username=username,
            display_name=_NAMES[name],
            password=hash_password(password),
            town=own_town,
            village=own_village,
            active=True,
            created_at=now(),
            roles=[role],
        )
    else:
        found.password, found.town, found.village = hash_password(password), own_town, own_village
    datastore.commit()  # type: ignore[no-untyped-call]  # one writer at a time: the sessions are ended by another connection
    if found is not None:
        site.web_sessions.end_all_of(found.fs_uniquifier)
    return DemoAccount(
        username=username, password=password, role=role, area=f"{own_town} {own_village}".strip()
    )


def _busiest(site: Site, jurisdiction: str) -> tuple[str, str]:
    """The village with the most open cases, so that there is something to look at."""
    query = (
        select(TALLY.c.town, TALLY.c.village)
        .where(TALLY.c.jurisdiction == jurisdiction, TALLY.c.code == "")
        .order_by(TALLY.c.cases.desc(), TALLY.c.town, TALLY.c.village)
    )
    with site.engine.connect() as connection:
        row = connection.execute(query).first()
    return (row.town, row.village) if row else ("", "")
