"""One language's words, numbers and dates. English is the msgid; Chinese stands in locale/.

The .po file is read at run time (no compile step) and kept: a catalog is part of the code.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pipelines.base.period import Period

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
LOCALE_ROOT = Path(__file__).parent / "locale"
PO_FILE = LOCALE_ROOT / "zh_Hans" / "LC_MESSAGES" / "hedui.po"

_EPOCH = date(1970, 1, 1)
_MONTH_NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def mark(message: str) -> str:
    """Marks a message for extraction; it is translated where it is shown."""
    return message


N_ = mark


def read_catalog(path: Path, domain: str) -> Catalog:
    """A Chinese catalog as written."""
    with path.open("rb") as handle:
        return read_po(handle, locale="zh_Hans", domain=domain)


def compiled(written: Catalog) -> gettext.GNUTranslations:
    """A catalog made ready in memory."""
    binary = io.BytesIO()
    write_mo(binary, written)
    binary.seek(0)
    return gettext.GNUTranslations(binary)


@cache
def catalog() -> Catalog:
    """The Chinese catalog of sentences and papers."""
    return read_catalog(PO_FILE, "hedui")


@cache
def _translations(language: Language) -> gettext.NullTranslations:
    return gettext.NullTranslations() if language == "en" else compiled(catalog())


@dataclass(frozen=True, kw_only=True)
class Texts:
    """How one language says things."""

    language: Language
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]

    @property
    def is_zh(self) -> bool:
        return self.language == "zh"

    @property
    def html_lang(self) -> str:
        return "zh-CN" if self.is_zh else "en"

    def yuan(self, fen: int) -> str:
        """1,234.50元 or ¥1,234.50, from whole 分."""
        sign = "−" if fen < 0 else ""
        amount = f"{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
        return f"{sign}{amount}元" if self.is_zh else f"{sign}¥{amount}"

    def number(self, value: int) -> str:
        return f"{value:,}".replace("-", "−")

    def share(self, part: int, whole: int) -> str:
        """A share in percent with one decimal, rounded half up on whole numbers."""
        if whole == 0:
            return "—"
        tenths = (2000 * part + whole) // (2 * whole)
        return f"{tenths // 10}.{tenths % 10}%"

    def day(self, value: date) -> str:
        if self.is_zh:
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value.day} {_MONTH_NAMES[value.month - 1]} {value.year}"

    def day_text(self, iso: str) -> str:
        """A day given as YYYY-MM-DD; anything else as it stands."""
        try:
            return self.day(date.fromisoformat(iso))
        except ValueError:
            return iso

    def month(self, period: Period) -> str:
        if self.is_zh:
            return f"{period.year}年{period.month}月"
        return f"{_MONTH_NAMES[period.month - 1]} {period.year}"

    @property
    def separator(self) -> str:
        return "、" if self.is_zh else ", "

    def joined(self, items: list[str]) -> str:
        return self.separator.join(items)

    def measure(self, value: int | None, unit: str) -> str:
        """A figure of an assessed line in its unit."""
        if value is None:
            return "—"
        if unit == "date":
            return self.day(_EPOCH + timedelta(days=value))
        if unit == "fen":
            return self.yuan(value)
        if unit == "fen_per_month":
            return self.gettext("%(amount)s a month") % {"amount": self.yuan(value)}
        if unit == "days":
            return self.ngettext("%(days)s day", "%(days)s days", value) % {"days": self.number(value)}
        return self.number(value)


@cache
def texts(language: Language) -> Texts:
    """The words of one language."""
    translations = _translations(language)
    return Texts(language=language, gettext=translations.gettext, ngettext=translations.ngettext)
