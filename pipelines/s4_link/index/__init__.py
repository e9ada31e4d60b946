"""The members in memory, the registry streaming past: candidate pairs by exact number and by blocking rule."""

from pipelines.s4_link.index.members import Index
from pipelines.s4_link.index.side import Side
from pipelines.s4_link.index.stream import Met, Paired, Steps, candidates, paired, streamed

__all__ = ["Index", "Met", "Paired", "Side", "Steps", "candidates", "paired", "streamed"]
