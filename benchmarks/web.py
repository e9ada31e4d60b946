"""The queue on a large city: how long the server takes and how much it sends, page by page.

    python benchmarks/web.py [--cases 100000] [--ledger URL]

A made-up month of so many open cases is put straight into the projection (no run, no registry); then a signed-in officer
of the district opens the queue through the whole application, without a network: first page, a filtered one, the
thousandth, a township's own. Times are the median and the worst of 20 after 2 to warm up.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import Engine, insert

from pipelines.base.period import now
from pipelines.base.settings import Where
from pipelines.web.app import create_app
from pipelines.web.settings import WebSettings
from pipelines.web.store.projection import count_reasons
from pipelines.web.store.schema import CASE
from pipelines.wording.labels import OUTCOMES, REASONS

TOWNS, VILLAGES = 40, 20
WARM, TIMES = 2, 20
SECRET = "a benchmark's own secret, worth nothing"  # noqa: S105


def fill(engine: Engine, cases: int) -> None:
    """Cases spread over towns, villages, reasons and sixty due days."""
    codes, outcomes = list(REASONS), list(OUTCOMES)
    rows: list[dict[str, Any]] = [
        {
            "case_no": f"HD-202610-{number:06d}",
            "jurisdiction": "demo",
            "household_id": f"H-{number}",
            "household_no": f"CS{number:08d}",
            "programme": "dibao_urban",
            "town": f"第{number % TOWNS}镇",
            "village": f"第{number // TOWNS % VILLAGES}村",
            "head": "张**",
            "members": number % 5 + 1,
            "codes": sorted({codes[number % len(codes)], codes[number // 7 % len(codes)]}),
            "track": "eligibility",
            "outcome": outcomes[number % len(outcomes)],
            "state": "village_check",
            "difference": -100 * (number % 900),
            "is_incomplete": number % 9 == 0,
            "opened_month": "2026-10",
            "month": "2026-10",
            "run_id": "R-BENCH",
            "due_date": date(2026, 11, 1) + timedelta(days=number * 7919 % 60),
            "is_open": True,
        }
        for number in range(1, cases + 1)
    ]
    with engine.begin() as connection:
        for start in range(0, cases, 5_000):
            connection.execute(insert(CASE), rows[start : start + 5_000])
        count_reasons(connection, "demo")


def officer(app: Any, role: str, town: str) -> FlaskClient:
    with app.app_context():
        store = app.extensions["security"].datastore
        store.create_user(
            username=role, display_name=role, password=hash_password(SECRET), town=town, village="", active=True,
            created_at=now(), roles=[role],
        )  # fmt: skip
        store.commit()
    client: FlaskClient = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    client.post("/sign-in", data={"username": role, "password": SECRET, "csrf_token": found[1]})
    return client


def measure(client: FlaskClient, path: str) -> tuple[float, float, int]:
    """Median and worst milliseconds, and bytes of HTML."""
    taken, size = [], 0
    for turn in range(WARM + TIMES):
        started = time.perf_counter()
        answer = client.get(path)
        if turn >= WARM:
            taken.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
        size = len(answer.data)
    return statistics.median(taken), max(taken), size


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--ledger")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        where = Where(
            home=home,
            inbox=None,
            jurisdiction="demo",
            ledger=asked.ledger or f"sqlite:///{home}/ledger.sqlite",
        )
        app = create_app(WebSettings(where=where, secret=SECRET))
        started = time.perf_counter()
        fill(app.extensions["hedui"].engine, asked.cases)
        sys.stdout.write(f"{asked.cases} cases written in {time.perf_counter() - started:.1f} s\n")
        district, township = officer(app, "district", ""), officer(app, "township", "第7镇")
        for name, client, path in (
            ("workbench, district", district, "/"),
            ("queue, first page", district, "/queue"),
            ("queue, page 1000 of 2000", district, "/queue?after=2026-12-01.50000"),
            ("queue, one reason", district, "/queue?code=member_deceased"),
            ("queue, three filters", district, "/queue?code=vehicle_owned&town=第3镇&outcome=keep"),
            ("queue, late", district, "/queue?due=late"),
            ("queue, one township", township, "/queue"),
        ):
            middle, worst, size = measure(client, path)
            sys.stdout.write(f"{name:<26} {middle:7.1f} ms  worst {worst:7.1f} ms  {size:>7,} bytes\n")


if __name__ == "__main__":
    main()
