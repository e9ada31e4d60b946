"""Flag: what a person is asked to look at this month, and what became of last month's questions."""

from __future__ import annotations

from pipelines.s6_flag.flag import Flagged, flag

__all__ = ["Flagged", "flag"]
