"""However the cockpit ends, no process of it stays."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.base.errors import AirflowFailed
from pipelines.cockpit.children import Children, launch, marked, stopped_at_the_end
from pipelines.cockpit.place import Place, check_port, prepare

ROOT = Path(__file__).resolve().parents[2]
# A test run in the background hands its children a Ctrl-C that is ignored; a terminal does not.
UP = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from pipelines.cockpit import up
up(where={"home": sys.argv[1]}, port=None, progress=lambda *step: None, show=lambda text: print(text, flush=True))
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return prepare({"home": str(tmp_path / "home")}, None)


def cockpit_up(place: Place) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", UP, str(place.home)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True)


def eventually(true: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.2)
    return true()


def test_ctrl_c_ends_every_component(place: Place) -> None:
    cockpit = cockpit_up(place)
    assert cockpit.stdout is not None
    shown = cockpit.stdout.readline() + cockpit.stdout.readline()
    assert "http://127.0.0.1:" in shown
    assert place.keys["password"] in shown
    assert len(marked(place.marker)) >= 4  # the cockpit's three components and their own children
    cockpit.send_signal(signal.SIGINT)
    assert cockpit.wait(120) == 0
    assert marked(place.marker) == []


def test_a_killed_cockpit_takes_its_components_with_it(place: Place) -> None:
    cockpit = cockpit_up(place)
    assert eventually(
        lambda: place.log("scheduler").exists() and place.log("scheduler").stat().st_size > 0, 240
    )
    cockpit.kill()
    cockpit.wait()
    assert eventually(lambda: marked(place.marker) == [], 240)


def test_a_component_that_ends_by_itself_is_named_with_its_log(place: Place) -> None:
    with pytest.raises(AirflowFailed, match="scheduler") as failed, stopped_at_the_end(place) as children:
        children.running["scheduler"] = launch(place, "scheduler", ("no-such-verb",), by_clock=False)
        children.running["scheduler"].wait(240)
        children.check()
    assert failed.value.place == str(place.log("scheduler"))
    assert marked(place.marker) == []


def test_a_component_that_does_not_heed_is_killed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.cockpit.children._GRACE_SECONDS", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    env = {**os.environ, "HEDUI_COCKPIT": place.marker}
    children = Children(place)
    command = [sys.executable, "-c", deaf]
    child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, start_new_session=True)
    assert child.stdout is not None
    child.stdout.readline()
    children.running["scheduler"] = child
    children.stop()
    assert child.returncode == -signal.SIGKILL
    assert marked(place.marker) == []


def test_a_port_in_use_is_refused_before_anything_starts(place: Place) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(AirflowFailed, match="in use"):
            check_port(other.getsockname()[1])


def test_two_homes_bear_two_markers(place: Place, tmp_path: Path) -> None:
    other = prepare({"home": str(tmp_path / "other")}, None)
    assert other.marker != place.marker
    assert other.keys["jwt"] != place.keys["jwt"]
    assert len(other.keys["jwt"].encode()) >= 64


def test_the_cockpit_never_imports_airflow() -> None:
    code = "import sys, pipelines.cockpit; sys.exit(any(name.split('.')[0] == 'airflow' for name in sys.modules))"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", code], env=env, timeout=240, check=False).returncode == 0
