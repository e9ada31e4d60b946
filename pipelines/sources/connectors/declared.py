"""Which connector a source has. Hosts, accounts and secret files differ from city to city, so a city may say its own.

`<HEDUI_SOURCES>/connectors/<source>.yaml` holds the settings alone (`kind: sftp` …) and replaces the `connector:` of
the source's YAML whole: half of two settings is nobody's. `kind: none` says that the source is delivered by hand.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from pipelines.base.errors import SpecInvalid
from pipelines.sources.connectors.settings import Connector, Database, HttpApi
from pipelines.sources.spec import load_spec, roots, source_names

_FOLDER = "connectors"
_BY_HAND = {"kind": "none"}
_SETTINGS: TypeAdapter[Connector] = TypeAdapter(Connector)


def connector_of(source: str) -> Connector | None:
    """How the source's deliveries are reached; None when they are brought by hand."""
    spec = load_spec(source)
    own = _own_files().get(source)
    found = _read(own) if own else spec.connector
    if found is not None and not spec.sign_off and not _speaks_for_today(found):
        raise SpecInvalid(
            "the connector brings a sign-off (rows, md5, day) and the source's YAML has an empty `sign_off`",
            place=source,
            remedy="write `sign_off: .ok` in the source's YAML",
        )
    return found


def _speaks_for_today(settings: Connector) -> bool:
    """An answer asked for today: without a sign-off nothing of it is lost, its day is that of the batch."""
    return isinstance(settings, (Database, HttpApi)) and settings.as_of == "today"


def _own_files() -> dict[str, Path]:
    """The city's own files by source; one for a source that does not exist is a slip of the pen."""
    files = {path.stem: path for root in roots()[1:] for path in sorted((root / _FOLDER).glob("*.yaml"))}
    if unknown := sorted(set(files) - set(source_names())):
        raise SpecInvalid(
            f"connectors for sources that do not exist: {unknown}",
            place=str(files[unknown[0]]),
            remedy="name each file after its source: hedui sources list",
        )
    return files


def _read(path: Path) -> Connector | None:
    return _parsed(path, path.read_text(encoding="utf-8"))


@cache
def _parsed(path: Path, text: str) -> Connector | None:
    try:
        raw: Any = yaml.safe_load(text)
        return None if raw == _BY_HAND else _SETTINGS.validate_python(raw)
    except yaml.YAMLError:
        # The parser's own words quote the line, which may hold what should not be there.
        raise SpecInvalid("not YAML", place=f"{_FOLDER}/{path.name}") from None
    except ValidationError as error:
        first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
        where = ".".join(str(part) for part in first["loc"])
        raise SpecInvalid(
            first["msg"],
            place=f"{_FOLDER}/{path.name} {where}",
            remedy="see docs/connectors.md",
        ) from None
