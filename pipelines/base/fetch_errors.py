"""What can go wrong between a registry and the inbox: exit codes 70 to 79."""

from __future__ import annotations

from pipelines.base.errors import HeduiError


class SourceUnreachable(HeduiError):
    """A registry's server did not answer after every attempt: no connection, time-out, server fault."""

    exit_code = 70


class HostKeyWrong(HeduiError):
    """The SFTP server shows another host key than the one the source names: perhaps another machine."""

    exit_code = 71


class AccessDenied(HeduiError):
    """The registry does not accept who we say we are: login, signature, token or address."""

    exit_code = 73


class LookupNotAuthorised(HeduiError):
    """The registry answers that this look-up is not authorised."""

    exit_code = 74


class AnswerBroken(HeduiError):
    """An answer that is not what the source declares: not readable, an error code, a field missing."""

    exit_code = 75


class AnswerUnstable(HeduiError):
    """The total kept changing while the pages were read: no consistent answer to keep."""

    exit_code = 76


class TransferBroken(HeduiError):
    """A file was cut or changed while it was read. Nothing of it is in the inbox."""

    exit_code = 77


class CallsSpent(HeduiError):
    """The registry asks to wait longer than the source allows, or the fetch needs more calls than it may make."""

    exit_code = 78


class FetchRefused(HeduiError):
    """What is offered cannot be taken safely: a link, a path out of the folder, a rival fetch, a bad name."""

    exit_code = 79
