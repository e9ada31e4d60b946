"""The sign-in form: a user name and a password, and one answer for whatever was wrong."""

from __future__ import annotations

from flask import request
from flask_security.forms import LoginForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from pipelines.web.context import site
from pipelines.web.demo import PREFIX, is_loopback
from pipelines.web.store.accounts import Account

_LONGEST = 64


class SignInForm(LoginForm):
    """Flask-Security checks the password, and takes as long when nobody has the name."""

    email = None
    username = StringField(
        "username", validators=[DataRequired(), Length(max=_LONGEST)], render_kw={"autocomplete": "username"}
    )
    remember = None

    def validate(self, **kwargs: object) -> bool:
        name = (self.username.data or "").strip().lower()
        self.ifield = self.username
        if not name.startswith(PREFIX) or is_here():
            self.user = site().sessions.query(Account).filter(Account.username == name).first()
        return bool(super().validate(**kwargs))


def is_here() -> bool:
    """Whether the request came from this machine and through nothing that stands before the site."""
    return is_loopback(request.remote_addr) and not site().settings.is_behind_https
