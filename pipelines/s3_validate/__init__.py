"""Validate: Great Expectations gives the verdict, one Arrow pass writes the quarantine rows; they agree."""

from pipelines.s3_validate.suite import Suite, load_suite
from pipelines.s3_validate.validate import Validated, check_unhandled, quarantine_faults, validate

__all__ = ["Suite", "Validated", "check_unhandled", "load_suite", "quarantine_faults", "validate"]
