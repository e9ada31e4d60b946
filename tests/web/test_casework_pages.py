"""The pages of casework in a real browser, on cases that stand at every point of their course."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest import mark
from sqlalchemy import select

from pipelines.web.store.schema import BATCH, PUBLICITY
from pipelines.web.workdays import today
from tests.unit.s7_report.tables import TOWNS
from tests.unit.web.parts import row_of, send, sign_in, site_of
from tests.unit.web.test_casework import CASE_NO, CHECKED, REDUCED, SERVED, decided
from tests.unit.web.test_many_cases import numbers, post, recommended, staged
from tests.web.conftest import Served, serve
from tests.web.review import BROKEN, FULL_ID, person
from tests.web.test_review_pages import ENGLISH_LEFT, MOST_BYTES, WIDTHS


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Cases decided, served, objected to, to be heard, in a batch, on a public list, phasing out."""
    with serve(tmp_path_factory.mktemp("busy")) as served:
        app, mine = served.app, numbers(served.app, TOWNS[1])
        town = sign_in(app, "township")
        decided(app)
        send(town, CASE_NO, "serve", **SERVED)
        form = {"town": TOWNS[1], "village": "河西村", "place": "公开栏", "posted_on": today().isoformat()}
        post(town, "/publicity", "/publicity", **form)
        send(town, CASE_NO, "object", received_on=today().isoformat(), words="车三月已卖")
        decided(app, mine[1], effect="end", amount_after="", from_month="2099-01", phase_out_until="2098-12")
        send(town, mine[2], "check", **CHECKED | {"next": "township_review"})
        send(town, mine[2], "recommend", **REDUCED)
        recommended(app, mine[3:5])
        staged(app, mine[3:4])
        yield served


def pages(served: Served) -> dict[str, list[str]]:
    """Who looks at what."""
    mine = numbers(served.app, TOWNS[1])
    assert row_of(served.app, mine[2])["state"] == "hearing"
    with site_of(served.app).engine.connect() as connection:
        batch = connection.scalar(select(BATCH.c.batch_id))
        listed = connection.scalar(select(PUBLICITY.c.publicity_id))
    lists = ["/batches", f"/batches/{batch}", "/publicity", f"/publicity/{listed}", "/phase-out"]
    return {
        "district2": [
            *lists,
            f"/cases/{CASE_NO}/",
            f"/cases/{CASE_NO}/notices",
            f"/cases/{CASE_NO}/do/recheck",
            f"/cases/{mine[2]}/do/hear",
            f"/cases/{mine[4]}/do/confirm",
            f"/cases/{mine[4]}/do/extend",
            "/batches/new?code=vehicle_owned&effect=keep",
        ],
        "township": [
            f"/cases/{mine[1]}/notices",
            f"/cases/{mine[1]}/do/serve",
            f"/cases/{CASE_NO}/do/recheck",
        ],
        "supervisor": ["/queue/unassigned", f"/cases/{mine[2]}/", "/queue?state=hearing&whose=nobody"],
    }


@mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_sound_and_fits_its_screen(browser: Browser, busy: Served, lang: str) -> None:
    for name, paths in pages(busy).items():
        with person(browser, busy, color_scheme="dark" if lang == "en" else "light") as reader:
            reader.sign_in(name)
            reader.goto(f"/language/{lang}?back=/")
            for path in paths:
                reader.goto(path)
                for width in WIDTHS:
                    reader.page.set_viewport_size({"width": width, "height": 900})
                    assert not reader.is_wider_than_the_screen(), (path, width)
                seen = reader.page.locator("body").inner_text()
                assert not BROKEN.search(seen), (path, BROKEN.search(seen))
                assert not FULL_ID.search(reader.page.content()), path
                assert len(reader.page.content().encode()) <= MOST_BYTES, path
                if lang == "zh":
                    assert reader.texts() & ENGLISH_LEFT == set(), path
            unasked = [text for text in reader.messages if "/do/recheck" not in text and "403" not in text]
            assert unasked == []
            assert [url for url in reader.requests if not url.startswith(busy.url)] == []


@mark.parametrize("colours", ["light", "dark"])
@mark.parametrize("width", [1366, 390])
def test_no_page_has_a_fault_of_accessibility(
    browser: Browser, busy: Served, colours: str, width: int
) -> None:
    faults = {}
    for name, paths in pages(busy).items():
        with person(browser, busy, color_scheme=colours, viewport={"width": width, "height": 900}) as reader:
            reader.sign_in(name)
            for path in paths:
                reader.goto(path)
                faults[path] = reader.faults()
    assert {path: found for path, found in faults.items() if found} == {}
