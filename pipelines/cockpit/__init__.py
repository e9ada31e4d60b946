"""The embedded Airflow: started, watched and stopped by us, as child processes; nothing here imports airflow.

`run_month` runs one month through the real DAGs and leaves nothing running. `up` keeps it open for a person.
"""

from __future__ import annotations

from pipelines.cockpit.month import CockpitResult, DagRun, run_month
from pipelines.cockpit.serve import up

__all__ = ["CockpitResult", "DagRun", "run_month", "up"]
