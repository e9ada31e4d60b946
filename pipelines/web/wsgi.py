"""For gunicorn: `gunicorn 'pipelines.web.wsgi:app()'`. Places and secrets come from the environment."""

from __future__ import annotations

from flask import Flask

from pipelines.base.settings import Where
from pipelines.web.app import create_app
from pipelines.web.projecting import show_latest, start_keeping
from pipelines.web.settings import from_environment


def app() -> Flask:
    """The site, showing the latest published month."""
    made = create_app(from_environment(Where.of()))
    show_latest(made.extensions["hedui"])
    start_keeping(made.extensions["hedui"])
    return made
