"""Link: households and members from the lists, and which registry records are about them."""

from pipelines.s4_link.compose import Composed, compose
from pipelines.s4_link.coverage import SourceWord, coverage
from pipelines.s4_link.link import Linked, LinkStats, link
from pipelines.s4_link.settings import LinkSettings, default_settings, parse_settings

__all__ = [
    "Composed",
    "LinkSettings",
    "LinkStats",
    "Linked",
    "SourceWord",
    "compose",
    "coverage",
    "default_settings",
    "link",
    "parse_settings",
]
