"""The working secret and its end: got with the app secret, renewed before it ends or when the service says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.base.fetch_errors import AccessDenied, AnswerBroken
from pipelines.base.secret import read_secret
from pipelines.sources.connectors.answer import TokenEnded, read_fields
from pipelines.sources.connectors.clock import Clock
from pipelines.sources.connectors.service import Service, Signed
from pipelines.sources.connectors.settings_http import AnswerForm, Hmac, HttpApi, Md5
from pipelines.sources.connectors.signing import decrypted, hmac_fields, md5_fields

_MARGIN = timedelta(seconds=30)  # a call signed just before the end would arrive after it


@dataclass(frozen=True, kw_only=True)
class _Token:
    secret: bytes = field(repr=False)
    ends: datetime
    refresh_secret: bytes = field(repr=False)
    refresh_ends: datetime


_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
_NONE = _Token(secret=b"", ends=_LONG_AGO, refresh_secret=b"", refresh_ends=_LONG_AGO)


class Signer:
    """Signs calls to one service and keeps its token."""

    def __init__(self, settings: HttpApi, *, service: Service, clock: Clock) -> None:
        self._signing = settings.signing
        self._form = settings.answer
        self._service = service
        self._clock = clock
        self._app_secret = read_secret(settings.signing.secret_file)
        self._token = _NONE

    def signed(self, fields: Mapping[str, Any]) -> Signed:
        """The call with a signature of this moment; `ready` comes before."""
        return _put(self._signing, fields, self._token.secret, self._clock.now())

    def ready(self) -> None:
        """A token that holds. Asked before a call takes its place in the call limit, as it may itself call."""
        if self._clock.now() >= self._token.ends - _MARGIN:
            self.renew()

    def renew(self) -> None:
        """A new token, now."""
        signing = self._signing
        try:
            self._token = self._hmac_token(signing) if isinstance(signing, Hmac) else self._md5_token(signing)
        except TokenEnded:
            raise AccessDenied(
                "the service gives no token for the app secret",
                remedy="check the secret file; ask the registry",
            ) from None

    def _hmac_token(self, signing: Hmac) -> _Token:
        secret, ends = self._ask(
            signing.token_path, self._app_secret, signing.secret_field, signing.end_field
        )
        working = decrypted(secret, key=self._app_secret) if signing.encrypted else secret.encode()
        return replace(_NONE, secret=working, ends=_moment(ends))

    def _md5_token(self, signing: Md5) -> _Token:
        """By the refresh secret while it holds, else by the app secret."""
        old = self._token
        paths = (
            signing.secret_field,
            signing.end_field,
            signing.refresh_secret_field,
            signing.refresh_end_field,
        )
        if self._clock.now() < old.refresh_ends - _MARGIN:
            found = self._ask(signing.refresh_path, old.refresh_secret, *paths)
        else:
            found = self._ask(signing.key_path, self._app_secret, *paths)
        secret, ends, refresh_secret, refresh_ends = found
        return _Token(
            secret=secret.encode(),
            ends=_moment(ends),
            refresh_secret=refresh_secret.encode(),
            refresh_ends=_moment(refresh_ends),
        )

    def _ask(self, path: str, secret: bytes, *fields: str) -> tuple[str, ...]:
        form: AnswerForm = self._form
        return self._service.post(
            path,
            sign=lambda: _put(self._signing, {}, secret, self._clock.now()),
            read=lambda data: read_fields(data, form, *fields),
        )


def _put(signing: Hmac | Md5, fields: Mapping[str, Any], secret: bytes, at: datetime) -> Signed:
    if isinstance(signing, Md5):
        return Signed(headers={}, fields={**fields, **md5_fields(signing, secret=secret, at=at)})
    added = hmac_fields(signing, secret=secret, at=at)
    if signing.place == "header":
        return Signed(headers=added, fields=fields)
    return Signed(headers={}, fields={**fields, **added})


def _moment(milliseconds: str) -> datetime:
    if not re.fullmatch(r"\d{12,14}", milliseconds):
        raise AnswerBroken("the token's end is not milliseconds since 1970")
    return datetime.fromtimestamp(int(milliseconds) // 1000, UTC)
