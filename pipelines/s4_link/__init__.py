"""Link: households and members from the lists, and which registry records are about them."""

from pipelines.s4_link.authorised import authorised, closed_numbers, is_closed, looked_up
from pipelines.s4_link.compose import Composed, compose
from pipelines.s4_link.coverage import SourceWord, coverage
from pipelines.s4_link.lent import lent_numbers, with_lent_numbers
from pipelines.s4_link.link import Linked, LinkStats, link
from pipelines.s4_link.settings import LinkSettings, default_settings, parse_settings
from pipelines.s4_link.sift import LINK_COLUMNS

__all__ = [
    "LINK_COLUMNS",
    "Composed",
    "LinkSettings",
    "LinkStats",
    "Linked",
    "SourceWord",
    "authorised",
    "closed_numbers",
    "compose",
    "coverage",
    "default_settings",
    "is_closed",
    "lent_numbers",
    "link",
    "looked_up",
    "parse_settings",
    "with_lent_numbers",
]
