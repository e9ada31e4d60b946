"""How far a run on a simulated city was right."""

from pipelines.score.counts import Counts, Share
from pipelines.score.score import Score, score
from pipelines.score.told import score_lines

__all__ = ["Counts", "Score", "Share", "score", "score_lines"]
