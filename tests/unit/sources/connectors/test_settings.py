"""The `connector:` part of a YAML is read strictly, and no secret can stand in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from pipelines.sources.connectors.settings import Connector, Database, DropFolder, HttpApi, Sftp

DOCS = Path(__file__).parents[4] / "docs/connectors.md"
READ: TypeAdapter[Any] = TypeAdapter(Connector)

SFTP = """
kind: sftp
host: sftp.example
user: hedui
folder: /out/vehicle
host_keys: [ssh-ed25519 AAAA]
key_file: /run/secrets/vehicle
"""
DATABASE = """
kind: database
url: postgresql+psycopg://hedui@db.example:5432/pension
secret_file: /run/secrets/pension
query: sources/pension.sql
file_name: pension_{month}.txt
"""
HTTP = """
kind: http_api
url: https://api.example
path: /bank/query
person: {name_field: xm, id_field: zjhm, authorisation_field: wsbh}
signing: {kind: hmac, requester: r, service: s, secret_file: /run/secrets/bank, token_path: /token}
paging: {kind: offset}
answer: {good_codes: ["0"], total_field: result.total, rows_field: result.rows}
"""
FOLDER = "{kind: drop_folder, folder: /mnt/usb}"


def read(text: str, **changes: Any) -> Any:
    return READ.validate_python({**yaml.safe_load(text), **changes})


@pytest.mark.parametrize(
    ("text", "kind"), [(SFTP, Sftp), (DATABASE, Database), (HTTP, HttpApi), (FOLDER, DropFolder)]
)
def test_a_yaml_reads_into_its_kind_and_an_unknown_key_is_an_error(text: str, kind: type) -> None:
    assert isinstance(read(text), kind)
    with pytest.raises(ValidationError, match="Extra inputs"):
        read(text, colour="red")


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValidationError, match="kind"):
        read(FOLDER, kind="ftp")


@pytest.mark.parametrize(
    ("text", "changes", "told"),
    [
        (SFTP, {"password": "x"}, "Extra inputs"),
        (SFTP, {"host_keys": []}, "at least 1"),
        (SFTP, {"secret_file": "/x"}, "one of them"),
        (SFTP, {"key_file": None}, "one of them"),
        (SFTP, {"batches": r"(?P<date>\d{8})"}, "`day` and `number`"),
        (SFTP, {"sign_off": "ok"}, "like .ok"),
        (FOLDER, {"folder": "mnt/usb"}, "absolute"),
        (DATABASE, {"url": "postgresql+psycopg://hedui:pw@db/pension"}, "password in the url"),
        (DATABASE, {"url": "postgresql+psycopg://db/pension?password=pw"}, "password in the url"),
        (DATABASE, {"url": "mysql://hedui@db/pension"}, "only postgresql"),
        (DATABASE, {"query": "../../etc/passwd.sql"}, r"without `\.\.`"),
        (DATABASE, {"query": "sources/pension.txt"}, r"a \.sql file"),
        (DATABASE, {"parameters": {"month": "x"}}, "given by the month"),
        (HTTP, {"url": "http://api.example"}, "without TLS"),
        (HTTP, {"url": "https://user:pw@api.example"}, "host and port only"),
        (HTTP, {"url": "https://api.example/x?key=1"}, "host and port only"),
        (HTTP, {"path": "/query?id=1"}, "match pattern"),
        (
            HTTP,
            {"person": {"name_field": "a", "id_field": "b", "authorisation_field": "c", "per_call": 9}},
            "list_field",
        ),
    ],
)
def test_what_is_unsafe_or_half_said_is_an_error(text: str, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        read(text, **changes)


def test_plain_http_is_taken_on_a_closed_network_when_it_is_said() -> None:
    assert read(HTTP, url="http://api.example", plain_http=True).plain_http


def test_no_error_about_settings_repeats_a_password() -> None:
    with pytest.raises(ValidationError) as refusal:
        Database.model_validate(
            {**yaml.safe_load(DATABASE), "url": "postgresql+psycopg://hedui:hunter2@db/pension"}
        )
    assert "hunter2" not in str(refusal.value)


def test_every_example_in_the_documentation_reads() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    # A city's own file holds the settings without the key.
    stated = [yaml.safe_load(block) for block in blocks]
    kinds = [READ.validate_python(one.get("connector", one)).kind for one in stated]
    assert kinds == ["drop_folder", "drop_folder", "sftp", "database", "http_api", "http_api"]
