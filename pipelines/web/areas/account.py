"""One's own account: who one is here, where one is signed in, and the language."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_security import current_user, logout_user
from werkzeug.wrappers import Response

from pipelines.web.context import site
from pipelines.web.policy import allows, public
from pipelines.web.store.accounts import ROLES
from pipelines.web.words import remember

AREA = Blueprint("account", __name__)


@AREA.get("/account")
@allows(*ROLES, scope="account")
def show() -> str:
    """Name, roles, area."""
    return render_template("account.html")


@AREA.post("/account/sessions/end")
@allows(*ROLES, scope="account")
def end_sessions() -> Response:
    """End every session of this account, this one too."""
    account = current_user.get_id()
    logout_user()
    site().web_sessions.end_all_of(account)
    return redirect(url_for("security.login"))


@AREA.get("/language/<chosen>")
@public
def language(chosen: str) -> Response:
    """Keep a language and go back to the page; only a page of this site."""
    back = request.args.get("back", "/")
    is_here = back.startswith("/") and not back.startswith(("//", "/\\"))
    answer = redirect(back if is_here else "/")
    remember(answer, chosen, is_secure=site().settings.is_behind_https)  # type: ignore[arg-type]
    return answer
