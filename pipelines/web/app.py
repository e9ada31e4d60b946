"""The review site as one Flask application: safe by construction, or it does not start."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_security import Security
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from pipelines.store import migrate
from pipelines.store.lake import Lake
from pipelines.store.ledger import Ledger
from pipelines.store.vault import open_vault
from pipelines.web import areas, limiting, showing, words
from pipelines.web.context import Site
from pipelines.web.policy import enforce
from pipelines.web.settings import WebSettings
from pipelines.web.sign_in import SignInForm
from pipelines.web.store.accounts import datastore_on, ensure_roles, sessions_on
from pipelines.web.store.sessions import DatabaseSessions, renew_at_sign_in

_CONTENT_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
_WORDS = ("words", "present", "receiver")  # what a person may have written at length
_MOST_BYTES = 2 * 1024 * 1024


def create_app(settings: WebSettings) -> Flask:
    """The site on these settings. Every route has a policy when this returns."""
    app = Flask("pipelines.web", static_folder="static", template_folder="templates")
    app.config.update(_config(settings))
    if settings.is_behind_https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    _open_store(app, settings)
    _fit_templates(app)
    words.speak(app)
    _secure(app, settings)
    for blueprint in areas.BLUEPRINTS:
        app.register_blueprint(blueprint)
    limiting.limit(app, settings)
    enforce(app)
    _answer_errors(app)
    return app


def _config(settings: WebSettings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret,
        "MAX_CONTENT_LENGTH": _MOST_BYTES,
        "SESSION_COOKIE_NAME": "__Host-hedui" if settings.is_behind_https else "hedui",
        "SESSION_COOKIE_SECURE": settings.is_behind_https,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
        "SECURITY_PASSWORD_SALT": settings.secret,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"username": {"mapper": str, "case_insensitive": True}}],
        "SECURITY_RETURN_GENERIC_RESPONSES": False,  # the page has one answer for all
        "SECURITY_REGISTERABLE": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_VERIFY_URL": "/sign-in/again",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_TWO_FACTOR": True,  # for who sets it up
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_SETUP_URL": "/account/second-factor",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/sign-in/lost",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/account",
        "SECURITY_TWO_FACTOR_ERROR_VIEW": "/sign-in",
        "SECURITY_TOTP_SECRETS": {"1": settings.secret},
        "SECURITY_TOTP_ISSUER": settings.brand[1],
        "SECURITY_REDIRECT_ALLOW_SUBDOMAINS": False,
        "SECURITY_USE_REGISTER_V2": True,
    }


def _open_store(app: Flask, settings: WebSettings) -> None:
    ledger = Ledger(settings.where.ledger)
    migrate.upgrade(ledger.engine, migrate.WEB)
    sessions = sessions_on(ledger.engine)
    web_sessions = DatabaseSessions(ledger.engine, settings.session_minutes)
    app.session_interface = web_sessions
    app.extensions["hedui"] = Site(
        settings=settings,
        ledger=ledger,
        lake=Lake(settings.where.lake_root, open_vault(settings.where)),
        sessions=sessions,
        web_sessions=web_sessions,
    )

    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        sessions.remove()


def _fit_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(showing.common)


def _secure(app: Flask, settings: WebSettings) -> None:
    CSRFProtect(app)
    datastore = datastore_on(app.extensions["hedui"].sessions)
    Security(app, datastore, login_form=SignInForm)
    with app.app_context():
        ensure_roles(datastore)
    renew_at_sign_in(app)
    Talisman(
        app,
        force_https=settings.is_behind_https,
        strict_transport_security=settings.is_behind_https,
        session_cookie_secure=settings.is_behind_https,
        content_security_policy=_CONTENT_POLICY,
        frame_options="DENY",
        referrer_policy="same-origin",
        permissions_policy={"camera": "()", "microphone": "()", "geolocation": "()"},
    )

    @app.after_request
    def _not_kept(response: Response) -> Response:
        # Nothing about a household stays in a shared computer's cache; style and script may.
        if not response.headers.get("Cache-Control") or response.mimetype == "text/html":
            response.headers["Cache-Control"] = "no-store"
        return response


def _answer_errors(app: Flask) -> None:
    @app.errorhandler(CSRFError)
    def _expired(_error: CSRFError) -> tuple[str, int]:
        typed = {name: text for name, text in request.form.items() if name in _WORDS and text.strip()}
        return render_template("error.html", status=400, kind="expired", typed=typed), 400

    @app.errorhandler(RateLimitExceeded)
    def _too_many(_error: RateLimitExceeded) -> tuple[str, int]:
        return render_template("error.html", status=429, kind="too_many"), 429

    @app.errorhandler(HTTPException)
    def _refused(error: HTTPException) -> tuple[str, int] | HTTPException:
        if error.response is not None or error.code is None or error.code < HTTPStatus.BAD_REQUEST:
            return error
        kind = {403: "forbidden", 404: "not_found"}.get(error.code, "other")
        return render_template("error.html", status=error.code, kind=kind), error.code
