"""The members in memory, the registry streaming past: candidate pairs by exact number and by blocking rule."""

from pipelines.s4_link.index.members import Index
from pipelines.s4_link.index.stream import Met, Paired, candidates, paired, streamed

__all__ = ["Index", "Met", "Paired", "candidates", "paired", "streamed"]
