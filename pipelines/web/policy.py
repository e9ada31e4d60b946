"""Who may open what. A route without a declared policy does not start; one with a case in it always asks the area first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from flask import Flask, abort, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from pipelines.base.site_errors import SiteMisbuilt
from pipelines.web.context import site
from pipelines.web.store.accounts import ROLES
from pipelines.web.store.looks import Look, add_look
from pipelines.web.store.queue import Area, area_of, one_case

Scope = Literal["public", "account", "area", "case", "closed"]
View = TypeVar("View", bound=Callable[..., Any])
OFFICERS = ("village", "township", "district", "supervisor")
CASE_READERS = (*OFFICERS, "auditor")
_CASE_ARGUMENT = "case_no"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Roles that may open a route, and whose things it shows."""

    roles: frozenset[str]
    scope: Scope


PUBLIC = Policy(roles=frozenset(), scope="public")
ANYBODY_SIGNED_IN = Policy(roles=frozenset(ROLES), scope="account")
NOBODY = Policy(roles=frozenset(), scope="closed")
# Routes that are not ours.
_FOREIGN: Mapping[str, Policy] = {
    "static": PUBLIC,
    "security.login": PUBLIC,
    "security.logout": ANYBODY_SIGNED_IN,
    "security.verify": ANYBODY_SIGNED_IN,
    "security.two_factor_setup": ANYBODY_SIGNED_IN,
    "security.two_factor_setup_validate": ANYBODY_SIGNED_IN,
    "security.two_factor_token_validation": PUBLIC,  # between password and code nobody is signed in yet
    "security.tf_select": NOBODY,
    "security.two_factor_rescue": NOBODY,  # an administrator helps who lost the device
}


def allows(*roles: str, scope: Scope) -> Callable[[View], View]:
    """Declares a view's policy. `scope="case"` promises a case_no in the URL, and g.case to the view."""
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise SiteMisbuilt(f"no roles are called {sorted(unknown)}", place="policy")

    def declare(view: View) -> View:
        view.__policy__ = Policy(roles=frozenset(roles), scope=scope)  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Declares that anybody may open it, signed in or not."""
    view.__policy__ = PUBLIC  # type: ignore[attr-defined]
    return view


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The declared policy of a route."""
    if endpoint in _FOREIGN:
        return _FOREIGN[endpoint]
    declared: Policy | None = getattr(app.view_functions[endpoint], "__policy__", None)
    return declared


def check_policies(app: Flask) -> None:
    """Every route has a policy, and the ones with a case in their URL are scoped by case: or the site does not start."""
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint)
        if policy is None:
            raise SiteMisbuilt("a route has no policy", place=rule.rule, remedy="declare @allows or @public")
        if (_CASE_ARGUMENT in rule.arguments) != (policy.scope == "case"):
            raise SiteMisbuilt(
                "a route with a case is not scoped by case, or one without is", place=rule.rule
            )
        if policy.scope not in ("public", "closed") and not policy.roles:
            raise SiteMisbuilt("a route nobody may open", place=rule.rule, remedy="name the roles")


def enforce(app: Flask) -> None:
    """Ask the policy before every view."""
    check_policies(app)

    @app.before_request
    def _ask() -> Response | None:
        if request.endpoint is None:
            return None  # no such route: Flask answers 404
        policy = policy_of(app, request.endpoint)
        if policy is None or policy.scope == "closed":
            abort(404)
        if policy.scope == "public":
            return None
        if not current_user.is_authenticated:
            return redirect(url_for("security.login", next=_way_back()))
        if not policy.roles & current_user.role_names:
            _note("refused", _named_case())
            abort(403)
        if policy.scope == "case":
            _open_case()
        return None


def my_area() -> Area:
    """The area of whoever is signed in."""
    return area_of(
        current_user.role_names, current_user.town, current_user.village, site().settings.where.jurisdiction
    )


def _open_case() -> None:
    case_no = _named_case()
    found = one_case(site().engine, my_area(), case_no)
    if found is None:
        _note("refused", case_no)
        abort(404)
    g.case = found
    _note("look", case_no, found["household_id"])


def _named_case() -> str:
    return str((request.view_args or {}).get(_CASE_ARGUMENT, ""))[:32]


def _note(kind: str, case_no: str, household_id: str = "") -> None:
    look = Look(
        username=current_user.username,
        kind=kind,
        purpose=str(request.endpoint),
        case_no=case_no,
        household_id=household_id,
    )
    add_look(site().engine, look)


def _way_back() -> str:
    """Where to go after signing in: only what was asked for by GET can be asked for again."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
