"""Validate: Great Expectations gives the verdict, one Arrow pass writes the quarantine rows; they agree."""

from pipelines.s3_validate.shock import Shape, Shock, shocks
from pipelines.s3_validate.suite import Suite, load_suite
from pipelines.s3_validate.validate import Validated, check_unhandled, quarantine_faults, validate
from pipelines.s3_validate.verdict import Verdict, verdicts

__all__ = [
    "Shape",
    "Shock",
    "Suite",
    "Validated",
    "Verdict",
    "check_unhandled",
    "load_suite",
    "quarantine_faults",
    "shocks",
    "validate",
    "verdicts",
]
