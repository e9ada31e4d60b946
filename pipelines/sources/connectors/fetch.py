"""Fetch what a registry offers into the drop folder, through whichever connector its source declares."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.base.log import get_logger
from pipelines.sources.connectors.authorisation import Authorisation
from pipelines.sources.connectors.batch import SourceInbox, source_inbox
from pipelines.sources.connectors.clock import Clock, machine_clock
from pipelines.sources.connectors.fetched import Fetched
from pipelines.sources.connectors.settings import Connector, Database, DropFolder, Sftp


def fetch(
    settings: Connector,
    *,
    source: str,
    month: str,
    inbox: Path,
    authorisations: Iterable[Authorisation] = (),
    clock: Clock | None = None,
    sign_off: str = ".ok",
) -> Fetched:
    """One delivery into `<inbox>/<source>/`, whole or not at all. `sign_off` is the inbox's suffix for the source."""
    with source_inbox(inbox, source, sign_off) as held:
        fetched = _fetch(settings, held, month, authorisations, clock or machine_clock())
    get_logger().info(
        "fetched",
        source=source,
        connector=settings.kind,
        delivery=fetched.delivery,
        files=len(fetched.files),
        rows=fetched.rows,
        requests=fetched.requests,
        remaining=fetched.remaining,
        not_sent=fetched.not_sent,
    )
    return fetched


def _fetch(
    settings: Connector, inbox: SourceInbox, month: str, authorisations: Iterable[Authorisation], clock: Clock
) -> Fetched:
    # Each connector's library is loaded only by the sources that use it.
    if isinstance(settings, DropFolder):
        from pipelines.sources.connectors.folder import fetch_folder

        return fetch_folder(settings, inbox=inbox, month=month)
    if isinstance(settings, Sftp):
        from pipelines.sources.connectors.sftp import fetch_sftp

        return fetch_sftp(settings, inbox=inbox, month=month)
    if isinstance(settings, Database):
        from pipelines.sources.connectors.database import fetch_database

        return fetch_database(settings, inbox=inbox, month=month, today=clock.now().date())
    from pipelines.sources.connectors.http_api import fetch_http

    return fetch_http(settings, inbox=inbox, month=month, authorisations=authorisations, clock=clock)
