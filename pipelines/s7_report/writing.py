"""Templates compiled once a language, and the few things every page is given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from pipelines.base.period import Period
from pipelines.wording.data import ReportData
from pipelines.wording.masking import safe_text
from pipelines.wording.texts import Language, Texts, texts

_HERE = Path(__file__).parent
PAGES_ROOT = _HERE / "pages"
_FIXED_MESSAGE = re.compile(r'\{\{ _\("([^"]+)"\) \}\}')


def _strong(value: str) -> Markup:
    return Markup("<strong>{}</strong>").format(value)


def _shown(value: object) -> object:
    """An empty figure is a dash on the page, never the word None."""
    return "—" if value is None else value


@cache
def template(language: Language, name: str) -> Template:
    """A compiled page in one language."""
    return _environment(language).get_template(name)


def _translated_source(name: str, t: Texts) -> str:
    """The template with its fixed messages already in the language: they are most of a page's expressions."""
    source = (PAGES_ROOT / name).read_text(encoding="utf-8")
    return _FIXED_MESSAGE.sub(lambda found: str(escape(t.gettext(found[1]))), source)


@cache
def _environment(language: Language) -> Environment:
    t = texts(language)
    environment = Environment(
        loader=FunctionLoader(lambda name: _translated_source(name, t)),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_shown,
    )
    environment.install_gettext_callables(t.gettext, t.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["strong"] = _strong
    return environment


def style() -> bytes:
    return (_HERE / "style.css").read_bytes()


@dataclass(frozen=True, kw_only=True)
class Site:
    """One language's half of the site."""

    language: Language
    common: dict[str, Any]

    @property
    def t(self) -> Texts:
        return texts(self.language)

    @property
    def prefix(self) -> str:
        return "" if self.language == "zh" else "en/"

    def page(self, path: str, name: str, **values: Any) -> tuple[str, bytes]:
        """One page: its path in the site and its bytes. `path` is relative to the language's root."""
        home = "../" * path.count("/")
        own = f"{self.prefix}{path}"
        assets = "../" * own.count("/")
        other = f"{assets}en/{path}" if self.language == "zh" else f"{assets}{path}"
        text = template(self.language, name).render(
            **self.common, t=self.t, home=home, assets=assets, other=other, **values
        )
        return own, text.encode()


def site(data: ReportData, period: Period, language: Language) -> Site:
    """The half of the site in one language."""
    t = texts(language)
    title = data.jurisdiction_title[0] if t.is_zh else data.jurisdiction_title[1]
    common = {
        "place": safe_text(title),
        "month": t.month(period),
        "previous_month": t.month(period.previous),
        "run_id": safe_text(data.run_id),
        "run_key": data.run_key[:12],
        "has_previous": data.previous is not None,
    }
    return Site(language=language, common=common)
