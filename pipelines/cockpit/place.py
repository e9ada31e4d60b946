"""Where the embedded Airflow lives: its folder under the home, its secrets, its port."""

from __future__ import annotations

import base64
import json
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pipelines
from pipelines.base.errors import AirflowFailed
from pipelines.base.ids import short_id
from pipelines.base.settings import Where

USER = "hedui"
_PLACES = {"home": "HEDUI_HOME", "inbox": "HEDUI_INBOX", "jurisdiction": "HEDUI_JURISDICTION"}
_LEDGER = "HEDUI_LEDGER"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One embedded Airflow: everything below `home`/airflow, reachable on loopback only."""

    home: Path
    port: int
    data: dict[str, str]  # HEDUI_… variables of the tasks
    without: tuple[str, ...]  # sources the operator goes on without
    keys: dict[str, str]
    root: Path  # the folder that holds `pipelines` and `dags`

    @property
    def folder(self) -> Path:
        return self.home / "airflow"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def marker(self) -> str:
        """Every process started for this folder bears it in its environment; that is how none is forgotten."""
        return short_id("COCKPIT", str(self.folder))

    def log(self, component: str) -> Path:
        return self.folder / "logs" / f"{component}.log"


def prepare(where: Mapping[str, object], port: int | None) -> Place:
    """The place for these settings; the folder and its secrets are made on first use, readable by the owner only."""
    at = Where.of(where)
    data = {"HEDUI_HOME": str(at.home), "HEDUI_JURISDICTION": at.jurisdiction, _LEDGER: at.ledger}
    if at.inbox:
        data["HEDUI_INBOX"] = str(at.inbox)
    folder = at.home / "airflow"
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return Place(
        home=at.home,
        port=port or free_port(),
        data=data,
        without=at.without,
        keys=read_keys(folder),
        root=Path(pipelines.__file__).absolute().parents[1],
    )


def read_keys(folder: Path) -> dict[str, str]:
    """The random secrets of this folder, made once; the password file is the one Airflow's log-in reads."""
    path = folder / "keys.json"
    if not path.exists():
        made = {
            "jwt": secrets.token_urlsafe(96),
            "session": secrets.token_urlsafe(48),
            "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "password": secrets.token_urlsafe(16),
        }
        write_private(path, json.dumps(made))
    keys: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    write_private(folder / "passwords.json", json.dumps({USER: keys["password"]}))
    return keys


def write_private(path: Path, text: str) -> None:
    """Mode 0600 from the first byte on, in place by one rename."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    fresh.rename(path)


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def check_port(port: int) -> None:
    """A port asked for by hand must be free: Airflow's own message would come minutes later."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise AirflowFailed(
                f"port [{port}] is in use", place="127.0.0.1", remedy="give another port, or none"
            ) from error


def conf(place: Place) -> dict[str, object]:
    """The places as parameters of a run, so that its page shows them; the ledger's address may hold a password."""
    places: dict[str, object] = {key: place.data[name] for key, name in _PLACES.items() if name in place.data}
    return places | ({"without": list(place.without)} if place.without else {})
