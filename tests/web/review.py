"""What the tests of the review site share: a person in front of a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.unit.web.parts import PASSWORD
from tests.web.conftest import Served

AXE = (Path(__file__).parent / "vendor" / "axe.js").read_text(encoding="utf-8")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A template left open, Python's nothing, script's nothing, a slot nobody filled.
BROKEN = re.compile(r"\{\{|\{%|\bNone\b|\bundefined\b|%\(\w+\)s")
FULL_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


@dataclass(kw_only=True)
class Person:
    """Somebody's browser window, with everything it complained about or asked for."""

    page: Page
    url: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def sign_in(self, name: str) -> None:
        self.page.goto(f"{self.url}/sign-in")
        self.page.fill("#username", name)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button")

    def goto(self, path: str) -> None:
        self.page.goto(self.url + path)

    def faults(self) -> list[str]:
        """What axe finds wrong with the page as it stands, its places too."""
        # The page's own policy forbids scripts from elsewhere; this one is put in by the test's hand.
        found: list[dict[str, Any]] = self.page.evaluate(
            f"{AXE}; axe.run({{runOnly: {{type: 'tag', values: {_RULES!r}}}}}).then(done => done.violations)"
        )
        return [f"{fault['id']}: {[node['html'][:120] for node in fault['nodes'][:3]]}" for fault in found]

    def is_wider_than_the_screen(self) -> bool:
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )

    def texts(self) -> set[str]:
        """Every piece of text of the page."""
        found: list[str] = self.page.evaluate(
            """() => { const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); const texts = [];
            while (walk.nextNode()) texts.push(walk.currentNode.textContent.trim()); return texts; }"""
        )
        return set(found) - {""}


@contextmanager
def person(browser: Browser, served: Served, **how: Any) -> Iterator[Person]:
    """A window of one's own; `how` is screen, colours, script."""
    context = browser.new_context(**how)
    somebody = Person(page=context.new_page(), url=served.url)
    page = somebody.page
    page.on("console", lambda message: somebody.messages.append(message.text))
    page.on("pageerror", lambda error: somebody.messages.append(str(error)))
    page.on("request", lambda asked: somebody.requests.append(asked.url))
    page.on(
        "response",
        lambda answer: (
            somebody.messages.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        ),
    )
    yield somebody
    context.close()
