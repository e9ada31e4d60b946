"""An answer read strictly: code first, then total and records. Its own words are never repeated: they may name people."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from pipelines.base.errors import HeduiError
from pipelines.base.fetch_errors import AccessDenied, AnswerBroken, LookupNotAuthorised
from pipelines.sources.connectors.settings_http import AnswerForm

_CODE = re.compile(r"[\w.\-]{0,24}")
_LIKE_AN_ID = re.compile(r"\d{8}")


class Broken(Exception):
    """Worth another attempt: the answer was cut, garbled or came from a fault of the server."""

    def __init__(self, cause: HeduiError, *, wait: float | None = None) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.wait = wait


class TokenEnded(Exception):
    """The service says that the token has ended."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page as delivered, with what it says about itself."""

    data: bytes
    total: int
    rows: int
    digest: str  # of the records alone: two pages with the same records are one page sent twice


def read_page(data: bytes, form: AnswerForm) -> Page:
    """The page; Broken, TokenEnded or an error of the tree when it is none."""
    answer = _opened(data, form)
    total = _count(at(answer, form.total_field))
    records = _decoded(at(answer, form.rows_field))
    if not isinstance(records, list):
        raise Broken(AnswerBroken("the records are not a list", place=form.rows_field))
    text = json.dumps(records, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Page(data=data, total=total, rows=len(records), digest=digest)


def read_fields(data: bytes, form: AnswerForm, *paths: str) -> tuple[str, ...]:
    """Fields of an answer to a token call."""
    answer = _opened(data, form)
    found = tuple(at(answer, path) for path in paths)
    if not all(isinstance(value, str | int) and str(value) for value in found):
        raise AnswerBroken("the token call's answer lacks a field", place=", ".join(paths))
    return tuple(str(value) for value in found)


def at(answer: Any, path: str) -> Any:
    """The value at `result.rows`; a text on the way may itself be JSON, as some services send it."""
    value = answer
    for part in path.split("."):
        value = _decoded(value)
        if not isinstance(value, dict) or part not in value:
            raise Broken(AnswerBroken("the answer lacks a field", place=path))
        value = value[part]
    return value


def _opened(data: bytes, form: AnswerForm) -> Any:
    try:
        answer = json.loads(data)
    except ValueError:
        raise Broken(AnswerBroken("the answer is not JSON, or was cut")) from None
    except RecursionError:
        raise AnswerBroken("the answer is nested too deeply") from None
    _check_codes(_codes(answer, form), form)
    return answer


def _codes(answer: Any, form: AnswerForm) -> set[str]:
    """The codes present: a service may state success in one field and the cause of failure in another."""
    if not isinstance(answer, dict):
        raise Broken(AnswerBroken("the answer is not an object"))
    codes = {str(answer[name]) for name in form.code_fields if answer.get(name) is not None}
    if not codes:
        raise Broken(AnswerBroken("the answer has no code", place=", ".join(form.code_fields)))
    return codes


def _check_codes(codes: set[str], form: AnswerForm) -> None:
    bad = codes - set(form.good_codes)
    if not bad:
        return
    if bad & set(form.expired_codes):
        raise TokenEnded
    told = "] [".join(sorted(_shown(code) for code in bad))
    if bad & set(form.unauthorised_codes):
        raise LookupNotAuthorised(
            f"the registry answers code [{told}]: this look-up is not authorised",
            remedy="ask the registry to grant the service to the requester, or to accept the authorisation numbers",
        )
    if bad & set(form.denied_codes):
        raise AccessDenied(
            f"the registry answers code [{told}]: signature, requester or address not accepted",
            remedy="check the secret file, the machine's clock and the registry's list of addresses",
        )
    raise AnswerBroken(
        f"the registry answers code [{told}]",
        remedy="look the code up in the registry's description; add it to the source's `answer` codes",
    )


def _shown(code: str) -> str:
    """A code, unless it looks like a sentence or like somebody's number."""
    return code if _CODE.fullmatch(code) and not _LIKE_AN_ID.search(code) else "not shown"


def _decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,12}", str(value)):
        raise Broken(AnswerBroken("the total is not a count"))
    return int(value)
