"""What the review site refuses, or refuses to start with: exit codes 80 to 90."""

from __future__ import annotations

from pipelines.base.errors import HeduiError


class SiteMisbuilt(HeduiError):
    """The review site would show something to somebody nobody named, or cannot be built as it stands."""

    exit_code = 90


class CaseChanged(HeduiError):
    """Somebody else did something with the case since the form was opened. Nothing was recorded."""

    exit_code = 80


class MoveRefused(HeduiError):
    """What was asked for is not to be done with the case as it stands, or not by this person."""

    exit_code = 81


class OtherPersonNeeded(HeduiError):
    """Four eyes: whoever prepared a decision neither confirms it nor re-checks an objection to it."""

    exit_code = 82
