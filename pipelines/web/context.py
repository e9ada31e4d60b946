"""What every part of the site reaches for: settings, the store, the month it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app
from sqlalchemy import Engine

from pipelines.lineage.published import PublishedMonth, opened
from pipelines.store.lake import Lake
from pipelines.store.ledger import Ledger
from pipelines.web.settings import WebSettings
from pipelines.web.store.accounts import Sessions
from pipelines.web.store.sessions import DatabaseSessions


@dataclass(frozen=True, kw_only=True)
class Site:
    """One running site."""

    settings: WebSettings
    ledger: Ledger
    lake: Lake
    sessions: Sessions
    web_sessions: DatabaseSessions

    @property
    def engine(self) -> Engine:
        return self.ledger.engine

    def month(self, run_id: str) -> PublishedMonth | None:
        """A run's month."""
        return opened(self.lake, self.ledger, run_id)


def site() -> Site:
    """The site that answers this request."""
    return cast(Site, current_app.extensions["hedui"])
