"""Fellegi–Sunter scoring of pairs for any person file: the comparisons and blocking rules are data."""

from pipelines.s4_link.scoring.engine import Scored, score
from pipelines.s4_link.scoring.explaining import Explained, explain
from pipelines.s4_link.scoring.model import Model, model_of_json
from pipelines.s4_link.scoring.outcome import assigned, clustered
from pipelines.s4_link.scoring.reading import parse_schema
from pipelines.s4_link.scoring.schema import LinkSchema
from pipelines.s4_link.scoring.threshold import Band, Chosen, calibration

__all__ = [
    "Band",
    "Chosen",
    "Explained",
    "LinkSchema",
    "Model",
    "Scored",
    "assigned",
    "calibration",
    "clustered",
    "explain",
    "model_of_json",
    "parse_schema",
    "score",
]
