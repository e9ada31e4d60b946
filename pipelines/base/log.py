"""Logging as JSON lines on standard error, by allow-list: what is not known to be harmless does not pass.

Of our own events pass the keys of ALLOWED, with whole numbers, truth values and short codes as values. Of the libraries'
messages passes only who spoke, how loud and the kind of a fault: their words may quote a row.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from pipelines.base.mask import fault_told, redact

__all__ = ["ALLOWED", "configure", "get_logger", "redact"]

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "fault", "left_out",
        "source", "connector", "delivery", "table", "stage", "run_id", "month", "jurisdiction", "cause", "exit_code",
        "files", "rows", "requests", "remaining", "not_sent", "seconds_ms", "status",
    }
)  # fmt: skip
MASKED = "[text]"
_CODE = re.compile(r"[A-Za-z0-9_./:+\-]{0,120}")
_EVENT = re.compile(r"[a-z][a-z_ ]{0,60}")
_FAULT = re.compile(r"[\w.:/<>; \-]{0,4000}", re.ASCII)


def allowed(event: MutableMapping[str, Any]) -> dict[str, Any]:
    """The event with what may pass; `left_out` counts the keys that may not."""
    kept = {key: _value(key, value) for key, value in event.items() if key in ALLOWED}
    gone = len(event) - len(kept)
    return kept | ({"left_out": gone} if gone else {})


def _value(key: str, value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value if redact(str(value)) == str(value) else MASKED
    if not isinstance(value, str):
        return MASKED
    form = {"event": _EVENT, "fault": _FAULT}.get(key, _CODE)
    return value if form.fullmatch(value) and redact(value) == value else MASKED


def _allowing(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["fault"] = fault_told(error)
    return allowed(event)


class Foreign(logging.Formatter):
    """A library's message: who spoke, how loud, and the kind of a fault. Never its words."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {"event": MASKED, "level": record.levelname.lower(), "logger": record.name}
        if record.exc_info and record.exc_info[1]:
            said["fault"] = fault_told(record.exc_info[1])
        return json.dumps(allowed(said), ensure_ascii=False)


class _StandardError(logging.StreamHandler[Any]):
    """Standard error as it is now: whoever captures or redirects it later still gets the lines."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(Foreign())

    @property
    def stream(self) -> Any:
        return sys.stderr

    @stream.setter
    def stream(self, _value: Any) -> None: ...


def _to_standard_error(*_: Any) -> Any:
    return structlog.PrintLogger(file=sys.stderr)


def configure(level: int = logging.INFO) -> None:
    """One line of JSON an event; the libraries' from WARNING on. The one set-up of the product."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allowing,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_standard_error,
    )
    root = logging.getLogger()
    for handler in [one for one in root.handlers if type(one) in (logging.StreamHandler, _StandardError)]:
        root.removeHandler(handler)
    root.addHandler(_StandardError())
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a message that cannot be formatted is not printed with its arguments


def get_logger() -> Any:
    return structlog.get_logger()
