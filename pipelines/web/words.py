"""Two languages on every page: the site's own catalog first, then the one the sentences of a case come from.

English is the msgid; Chinese stands in locale/. Both catalogs are read as written, no compile step.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from flask import Flask, Response, g, request
from flask_babel import Babel

from pipelines.base.period import Period
from pipelines.wording.texts import LANGUAGES, Language, Texts, compiled, read_catalog, texts

PO_FILE = Path(__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "web.po"
COOKIE = "lang"
_YEAR_SECONDS = 365 * 24 * 3600
CHINA = timezone(timedelta(hours=8))
_BABEL_LOCALES = {"zh": "zh_Hans_CN", "en": "en"}


@cache
def catalog() -> Catalog:
    """The site's own Chinese catalog as written."""
    return read_catalog(PO_FILE, "web")


@cache
def _own(language: Language) -> NullTranslations:
    return NullTranslations() if language == "en" else compiled(catalog())


def language() -> Language:
    """The reader's language: their choice, kept in a cookie; Chinese for who made none."""
    if "language" not in g:
        chosen = request.cookies.get(COOKIE, "")
        g.language = next((known for known in LANGUAGES if known == chosen), "zh")
    found: Language = g.language
    return found


def words() -> Texts:
    """How the reader's language says things."""
    return texts(language())


def gettext(message: str) -> str:
    """The site's words for a message, or those of the cases, or the message."""
    own = _own(language()).gettext(message)
    return own if own != message else words().gettext(message)


def chinese(message: str) -> str:
    """The message in Chinese, whatever the reader's language: for papers and for what is recorded."""
    own = _own("zh").gettext(message)
    return own if own != message else texts("zh").gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    own = _own(language())
    if isinstance(own, GNUTranslations) and (singular, 0) in own._catalog:  # type: ignore[attr-defined]
        return own.ngettext(singular, plural, count)
    return words().ngettext(singular, plural, count)


def moment(at: datetime) -> str:
    """A time as offices write it, in China's own time."""
    utc = at if at.tzinfo else at.replace(tzinfo=UTC)
    local = utc.astimezone(CHINA)
    return f"{words().day(local.date())} {local:%H:%M}"


def day(value: date) -> str:
    return words().day(value)


def month_name(value: str) -> str:
    return words().month(Period.parse(value))


def remember(response: Response, chosen: str, *, is_secure: bool) -> None:
    """Keep a choice of language; an unknown one is not kept."""
    if chosen in LANGUAGES:
        response.set_cookie(
            COOKIE, chosen, max_age=_YEAR_SECONDS, httponly=True, samesite="Lax", secure=is_secure
        )


def speak(app: Flask) -> None:
    """Give every template its words."""
    Babel(app, locale_selector=lambda: _BABEL_LOCALES[language()])
    environment = app.jinja_env
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters |= {"moment": moment, "day": day, "month_name": month_name}
