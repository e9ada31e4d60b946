"""Keeps the queue on the month that was published last."""

from __future__ import annotations

import threading

import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from pipelines.lineage.published import latest
from pipelines.web.context import Site
from pipelines.web.store.projection import project, projected_run

_EVERY_SECONDS = 60


def show_latest(site: Site) -> int | None:
    """Project the newest publication unless the queue shows it already; how many cases are open then, or nothing."""
    jurisdiction = site.settings.where.jurisdiction
    month = latest(site.lake, site.ledger, jurisdiction)
    if month is None or projected_run(site.engine, jurisdiction) == month.run_id:
        return None
    return project(site.engine, month, site.settings.review_workdays)


def keep_latest(site: Site, stop: threading.Event, every: float = _EVERY_SECONDS) -> None:
    """Look for a newer publication now and then, until told to stop. A rival that was quicker is no fault."""
    log = structlog.get_logger("hedui.web")
    while not stop.wait(every):
        try:
            opened = show_latest(site)
        except (IntegrityError, OperationalError) as error:
            log.warning("queue_not_renewed", cause=type(error).__name__)
            continue
        if opened is not None:
            log.info("queue_renewed", cases=opened)


def start_keeping(site: Site) -> threading.Event:
    """The same beside the site, in a thread that ends with it."""
    stop = threading.Event()
    threading.Thread(target=keep_latest, args=(site, stop), daemon=True).start()
    return stop
