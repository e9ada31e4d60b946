"""One HTTP service during one fetch: every call limited, signed, retried; nothing of it logged but counts."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import Any, TypeVar

import httpx

from pipelines.base.errors import HeduiError
from pipelines.base.fetch_errors import AccessDenied, AnswerBroken, CallsSpent, SourceUnreachable
from pipelines.sources.connectors.answer import Broken, TokenEnded
from pipelines.sources.connectors.clock import Clock
from pipelines.sources.connectors.limit import CallLimit
from pipelines.sources.connectors.settings_http import HttpApi

T = TypeVar("T")
_TOO_MANY, _SERVER_FAULT, _UNAUTHENTICATED, _FORBIDDEN, _OK = 429, 500, 401, 403, 200
_ASKS_TO_WAIT = (_TOO_MANY, 503)  # both may carry Retry-After
_HALF = 0.5
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_MOST_DOUBLINGS = 30
_SECONDS = re.compile(r"[0-9]{1,9}")


class Signed:
    """A call about to be made: headers and body fields, signed for this attempt."""

    def __init__(self, *, headers: Mapping[str, str], fields: Mapping[str, Any]) -> None:
        self.headers = headers
        self.fields = fields


class Service:
    """POSTs to one service. `sign` is asked anew at every attempt, because a signature holds a time."""

    def __init__(self, settings: HttpApi, *, client: httpx.Client, clock: Clock) -> None:
        self._settings = settings
        self._client = client
        self._clock = clock
        self._limit = CallLimit(calls=settings.limits.calls, seconds=settings.limits.seconds, clock=clock)
        self.requests = 0

    def post(
        self,
        path: str,
        *,
        sign: Callable[[], Signed],
        read: Callable[[bytes], T],
        ready: Callable[[], None] | None = None,
    ) -> T:
        """What `read` makes of the answer, after as many attempts as the source allows."""
        for attempt in count(1):
            if ready:
                ready()
            try:
                return read(self._once(path, sign))
            except Broken as broken:
                if attempt == self._settings.limits.most_attempts:
                    raise broken.cause from None
                self._clock.sleep(self._pause(attempt, broken.wait))
        raise AssertionError("count() does not end")

    def _pause(self, attempt: int, asked: float | None) -> float:
        """What the service asked for, else doubled each time with jitter, so that many callers do not come together."""
        limits = self._settings.limits
        backing_off = min(limits.longest_pause, limits.first_pause * (1 << min(attempt - 1, _MOST_DOUBLINGS)))
        jittered = backing_off * (_HALF + _HALF * self._clock.chance())
        return max(asked or 0.0, jittered)

    def _once(self, path: str, sign: Callable[[], Signed]) -> bytes:
        limits = self._settings.limits
        if self.requests >= limits.most_calls:
            raise CallsSpent(f"the fetch would need more than [{limits.most_calls}] calls", place=path)
        self._limit.wait()
        signed = sign()
        self.requests += 1
        try:
            with self._open(path, signed) as response:
                self._check_status(response, path)
                return self._body(response, path)
        except httpx.TimeoutException:
            raise Broken(SourceUnreachable("the service did not answer in time", place=path)) from None
        except httpx.HTTPError as error:
            what = f"the connection failed ({type(error).__name__})"
            raise Broken(SourceUnreachable(what, place=path)) from None

    def _open(self, path: str, signed: Signed) -> AbstractContextManager[httpx.Response]:
        if self._settings.body == "json":
            return self._client.stream("POST", path, headers=signed.headers, json=signed.fields)
        headers = {**signed.headers, **_FORM}  # stated also when the form is empty, as in a token call
        return self._client.stream("POST", path, headers=headers, data=signed.fields)

    def _check_status(self, response: httpx.Response, path: str) -> None:
        status = response.status_code
        if status == _OK:
            return
        if status in _ASKS_TO_WAIT:
            raise self._busy(response, path)
        if status >= _SERVER_FAULT:
            raise Broken(SourceUnreachable(f"the service answers HTTP {status}", place=path))
        if status == _UNAUTHENTICATED:
            raise TokenEnded
        if status == _FORBIDDEN:
            raise AccessDenied(
                f"the service answers HTTP {status}",
                place=path,
                remedy="is this machine's address on the registry's list?",
            )
        raise AnswerBroken(f"the service answers HTTP {status}", place=path, remedy="check `url` and `path`")

    def _busy(self, response: httpx.Response, path: str) -> Exception:
        asked = retry_after(response.headers.get("Retry-After"), now=self._clock.now())
        if asked is not None and asked > self._settings.limits.longest_pause:
            return CallsSpent(
                f"the service asks to wait [{asked:.0f}] seconds, longer than `longest_pause`",
                place=path,
                remedy="fetch again later; the quota of the day may be spent",
            )
        cause = CallsSpent if response.status_code == _TOO_MANY else SourceUnreachable
        return Broken(cause(f"the service answers HTTP {response.status_code}", place=path), wait=asked)

    def _body(self, response: httpx.Response, path: str) -> bytes:
        """The bytes as sent: we ask for no compression, so what is kept is what was delivered."""
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise AnswerBroken("the service compresses although asked not to", place=path)
        limits = self._settings.limits
        ends = self._clock.monotonic() + limits.seconds_per_page
        data = bytearray()
        for piece in response.iter_raw():
            data += piece
            if len(data) > limits.most_page_bytes:
                raise AnswerBroken(f"an answer has more than [{limits.most_page_bytes}] bytes", place=path)
            if self._clock.monotonic() > ends:
                raise Broken(SourceUnreachable("an answer came too slowly", place=path))
        return bytes(data)


def retry_after(header: str | None, *, now: datetime) -> float | None:
    """Seconds asked for, from either form of the header; None when it says nothing readable."""
    if not header:
        return None
    if _SECONDS.fullmatch(header.strip()):
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def open_client(settings: HttpApi) -> httpx.Client:
    """No proxy from the environment and no redirect: neither may see whom we ask about."""
    limits = settings.limits
    return httpx.Client(
        base_url=settings.url,
        verify=_trusted(settings),
        timeout=limits.seconds_per_read,
        trust_env=False,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity", "Accept": "application/json", "User-Agent": "hedui"},
    )


def _trusted(settings: HttpApi) -> Any:
    if settings.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(settings.ca_file))
    except OSError as error:
        raise _unreadable(settings, error) from None


def _unreadable(settings: HttpApi, error: OSError) -> HeduiError:
    return SourceUnreachable(
        f"the CA file cannot be read ({type(error).__name__})", place=str(settings.ca_file)
    )
