"""The `connector:` part for an HTTP service: where it is, how calls are signed, paged, answered and limited."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from pipelines.sources.connectors.strict import Strict

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PATH = r"^/[\w\-./]*$"


class Hmac(Strict):
    """The national form: Base64(HMAC-SHA256(secret, sid + rid + rtime)), in the header or in the body.

    The app secret (in `secret_file`) signs only the token call, which returns the working secret and its end.
    """

    kind: Literal["hmac"]
    requester: str  # rid
    service: str  # sid
    secret_file: Path
    place: Literal["header", "body"] = "header"
    prefix: str = "gjgxjhpt_"  # of the fields rid, sid, rtime, sign
    token_path: str = Field(pattern=_PATH)
    secret_field: str = "result.secret"  # noqa: S105  (a place, no secret)
    end_field: str = "result.secretEndTime"  # milliseconds since 1970
    encrypted: bool = True  # AES-ECB, PKCS7, Base64, under the app secret (16, 24 or 32 bytes)


class Md5(Strict):
    """The provincial form: MD5(lower(appKey) + lower(secret) + requestTime) in the body.

    A token call by key (app secret) returns a request secret and a refresh secret; while the refresh secret
    holds, the call by secret renews the request secret.
    """

    kind: Literal["md5"]
    app_key: str
    secret_file: Path
    key_path: str = Field(pattern=_PATH)  # refreshTokenByKey
    refresh_path: str = Field(pattern=_PATH)  # refreshTokenBySec
    secret_field: str = "datas.requestSecret"  # noqa: S105
    end_field: str = "datas.requestSecretEndTime"
    refresh_secret_field: str = "datas.refreshSecret"  # noqa: S105
    refresh_end_field: str = "datas.refreshSecretEndTime"


class Offset(Strict):
    """Paging by the first record and a count."""

    kind: Literal["offset"]
    start_field: str = "start"
    limit_field: str = "limit"
    first: int = 0
    size: int = Field(default=100, gt=0)


class Numbered(Strict):
    """Paging by page number and page size."""

    kind: Literal["numbered"]
    number_field: str = "pageNo"
    size_field: str = "pageSize"
    first: int = 1
    size: int = Field(default=100, gt=0)


class AnswerForm(Strict):
    """Where the code, the total and the records of an answer stand. A path is `result.rows`."""

    code_fields: tuple[str, ...] = Field(default=("code",), min_length=1)  # those present must all be good
    good_codes: tuple[str, ...]
    total_field: str
    rows_field: str
    expired_codes: tuple[str, ...] = ()  # the token has ended: renew it once and go on
    denied_codes: tuple[str, ...] = ()  # signature, requester or address not accepted
    unauthorised_codes: tuple[str, ...] = ("E-106",)


class Person(Strict):
    """Where the person asked about stands in the body. `list_field` when one call asks about several."""

    name_field: str
    id_field: str
    authorisation_field: str
    list_field: str = ""
    per_call: int = Field(default=1, gt=0, le=300)

    @model_validator(mode="after")
    def _a_list_for_several(self) -> Person:
        if self.per_call > 1 and not self.list_field:
            raise ValueError("`per_call` above 1 needs a `list_field`")
        return self


class Limits(Strict):
    """How often the service is called, and how long we are patient with it."""

    calls: int = Field(default=5, gt=0)  # in any window of `seconds`
    seconds: float = Field(default=1.0, gt=0)
    most_calls: int = Field(default=20_000, gt=0)  # in one fetch; the quota of the day
    most_attempts: int = Field(default=5, gt=0)  # of one call
    most_restarts: int = Field(default=3, ge=0)  # from page 1, when the total changed
    most_pages: int = Field(default=10_000, gt=0)  # of one question
    first_pause: float = Field(default=0.5, gt=0)  # doubled at each attempt, times a jitter of 0.5 to 1
    longest_pause: float = Field(default=60.0, gt=0)  # also the longest Retry-After obeyed
    seconds_per_read: float = Field(default=20.0, gt=0)
    seconds_per_page: float = Field(default=120.0, gt=0)
    most_page_bytes: int = Field(default=64 * 1024**2, gt=0)


class HttpApi(Strict):
    """A service asked person by person, by POST only: an id in a URL would stay in every proxy's log."""

    kind: Literal["http_api"]
    url: str  # scheme, host, port
    path: str = Field(pattern=_PATH)
    body: Literal["form", "json"] = "form"
    fields: dict[str, str] = Field(default={})  # sent with every call; `{month}` stands for 202406
    person: Person
    signing: Annotated[Hmac | Md5, Field(discriminator="kind")]
    paging: Annotated[Offset | Numbered, Field(discriminator="kind")]
    answer: AnswerForm
    limits: Limits = Limits()
    ca_file: Path | None = None
    plain_http: bool = False  # a closed government network without TLS: said, not assumed
    as_of: Literal["today", "month_end"] = "today"

    @field_validator("url")
    @classmethod
    def _bare(cls, url: str) -> str:
        if not re.fullmatch(r"https?://[\w.\-\[\]:]+", url):
            raise ValueError("`url` is scheme, host and port only: no user, path or query")
        return url

    @model_validator(mode="after")
    def _speaks_tls(self) -> HttpApi:
        parts = urlsplit(self.url)
        if parts.scheme == "http" and not self.plain_http and parts.hostname not in _LOOPBACK:
            raise ValueError("http without TLS: write https, or `plain_http: true` on a closed network")
        if self.person.list_field and self.body == "form":
            raise ValueError("a list of persons needs `body: json`")
        return self
