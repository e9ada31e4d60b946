"""Whether the site runs and whether it can answer: for machines, without personal data."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pipelines.web.context import site
from pipelines.web.policy import public

AREA = Blueprint("health", __name__)


@AREA.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return _plain("ok", 200)


@AREA.get("/readyz")
@public
def ready() -> Response:
    """The ledger answers and the lake's folder is there."""
    try:
        with site().engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return _plain("the ledger does not answer", 503)
    return _plain("ok", 200) if site().lake.root.is_dir() else _plain("the lake is not there", 503)


def _plain(body: str, status: int) -> Response:
    return Response(body + "\n", status=status, mimetype="text/plain")
