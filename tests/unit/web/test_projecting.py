"""A month published while the site runs reaches the queue by itself."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import get_args

import pyarrow.compute as pc

from pipelines.policy.stated import Track
from pipelines.web.projecting import keep_latest
from pipelines.web.store.projection import TRACKS
from pipelines.web.store.queue import Area, tallies
from tests.fixtures.published import publish
from tests.unit.s7_report.tables import FLAGS, month, table
from tests.unit.web.parts import settings, site_of, small_site

ALL = Area(jurisdiction="demo", is_whole=True, town="", village="")


class Turns(threading.Event):
    """An end that comes after so many turns."""

    def __init__(self, turns: int) -> None:
        super().__init__()
        self.left = turns

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        return self.left < 0


def test_the_queue_follows_the_latest_publication(tmp_path: Path) -> None:
    site = site_of(small_site(tmp_path))
    flags = table("flag", FLAGS)
    fewer = month(flags=flags.filter(pc.not_equal(flags["household_id"], "H-0001")))
    publish(fewer, site.settings.where, month="2024-07", run_id="R-NEXT", previous="R-TEST")
    keep_latest(site, Turns(2), every=0)
    assert tallies(site.engine, ALL)[""] == 9


def test_every_track_a_pack_may_state_has_a_period_and_a_place() -> None:
    tracks = set(get_args(Track))
    assert set(settings(Path()).review_workdays) == tracks
    assert set(TRACKS) == tracks
