"""The imperative shell: read partition → stage → conform → atomic write → ledger entry.

Every function takes and returns what JSON can say, so that Airflow tasks and `hedui run` call the same.
"""

from pipelines.run.fetching import bring
from pipelines.run.inbox import find, unread
from pipelines.run.landing import land
from pipelines.run.month import (
    assess_run,
    compose_run,
    flag_run,
    link_run,
    open_run,
    publish_run,
    report_run,
    settle,
)
from pipelines.run.whole import run_month

__all__ = [
    "assess_run",
    "bring",
    "compose_run",
    "find",
    "flag_run",
    "land",
    "link_run",
    "open_run",
    "publish_run",
    "report_run",
    "run_month",
    "settle",
    "unread",
]
