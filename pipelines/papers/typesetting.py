"""Typst sets the papers: PDF/A-2a and PDF/UA-1, the same bytes for the same data. Nothing is fetched.

The time inside the document is the one it is given, never the clock's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from pipelines.base.errors import PaperNotSet

TEMPLATES = Path(__file__).parent / "templates"
FAMILY = "Noto Sans CJK SC"
_STANDARDS: list[Any] = ["a-2a", "ua-1"]


def pdf(template: str, data: Mapping[str, Any], made_on: date) -> bytes:
    """One paper. Raises PaperNotSet where the font is missing or the template refuses."""
    try:
        set_ = _compiler(template).compile(
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
            format="pdf",
            pdf_standards=_STANDARDS,
            timestamp=datetime.combine(made_on, time(), UTC),
        )
    except typst.TypstError as error:
        raise PaperNotSet(error.message, place=f"{template}.typ", remedy="; ".join(error.hints)) from error
    if not isinstance(set_, bytes):
        raise PaperNotSet("no document came out", place=f"{template}.typ")
    return set_


@cache
def _fonts() -> typst.Fonts:
    named = os.environ.get("HEDUI_FONTS")
    fonts = typst.Fonts(include_embedded_fonts=False, font_paths=[named] if named else [])
    if FAMILY not in fonts.families():
        raise PaperNotSet(
            f"no font [{FAMILY}]",
            place=named or "system fonts",
            remedy="apt-get install fonts-noto-cjk, or name a folder with it in HEDUI_FONTS",
        )
    return fonts


@cache
def _compiler(template: str) -> typst.Compiler:
    """Kept: it remembers fonts and parsed templates from one paper to the next."""
    return typst.Compiler(
        TEMPLATES / f"{template}.typ", root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=False
    )
