"""Every page of the review site in a real browser: silent, self-contained, legible by day and night and on a phone."""

from __future__ import annotations

from playwright.sync_api import Browser
from pytest import mark

from pipelines.web.words import catalog as own
from pipelines.wording.texts import catalog as of_cases
from tests.web.conftest import Served
from tests.web.review import BROKEN, FULL_ID, person

WIDTHS = (1366, 390, 320)
MOST_BYTES = 100_000
IN_CASE = ("", "members", "evidence", "lineage")
PAGES = (
    "/",
    "/queue",
    "/queue?code=vehicle_owned&due=late",
    "/account",
    "/account/second-factor",
    *(f"/cases/HD-202406-{number:05d}/{page}" for number in (1, 8) for page in IN_CASE),
    *(f"/cases/HD-202406-{number:05d}/" for number in (2, 3, 4, 5, 6, 7, 9, 10)),
)
ENGLISH_LEFT = {
    message.id if isinstance(message.id, str) else message.id[0]
    for catalog in (own(), of_cases())
    for message in catalog
    if message.id and message.id != message.string
}


@mark.parametrize("colours", ["light", "dark"])
@mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_sound(browser: Browser, served: Served, colours: str, lang: str) -> None:
    with person(browser, served, color_scheme=colours) as reader:
        reader.sign_in("district")
        reader.goto(f"/language/{lang}?back=/")
        for path in PAGES:
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
        assert reader.messages == []
        assert [url for url in reader.requests if not url.startswith(served.url)] == []


@mark.parametrize("colours", ["light", "dark"])
@mark.parametrize("width", [1366, 390])
def test_no_page_has_a_fault_of_accessibility(
    browser: Browser, served: Served, colours: str, width: int
) -> None:
    with person(browser, served, color_scheme=colours, viewport={"width": width, "height": 900}) as reader:
        reader.goto("/sign-in")
        faults = {"/sign-in": reader.faults()}
        reader.sign_in("township")
        for path in (*PAGES[:9], "/nothing-here"):
            reader.goto(path)
            reader.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            faults[path] = reader.faults()
        assert {path: found for path, found in faults.items() if found} == {}
