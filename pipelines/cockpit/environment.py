"""The environment of the embedded Airflow's processes. Every line that is not obvious says why it is there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipelines.cockpit.place import USER, Place

PRELOAD_DIR = Path(__file__).parent / "preload"
# What the tasks need, imported once in the scheduler and inherited by every task it forks.
PRELOAD = "great_expectations,pandas,pyarrow.parquet,duckdb,rapidfuzz,sqlalchemy,pydantic,yaml,pipelines.run"
# Nothing of the caller's Airflow may leak in: a stray AIRFLOW__ variable would point at another database.
_DROPPED = ("AIRFLOW", "GX_", "OTEL_", "SENTRY_", "PYTHONPATH")


def of_component(place: Place, component: str, *, by_clock: bool) -> dict[str, str]:
    """The whole environment of one component."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
    env |= {f"AIRFLOW__{name}": value for name, value in airflow_settings(place, by_clock=by_clock).items()}
    env |= place.data
    return env | {
        "AIRFLOW_HOME": str(place.folder),
        "HEDUI_COCKPIT": place.marker,
        "HEDUI_COCKPIT_PID": str(os.getpid()),
        "HEDUI_PRELOAD": PRELOAD if component == "scheduler" else "",
        "HEDUI_SCHEDULES": "on" if by_clock else "off",
        "PYTHONPATH": os.pathsep.join([str(place.root), str(PRELOAD_DIR)]),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONUNBUFFERED": "1",
        "SPT_NOENV": "1",  # setproctitle would overwrite the environment that bears the marker
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        # Nothing leaves the machine.
        "GX_ANALYTICS_ENABLED": "False",
        "OTEL_SDK_DISABLED": "true",
        "SCARF_ANALYTICS": "false",
        "DO_NOT_TRACK": "1",
    }


def airflow_settings(place: Place, *, by_clock: bool) -> dict[str, str]:
    """Airflow's own settings, SECTION__KEY."""
    return _core(place) | _speed(by_clock) | _quiet() | _web(place)


def _core(place: Place) -> dict[str, str]:
    return {
        "CORE__DAGS_FOLDER": str(place.root / "dags"),
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": str((os.cpu_count() or 2) + 2),  # 32 by default; two more than cores, see _speed
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "0",
        "CORE__HOSTNAME_CALLABLE": "socket.gethostname",  # the default asks the name server
        "CORE__FERNET_KEY": place.keys["fernet"],
        "CORE__EXECUTION_API_SERVER_URL": f"{place.address}/execution/",  # only port 8080 is found without
        "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{place.folder}/airflow.db",
        "API_AUTH__JWT_SECRET": place.keys["jwt"],
        "LOGGING__BASE_LOG_FOLDER": str(place.folder / "logs" / "tasks"),
        "LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
        "LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
        "LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(place.folder / "logs" / "dag_files"),
    }


def _speed(by_clock: bool) -> dict[str, str]:
    return {
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",  # chains of short tasks wait for the next loop
        "SCHEDULER__PARSING_CLEANUP_INTERVAL": "600",
        "DAG_PROCESSOR__PARSING_PROCESSES": "2",
        # One month: the DAG files do not change under it, and parsing again costs a core.
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60" if by_clock else "3600",
        "DAG_PROCESSOR__STALE_DAG_THRESHOLD": "7200",
        # Airflow 3.3.2 notices the end of most tasks only at the next heartbeat: 10 s made 44 tasks take 110 s.
        "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    }


def _quiet() -> dict[str, str]:
    return {
        "METRICS__STATSD_ON": "False",
        "METRICS__OTEL_ON": "False",
        "TRACES__OTEL_ON": "False",
        "SENTRY__SENTRY_ON": "False",
        "OPENLINEAGE__DISABLED": "True",
        "LOGGING__COLORED_CONSOLE_LOG": "False",
        "LOGGING__UVICORN_LOGGING_LEVEL": "WARNING",
    }


def _web(place: Place) -> dict[str, str]:
    return {
        "API__HOST": "127.0.0.1",
        "API__PORT": str(place.port),
        "API__BASE_URL": place.address,
        "API__WORKERS": "1",
        "API__MAXIMUM_PAGE_LIMIT": "1000",
        "API__SECRET_KEY": place.keys["session"],
        "API__INSTANCE_NAME": "核对 Hedui",
        "API__ENABLE_SWAGGER_UI": "False",  # its page loads scripts from elsewhere
        "CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(place.folder / "passwords.json"),
    }
