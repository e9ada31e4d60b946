"""Assess: the rules in force that month, held against what the linked records say of each household."""

from __future__ import annotations

from pipelines.s5_assess.assess import Assessed, assess
from pipelines.s5_assess.evidence import Evidence

__all__ = ["Assessed", "Evidence", "assess"]
