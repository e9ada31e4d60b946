"""Logging as JSON lines on standard error. What looks like an id or account number is blacked out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{12,19}[Xx]?(?![0-9A-Za-z])")


def redact(text: str) -> str:
    """Numbers long enough to be an id, an account or a phone with prefix become [number]."""
    return _NUMBER.sub("[number]", text)


def _redacting(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


def _to_standard_error(*_: Any) -> Any:
    """Standard error as it is now: whoever captures or redirects it later still gets the lines."""
    return structlog.PrintLogger(file=sys.stderr)


def configure(level: int = logging.INFO) -> None:
    """One line of JSON an event: name, counts and record ids; never names or numbers of people."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redacting,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_standard_error,
    )


def get_logger() -> Any:
    return structlog.get_logger()
