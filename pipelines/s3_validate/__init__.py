"""Validate: Great Expectations gives the verdict, one Arrow pass writes the quarantine rows; they agree."""

from pipelines.s3_validate.profile import Profile, profile
from pipelines.s3_validate.shock import shocks
from pipelines.s3_validate.shock_shape import Shape, Shock, Title
from pipelines.s3_validate.suite import Suite, load_suite, suite_for
from pipelines.s3_validate.validate import (
    Judge,
    Judged,
    Validated,
    check_unhandled,
    quarantine_faults,
    validate,
)
from pipelines.s3_validate.verdict import Verdict, verdicts

__all__ = [
    "Judge",
    "Judged",
    "Profile",
    "Shape",
    "Shock",
    "Suite",
    "Title",
    "Validated",
    "Verdict",
    "check_unhandled",
    "load_suite",
    "profile",
    "quarantine_faults",
    "shocks",
    "suite_for",
    "validate",
    "verdicts",
]
