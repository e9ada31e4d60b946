"""Settings for the registry on loopback in its two forms, and one fetch from it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipelines.sources.connectors.authorisation import Authorisation
from pipelines.sources.connectors.fetch import fetch
from pipelines.sources.connectors.fetched import Fetched
from pipelines.sources.connectors.settings import HttpApi
from tests.unit.sources.connectors.deliveries import secret
from tests.unit.sources.connectors.registry_server import APP_KEY, APP_SECRET, RID, SID, RegistryServer

NATIONAL: dict[str, Any] = {
    "path": "/national/query",
    "person": {"name_field": "xm", "id_field": "zjhm", "authorisation_field": "wsbh"},
    "signing": {"kind": "hmac", "requester": RID, "service": SID, "token_path": "/national/token"},
    "paging": {"kind": "offset", "size": 3},
    "answer": {
        "code_fields": ["status", "code"],
        "good_codes": ["success", "0"],
        "total_field": "result.total",
        "rows_field": "result.rows",
        "expired_codes": ["E-105"],
        "denied_codes": ["E-101"],
    },
}
PROVINCIAL: dict[str, Any] = {
    "path": "/provincial/query",
    "person": {"name_field": "name", "id_field": "cardId", "authorisation_field": "sqwsbh"},
    "signing": {
        "kind": "md5",
        "app_key": APP_KEY,
        "key_path": "/provincial/by_key",
        "refresh_path": "/provincial/by_secret",
    },
    "paging": {"kind": "numbered", "size": 3},
    "answer": {
        "good_codes": ["00"],
        "total_field": "dataCount",
        "rows_field": "datas",
        "expired_codes": ["E-105"],
        "denied_codes": ["E-101"],
    },
}
FORMS = {"national": NATIONAL, "provincial": PROVINCIAL}


def settings_for(registry: RegistryServer, folder: Path, form: dict[str, Any], **changes: Any) -> HttpApi:
    key = folder / "app-secret"
    if not key.exists():
        secret(folder, APP_SECRET + b"\n", name="app-secret")
    limits = {"calls": 1000, "seconds_per_read": 0.2, **changes.pop("limits", {})}
    signing = {**form["signing"], "secret_file": str(key), **changes.pop("signing", {})}
    stated = {
        "kind": "http_api",
        "url": registry.url,
        **form,
        "signing": signing,
        "limits": limits,
        **changes,
    }
    return HttpApi.model_validate(stated)


def ask(
    registry: RegistryServer,
    inbox: Path,
    people: Iterable[Authorisation],
    form: dict[str, Any] = NATIONAL,
    **changes: Any,
) -> Fetched:
    """Fetch source `bank` for 2024-06."""
    settings = settings_for(registry, inbox.parent, form, **changes)
    return fetch(
        settings,
        source="bank",
        month="2024-06",
        inbox=inbox,
        authorisations=people,
        clock=registry.clock.clock,
    )
