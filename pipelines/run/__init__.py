"""The imperative shell: read partition → stage → conform → atomic write → ledger entry.

Every function takes and returns what JSON can say, so that Airflow tasks and `hedui run` call the same.
What fails for a reason that is not ours comes out without its text (pipelines.base.faults): Airflow logs it.
"""

from pipelines.base.faults import masked
from pipelines.run import fetching, inbox, landing, month, whole

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

assess_run = masked(month.assess_run)
bring = masked(fetching.bring)
compose_run = masked(month.compose_run)
find = masked(inbox.find)
flag_run = masked(month.flag_run)
land = masked(landing.land)
link_run = masked(month.link_run)
open_run = masked(month.open_run)
publish_run = masked(month.publish_run)
report_run = masked(month.report_run)
run_month = masked(whole.run_month)
settle = masked(month.settle)
unread = masked(inbox.unread)
