"""The sign-off beside a file: what the sender says it sent. `name|rows|md5|date`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pipelines.base.errors import DigestWrong

_FIELDS = 4


@dataclass(frozen=True, kw_only=True)
class SignOff:
    """Rows, md5 and date as stated; the date is the as_of of the file."""

    rows: int
    md5: str
    as_of: date


def read_sign_off(text: str, *, file_name: str) -> SignOff:
    """The sign-off, or DigestWrong when it is about another file or cannot be read."""
    fields = text.strip().split("|")
    if len(fields) != _FIELDS or fields[0] != file_name:
        raise DigestWrong("the sign-off is not 'name|rows|md5|date' of this file", place=f"{file_name}.ok")
    _, rows, md5, day = fields
    try:
        # A sign-off states a local calendar day: there is no time zone in it to keep.
        as_of = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007
        return SignOff(rows=int(rows), md5=md5.lower(), as_of=as_of)
    except ValueError as error:
        raise DigestWrong(
            f"the sign-off has a wrong row count or date: {error}", place=f"{file_name}.ok"
        ) from error


def check_md5(found: str, sign_off: SignOff | None, *, place: str) -> None:
    """DigestWrong when the bytes, whose md5 is `found`, are not the ones the sender signed off."""
    if sign_off is not None and found != sign_off.md5:
        raise DigestWrong(
            f"md5 is [{found}], the sign-off states [{sign_off.md5}]: the file is cut or changed",
            place=place,
            remedy="ask the registry to send the file again in a new batch folder",
        )


def check_rows(data_lines: int, header_lines: int, sign_off: SignOff | None, *, place: str) -> None:
    """DigestWrong when the data lines are not those stated (some senders count the header line too)."""
    if sign_off is None or sign_off.rows in (data_lines, data_lines + header_lines):
        return
    raise DigestWrong(
        f"[{data_lines}] data lines, the sign-off states [{sign_off.rows}]",
        place=place,
        remedy="ask the registry which count is right and for the file again",
    )
