"""Assess: the rules in force that month, held against what the linked records say of each household."""

from __future__ import annotations

from pipelines.s5_assess.assess import Assessed, assess
from pipelines.s5_assess.before import Before
from pipelines.s5_assess.evidence import Evidence
from pipelines.s5_assess.shadow import asked, in_shadow

__all__ = ["Assessed", "Before", "Evidence", "asked", "assess", "in_shadow"]
