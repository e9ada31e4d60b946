"""Who stands behind a paper: the office's name, how to reach it, where its papers are checked.

Local facts, so a file of the office's own (HEDUI_OFFICE, YAML); without one only the place's name is said.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.base.errors import OfficeInvalid
from pipelines.wording.texts import Texts

_LOCAL_SITE = "http://127.0.0.1:8731"


class Office(BaseModel):
    """Names by language (zh, en); days are days a household has to come back on a finding."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Mapping[str, str] | None = None
    telephone: str = ""
    address: Mapping[str, str] = Field(default_factory=dict)
    hours: Mapping[str, str] = Field(default_factory=dict)
    site: str = Field(default=_LOCAL_SITE, pattern=r"^https?://[^\s/]+(/[^\s]*)?$")
    answer_days: int = Field(default=5, ge=1, le=60)

    def named(self, place: str, t: Texts) -> str:
        """The office's name, or what it is in this place."""
        if self.name is not None:
            return self.name[t.language]
        return t.gettext("%(place)s household economic status cross-check office") % {"place": place}

    def reached(self, t: Texts) -> str:
        """Telephone, address and hours in one line; empty where the office stated none."""
        said = [self.telephone, self.address.get(t.language, ""), self.hours.get(t.language, "")]
        return t.joined([part for part in said if part])

    def check_url(self, code: str) -> str:
        return f"{self.site.rstrip('/')}/verify/{code}"


def office() -> Office:
    """The office of HEDUI_OFFICE; OfficeInvalid names the field."""
    named = os.environ.get("HEDUI_OFFICE")
    return read_office(Path(named)) if named else Office()


def read_office(path: Path) -> Office:
    """An office's file."""
    try:
        stated: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Office.model_validate(stated)
    except OSError as error:
        raise OfficeInvalid(
            str(error), place=str(path), remedy="name the office's YAML in HEDUI_OFFICE"
        ) from error
    except yaml.YAMLError as error:
        raise OfficeInvalid(f"no YAML: {error}", place=str(path), remedy="see docs/papers.md") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "file"
        raise OfficeInvalid(
            f"{field}: {first['msg']}", place=str(path), remedy="see docs/papers.md"
        ) from error
