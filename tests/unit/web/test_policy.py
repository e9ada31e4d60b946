"""Deny by default: every route × role × ownership, and no route without a policy."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from pipelines.base.site_errors import SiteMisbuilt
from pipelines.web.policy import allows, check_policies, policy_of
from pipelines.web.store.accounts import ROLES
from pipelines.web.store.schema import CASE, LOOK
from tests.unit.web.parts import PEOPLE, sign_in, site_of

MINE, OTHERS = "HD-202406-00001", "HD-202406-00002"  # 东河街道, 白水镇
# What opens (200) for whom; everybody else is sent to sign in, refused (403) or told there is no such page (404).
READERS = {"village", "township", "district", "supervisor", "auditor"}
WHOLE = {"district", "supervisor", "auditor"}
EVERYBODY = set(PEOPLE)
TABLE: dict[str, set[str]] = {
    "/": EVERYBODY,
    "/account": EVERYBODY,
    "/queue": READERS | {"elsewhere"},
    **{f"/cases/{MINE}/{page}": READERS for page in ("", "members", "evidence", "lineage")},
    **{f"/cases/{OTHERS}/{page}": WHOLE | {"elsewhere"} for page in ("", "members", "evidence", "lineage")},
    **{f"/cases/{MINE}/{page}": READERS for page in ("notices",)},
    **{f"/cases/{OTHERS}/{page}": WHOLE | {"elsewhere"} for page in ("notices",)},
    "/batches": WHOLE - {"auditor"} | {"township", "elsewhere"},
    "/publicity": WHOLE - {"auditor"} | {"township", "elsewhere"},
    "/phase-out": WHOLE - {"auditor"} | {"township", "elsewhere"},
    "/queue/unassigned": {"supervisor"},
    "/cases/HD-209901-00001/": set(),
    "/cases/HD-202406-00001' OR '1'='1/": set(),
}
CASES_NOBODY_SEES = {"engineer", "admin"}


def test_the_cases_of_the_small_month_stand_where_these_tests_think(app: Flask) -> None:
    with site_of(app).engine.connect() as connection:
        towns = {row.case_no: row.town for row in connection.execute(select(CASE.c.case_no, CASE.c.town))}
    assert towns[MINE] == "东河街道"
    assert towns[OTHERS] == "白水镇"


@pytest.mark.parametrize("name", PEOPLE)
def test_each_role_opens_what_the_table_says_and_nothing_else(app: Flask, name: str) -> None:
    client = sign_in(app, name)
    got = {path: client.get(path).status_code for path in TABLE}
    refusal = 403 if name in CASES_NOBODY_SEES else 404
    expected = {
        path: 200 if name in who else (refusal if path.startswith("/cases/") else 403)
        for path, who in TABLE.items()
    }
    assert got == expected


@pytest.mark.parametrize("path", TABLE)
def test_who_is_not_signed_in_is_sent_to_sign_in(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=")


def test_a_reveal_is_for_officers_alone_and_only_of_their_own_cases(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        got = {
            name: sign_in_without_token(app, name)
            .post(f"/cases/{MINE}/members/P-0001/reveal", data={"reason": ""})
            .status_code
            for name in PEOPLE
        }
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    allowed = {"village", "township", "district", "supervisor"}
    assert {name for name, status in got.items() if status == 422} == allowed
    assert got["elsewhere"] == 404
    assert {got[name] for name in ("engineer", "auditor", "admin")} == {403}


def sign_in_without_token(app: Flask, name: str):  # type: ignore[no-untyped-def]
    client = app.test_client()
    client.post("/sign-in", data={"username": name, "password": "correct horse battery"})
    return client


def test_every_route_has_a_policy_and_names_known_roles(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint)
        assert policy is not None, rule.rule
        assert policy.roles <= set(ROLES)


def test_only_these_routes_are_open_to_anybody(app: Flask) -> None:
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if (policy := policy_of(app, rule.endpoint)) and policy.scope == "public"
    }
    assert found == {
        "/static/<path:filename>",
        "/healthz",
        "/readyz",
        "/sign-in",
        "/sign-in/code",
        "/language/<chosen>",
        "/verify/",
        "/verify/<code>",
    }


def test_a_new_route_without_a_policy_does_not_start() -> None:
    app = Flask("new")
    app.view_functions["static"].__policy__ = None  # type: ignore[attr-defined]
    app.add_url_rule("/new", "new", lambda: "")
    with pytest.raises(SiteMisbuilt, match="no policy"):
        check_policies(app)


def test_a_route_with_a_case_that_forgets_the_area_does_not_start() -> None:
    app = Flask("new")
    view = allows("district", scope="area")(lambda case_no: case_no)
    app.add_url_rule("/cases/<case_no>/new", "new", view)
    with pytest.raises(SiteMisbuilt, match="scoped by case"):
        check_policies(app)


def test_a_refused_look_is_logged_like_a_granted_one(app: Flask) -> None:
    sign_in(app, "elsewhere").get(f"/cases/{MINE}/")
    with site_of(app).engine.connect() as connection:
        kinds = connection.execute(
            select(LOOK.c.kind, LOOK.c.case_no, LOOK.c.household_id)
            .where(LOOK.c.username == "elsewhere")
            .order_by(LOOK.c.look_id.desc())
        ).first()
    assert kinds is not None
    assert tuple(kinds) == ("refused", MINE, "")
