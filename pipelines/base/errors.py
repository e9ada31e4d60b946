"""The tree of errors: each cause has its own exit code, names the thing and the remedy, never a person.

`place` is a file, line, column or key; values in it are codes and counts, no names or id numbers.
"""

from __future__ import annotations

from pipelines.base.mask import redact


class HeduiError(Exception):
    """A failure an operator can act on. Shown without a traceback; long numbers in its words are blacked out."""

    exit_code = 1

    def __init__(self, what: str, *, place: str = "", remedy: str = "") -> None:
        super().__init__(redact(what))
        self.what = redact(what)
        self.place = redact(place)
        self.remedy = remedy

    @property
    def cause(self) -> str:
        """The name of the cause, as stored in the ledger: `UnknownCode`."""
        return type(self).__name__

    def __str__(self) -> str:
        place = f"[{self.place}] " if self.place else ""
        remedy = f" Remedy: {self.remedy}" if self.remedy else ""
        return f"{self.cause}: {place}{self.what}{remedy}"


class InboxNotFound(HeduiError):
    """The inbox folder does not exist or cannot be read."""

    exit_code = 10


class NoDeliveries(HeduiError):
    """Nothing arrived for the month, or the recipients' lists did not."""

    exit_code = 11


class SpecInvalid(HeduiError):
    """A source YAML is not what `pipelines.sources.spec` describes."""

    exit_code = 12


class PackInvalid(HeduiError):
    """A policy pack has an unknown key, a missing citation or a wrong unit."""

    exit_code = 13


class PackNotInForce(HeduiError):
    """A parameter has no value for the month asked."""

    exit_code = 14


class PeriodInvalid(HeduiError):
    """A month that is not YYYY-MM."""

    exit_code = 15


class DeliveryRefused(HeduiError):
    """A delivery that cannot be used as a whole. Recorded; stops the run when no other replaces it."""

    exit_code = 20


class MissingColumn(DeliveryRefused):
    """The header lacks a column the source's YAML reads, or has one that nobody signed off."""

    exit_code = 21


class WrongEncoding(DeliveryRefused):
    """Bytes that are not the declared encoding."""

    exit_code = 22


class UnknownCode(DeliveryRefused):
    """A category value that the source's YAML neither maps nor ignores."""

    exit_code = 23


class DigestWrong(DeliveryRefused):
    """The file's md5 or row count is not what its sign-off states."""

    exit_code = 24


class LayoutBroken(DeliveryRefused):
    """Lines that do not have the shape of the declared format (cell count, record width, workbook)."""

    exit_code = 25


class ExpectationStopped(DeliveryRefused):
    """A table-level expectation whose declared consequence is `stop` failed."""

    exit_code = 26


class DeliveryHeld(HeduiError):
    """A list of recipients is too unlike the one before and waits for a named person's release."""

    exit_code = 27


class LinesUnbalanced(HeduiError):
    """Physical lines are not the sum of what became of them."""

    exit_code = 30


class ContractBroken(HeduiError):
    """A table is not what its contract says."""

    exit_code = 31


class TotalsUntied(HeduiError):
    """Figures that are to be printed do not follow from the rows below them."""

    exit_code = 34


class StoreCorrupt(HeduiError):
    """A stored file's SHA-256 is not the one its manifest recorded."""

    exit_code = 32


class NotFound(HeduiError):
    """A flag, table, month or record that the store does not hold."""

    exit_code = 33


class FlowUnreconciled(HeduiError):
    """Opening + joins − exits is not closing, or a household or person stands on a month's lists twice."""

    exit_code = 35


class ReviewInvalid(HeduiError):
    """A reviewers' file that is not the sample it says it is, or holds an unknown verdict."""

    exit_code = 36


class EvidenceBroken(HeduiError):
    """Something recorded is altered, missing, reordered, rolled back or forked, or nothing was recorded to check."""

    exit_code = 37


class LedgerUnavailable(HeduiError):
    """The ledger database cannot be reached, or its schema is not the migrations' head."""

    exit_code = 40


class PurposeMissing(HeduiError):
    """People's data are to be shown or exported, and the place demands that a purpose is stated."""

    exit_code = 41


class ProgramFault(HeduiError):
    """An error that is none of those here: told by its kind and place in the program, never by its text."""

    exit_code = 42


class Erased(HeduiError):
    """What is asked for was erased under an order: its key was destroyed."""

    exit_code = 44


class KeyMissing(HeduiError):
    """The file of the master key holds no key, or not the one under which something is sealed."""

    exit_code = 45


class PurgeRefused(HeduiError):
    """An erasure or a hold without an order, a name or a reason, ahead of its day, or of what is not as it was recorded."""

    exit_code = 46


class OfficeInvalid(HeduiError):
    """The office's own file cannot be read or says something a paper cannot use."""

    exit_code = 16


class PaperNotSet(HeduiError):
    """A paper could not be set: no font with Chinese characters, or a template that Typst refuses."""

    exit_code = 49


class AirflowFailed(HeduiError):
    """A component of the embedded Airflow ended, or a DAG run did not succeed."""

    exit_code = 50


class ToolMissing(HeduiError):
    """`hedui doctor` found something the product needs and the machine lacks."""

    exit_code = 60


class SecretUnsafe(HeduiError):
    """A secret file is missing, empty, not a plain file, or readable by others."""

    exit_code = 72
