"""The month's site in a real browser: silent, self-contained, and no wider than the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

PAGES = ("index.html", "flags.html", "households/H-0001.html", "households/H-0008.html")
WIDTHS = (1366, 390, 320)


@dataclass(kw_only=True)
class Visit:
    """A page opened once, with everything it complained about or asked for."""

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(params=["light", "dark"])
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    context = browser.new_context(color_scheme=request.param)
    visit = Visit(page=context.new_page())
    visit.page.on("console", lambda message: visit.messages.append(message.text))
    visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
    visit.page.on("requestfailed", lambda failed: visit.messages.append(failed.url))
    visit.page.on("request", lambda asked: visit.requests.append(asked.url))
    yield visit
    context.close()


def every_page() -> list[str]:
    return [root + page for root in ("", "en/") for page in PAGES]


@pytest.mark.parametrize("path", every_page())
def test_a_page_is_silent_asks_for_nothing_outside_and_never_scrolls_sideways(
    visit: Visit, site_root: Path, path: str
) -> None:
    for width in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.page.goto((site_root / path).as_uri())
        widths = visit.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert widths[0] <= widths[1], f"{path} at {width}"
    assert visit.messages == []
    outside = [url for url in visit.requests if not url.startswith((site_root.as_uri(), "data:"))]
    assert outside == []


def test_the_style_sheet_is_in_force_under_the_pages_own_security_policy(
    visit: Visit, site_root: Path
) -> None:
    visit.page.goto((site_root / "households/H-0001.html").as_uri())
    border = visit.page.evaluate("getComputedStyle(document.querySelector('.why')).borderLeftWidth")
    assert border == "8px"


def test_light_and_dark_follow_the_readers_setting(browser: Browser, site_root: Path) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto((site_root / "index.html").as_uri())
        colours[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.close()
    assert colours == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 25, 29)"}


def test_an_officer_reaches_a_household_from_the_overview_and_reads_why(
    visit: Visit, site_root: Path
) -> None:
    visit.page.goto((site_root / "index.html").as_uri())
    visit.page.get_by_role("link", name="名下机动车").click()
    visit.page.get_by_role("link", name="CS00000001").click()
    assert "机动车1辆" in visit.page.locator(".why .sentence[lang='zh-CN']").inner_text()
    assert "counted motor vehicle" in visit.page.locator(".why .sentence[lang='en']").inner_text()


def test_the_language_link_leads_to_the_same_page_and_back(visit: Visit, site_root: Path) -> None:
    visit.page.goto((site_root / "households/H-0004.html").as_uri())
    visit.page.get_by_role("link", name="English").click()
    expect(visit.page).to_have_url(re.compile(r"/en/households/H-0004\.html$"))
    assert visit.page.locator("h1").inner_text().startswith("Income above the standard")
    visit.page.get_by_role("link", name="中文").click()
    expect(visit.page).to_have_url(re.compile(r"(?<!/en)/households/H-0004\.html$"))
    assert visit.page.locator("h1").inner_text().startswith("收入高于保障标准")


def test_what_would_clear_a_flag_is_on_the_screen_and_not_on_paper(visit: Visit, site_root: Path) -> None:
    visit.page.goto((site_root / "households/H-0001.html").as_uri())
    assert visit.page.locator(".officers").first.is_visible()
    visit.page.emulate_media(media="print")
    assert not visit.page.locator(".officers").first.is_visible()
    assert visit.page.locator(".why .sentence").first.is_visible()


def test_keyboard_alone_reaches_the_content(visit: Visit, site_root: Path) -> None:
    visit.page.goto((site_root / "index.html").as_uri())
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    visit.page.keyboard.press("Enter")
    expect(visit.page).to_have_url(re.compile("#content$"))
