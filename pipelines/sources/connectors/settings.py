"""The `connector:` part of a source YAML: how a registry's offer is reached. No secret stands in it, only file paths."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from pipelines.sources.connectors.settings_http import HttpApi
from pipelines.sources.connectors.strict import Strict

_PASSWORD_IN_URL = re.compile(r"://[^/@]*:[^/@]*@")
_BATCH_NAME = r"\d{8}_\d{2}"
_GIB = 1024**3


class _Offered(Strict):
    """Batch folders `<root>/<batch>/<file>` with a sign-off beside each file; the sender writes it last.

    `batches` is a regular expression over the batch folder's name. `{month}` and `{next_month}` in it stand
    for 202406 and 202407. Groups `day` (yyyymmdd) and `number` give the local name when the sender's form is
    another than yyyymmdd_nn.
    """

    batches: str = _BATCH_NAME
    sign_off: str = ".ok"  # the sender's suffix; the inbox's own suffix is given to fetch()
    ignore: tuple[str, ...] = ()  # file names that are never part of a delivery: Thumbs.db
    most_bytes: int = Field(default=4 * _GIB, gt=0)  # per file

    @field_validator("batches")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        groups = set(
            re.compile(pattern.replace("{month}", "202401").replace("{next_month}", "202402")).groupindex
        )
        if groups and not {"day"} <= groups <= {"day", "number"}:
            raise ValueError("the groups of `batches` are `day` and `number`")
        return pattern

    @field_validator("sign_off")
    @classmethod
    def _is_a_suffix(cls, suffix: str) -> str:
        if not re.fullmatch(r"\.[a-z0-9]{1,8}", suffix):
            raise ValueError("a sign-off suffix is like .ok")
        return suffix


class DropFolder(_Offered):
    """A mounted folder (USB disk, share of another department)."""

    kind: Literal["drop_folder"]
    folder: Path

    @field_validator("folder")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        if not folder.is_absolute():
            raise ValueError("give the folder as an absolute path")
        return folder


class Sftp(_Offered):
    """Batch folders on an SFTP server whose host key is known beforehand."""

    kind: Literal["sftp"]
    host: str
    port: int = Field(default=22, gt=0, lt=65536)
    user: str
    folder: PurePosixPath
    host_keys: tuple[str, ...] = Field(
        min_length=1
    )  # public keys as `ssh-ed25519 AAAA…`; two while they change
    secret_file: Path | None = None  # the password
    key_file: Path | None = None  # or the private key, without a passphrase: it would lie beside it
    seconds_to_connect: float = Field(default=20, gt=0)
    seconds_per_batch: float = Field(default=3600, gt=0)

    @model_validator(mode="after")
    def _one_way_in(self) -> Sftp:
        if (self.secret_file is None) == (self.key_file is None):
            raise ValueError("give `key_file` or `secret_file`, one of them")
        return self


class Database(Strict):
    """One SELECT on a PostgreSQL-speaking database, written as tab-separated text."""

    kind: Literal["database"]
    url: str  # postgresql+psycopg://user@host:5432/name
    secret_file: Path | None = None  # the password
    query: Path  # a .sql file under sql/, or an absolute path; parameters are bound
    file_name: str  # `pension_{month}.txt`
    parameters: dict[str, str | int] = Field(
        default={}
    )  # besides :month (text), :first_day and :last_day (dates)
    as_of: Literal["today", "month_end"] = "today"  # which day the rows speak about
    batch_rows: int = Field(default=10_000, gt=0)
    seconds_to_connect: int = Field(default=20, gt=0)
    seconds_per_statement: int = Field(default=3600, gt=0)

    @field_validator("url")
    @classmethod
    def _without_a_password(cls, url: str) -> str:
        if _PASSWORD_IN_URL.search(url) or "password=" in url:
            raise ValueError("a password in the url: put it in a file and name it as `secret_file`")
        if not url.startswith("postgresql+psycopg://"):
            raise ValueError(
                "only postgresql+psycopg:// is supported; another kind needs its own read-only snapshot"
            )
        return url

    @field_validator("query")
    @classmethod
    def _stays_inside(cls, query: Path) -> Path:
        if ".." in query.parts or query.suffix != ".sql":
            raise ValueError("`query` is a .sql file without `..` in its path")
        return query

    @field_validator("parameters")
    @classmethod
    def _not_ours(cls, parameters: dict[str, str | int]) -> dict[str, str | int]:
        if taken := sorted({"month", "first_day", "last_day"} & parameters.keys()):
            raise ValueError(f"{taken} are given by the month")
        return parameters


Connector = Annotated[DropFolder | Sftp | Database | HttpApi, Field(discriminator="kind")]

__all__ = ["Connector", "Database", "DropFolder", "HttpApi", "Sftp"]
