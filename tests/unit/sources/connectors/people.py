"""Made-up people of county 730101 (a code that no county has) and their authorisations."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipelines.sources.connectors.authorisation import Authorisation


def person(number: int, **changes: Any) -> Authorisation:
    stated: dict[str, Any] = {
        "name": f"试{number}",
        "id_no": f"7301011990010{number:05d}",
        "authorisation_no": f"SQ{number:04d}",
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2024, 12, 31),
        "scope": "all",
    }
    return Authorisation(**{**stated, **changes})
