"""The embedded Airflow kept open for a person, until Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from pipelines.cockpit.boot import Progress, booted
from pipelines.cockpit.place import USER, prepare

_CHECK_SECONDS = 1.0


def up(
    *, where: Mapping[str, object], port: int | None, progress: Progress, show: Callable[[str], None]
) -> None:
    """Boots, shows address, user and password, and stays. Here the sources' calendars do start runs."""
    place = prepare(where, port)
    with booted(place, by_clock=True, progress=progress) as (children, _):
        try:  # from the first word on: a Ctrl-C right after it is an answer too
            show(f"Airflow 已就绪 / is ready: {place.address}")
            show(f"用户 / user: {USER}   密码 / password: {place.keys['password']}")
            show("Ctrl-C 结束 / ends it")
            while True:
                children.check()
                time.sleep(_CHECK_SECONDS)
        except KeyboardInterrupt:
            show("正在停止 / stopping")
