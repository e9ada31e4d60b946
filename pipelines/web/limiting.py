"""How often something may be tried: counted by user name, address or account, in the database."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, Response, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import current_user

from pipelines.web.settings import WebSettings
from pipelines.web.store.rates import DatabaseRates


def limit(app: Flask, settings: WebSettings) -> None:
    """Put the limits on the views that need them."""
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=f"{DatabaseRates.STORAGE_SCHEME[0]}://",
        storage_options=cast("dict[str, Any]", {"engine": app.extensions["hedui"].engine}),
    )
    views = cast("dict[str, Any]", app.view_functions)
    by_name = limiter.limit(settings.login_limit, key_func=_tried_name, methods=["POST"], deduct_when=_failed)
    by_address = limiter.limit(settings.address_limit, methods=["POST"])
    views["security.login"] = by_name(by_address(views["security.login"]))
    by_holder = limiter.limit(
        settings.login_limit, key_func=_half_signed_in, methods=["POST"], deduct_when=_failed
    )
    views["security.two_factor_token_validation"] = by_holder(views["security.two_factor_token_validation"])
    reveal = views["cases.reveal"]
    limited = limiter.limit(settings.reveal_limit, key_func=_account, methods=["POST"])(reveal)
    limited.__policy__ = reveal.__policy__
    views["cases.reveal"] = limited


def _failed(response: Response) -> bool:
    """A sign-in that was right leads somewhere else; only the wrong ones count."""
    return not response.location


def _tried_name() -> str:
    return f"name:{request.form.get('username', '').strip().lower()[:64]}"


def _half_signed_in() -> str:
    return f"code:{session.get('tf_user_id', get_remote_address())}"


def _account() -> str:
    return f"account:{current_user.get_id()}"
