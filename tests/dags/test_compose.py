"""docker-compose.yml is a valid compose file and nothing in it points to what is not there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
AIRFLOW = {"init", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load(COMPOSE.read_text(encoding="utf-8")))


def named(items: list[Any]) -> set[str]:
    """What a list of volumes or secrets refers to: named volumes by name, host paths as they stand."""
    return {item["source"] if isinstance(item, dict) else item.split(":", maxsplit=1)[0] for item in items}


def test_it_is_a_compose_file() -> None:
    tool = Path(sys.executable).with_name("check-jsonschema")
    subprocess.run([tool, "--builtin-schema", "vendor.compose-spec", COMPOSE], check=True, timeout=60)


def test_no_service_waits_for_one_that_is_not_there_or_cannot_be_healthy(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for other, how in service.get("depends_on", {}).items():
            assert other in compose["services"], f"{name} waits for {other}"
            assert "profiles" not in compose["services"][other], f"{name} waits for {other}, which may be off"
            if how["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][other], f"{other} has no health check"


def test_volumes_networks_and_secrets_are_declared_and_used(compose: dict[str, Any]) -> None:
    services = compose["services"].values()
    volumes = {ref for s in services for ref in named(s.get("volumes", [])) if not ref.startswith((".", "$"))}
    secrets = {ref for s in services for ref in named(s.get("secrets", []))}
    assert volumes == set(compose["volumes"])
    assert secrets == set(compose["secrets"])
    assert {net for s in services for net in s["networks"]} == set(compose["networks"])


def test_every_secret_is_a_file_that_make_secrets_makes(compose: dict[str, Any], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docker", tmp_path / "docker", ignore=shutil.ignore_patterns("secrets"))
    (tmp_path / "docker" / "secrets").mkdir()
    subprocess.run(["sh", tmp_path / "docker" / "make-secrets.sh"], check=True, timeout=60)
    for name, secret in compose["secrets"].items():
        assert (tmp_path / secret["file"]).stat().st_size > 16, name
    before = (tmp_path / "docker/secrets/jwt_secret").read_bytes()
    subprocess.run(["sh", tmp_path / "docker" / "make-secrets.sh"], check=True, timeout=60)
    assert (tmp_path / "docker/secrets/jwt_secret").read_bytes() == before
    assert len(before) >= 64


def test_secrets_become_variables_from_files_only(compose: dict[str, Any]) -> None:
    environment = compose["services"]["scheduler"]["environment"]
    for name, value in environment.items():
        assert not re.search(
            r"(PASSWORD|SECRET|FERNET|BROKER|CONN|BACKEND|LEDGER)[A-Z_]*$", name
        ) or name.endswith("_FILE"), name
        if name.endswith("_FILE") and value.startswith("/run/secrets/"):
            assert value.removeprefix("/run/secrets/") in compose["services"]["scheduler"]["secrets"], name


def test_every_variable_of_the_shell_has_a_default_or_says_what_is_missing() -> None:
    for variable in re.findall(r"(?<!\$)\$(?!\$)\{?([^}\s\"']+)", COMPOSE.read_text(encoding="utf-8")):
        assert re.fullmatch(r"[A-Z_]+(:-|:\?).*", variable), variable


def test_files_named_on_the_host_are_in_the_repository(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for ref in named(service.get("volumes", [])):
            assert not ref.startswith("./") or (ROOT / ref).exists(), ref
        if "build" in service:
            assert (ROOT / service["build"]["dockerfile"]).is_file()


def test_nobody_is_root_and_only_loopback_ports_are_open(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert not service["user"].startswith(("0", "root")), name
        assert service["cap_drop"] == ["ALL"], name
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name


def test_images_are_pinned_and_long_running_services_have_a_health_check(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert re.search(r":\d+\.\d+", service["image"]), f"{name} is not pinned"
        assert name == "init" or "healthcheck" in service, name
    for base in re.findall(r"^FROM (\S+)", (ROOT / "docker/Dockerfile").read_text("utf-8"), re.MULTILINE):
        assert re.search(r":\d+\.\d+\.\d+", base), base


def test_what_the_image_copies_is_there() -> None:
    for line in re.findall(
        r"^COPY (?!--from)(.+) \S+$", (ROOT / "docker/Dockerfile").read_text("utf-8"), re.MULTILINE
    ):
        for path in line.split():
            assert (ROOT / path).exists(), path


def test_all_airflow_components_run_the_same_image(compose: dict[str, Any]) -> None:
    assert {compose["services"][name]["image"] for name in AIRFLOW} == {"hedui:0.1.0"}


def test_the_workers_lock_adds_to_the_main_lock_and_contradicts_nothing() -> None:
    locked = {}
    for name in ("requirements.lock", "docker/cluster.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        locked[name] = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))
    assert "apache-airflow-providers-celery" in locked["docker/cluster.lock"]
    assert not set(locked["requirements.lock"]) & set(locked["docker/cluster.lock"])
