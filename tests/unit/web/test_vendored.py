"""What is vendored is what its list says, asks for no file and bears nobody's crest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.base.ids import digest_file
from pipelines.reference import ROOT
from pipelines.web.vendor import without_foreign_parts

FOLDERS = (ROOT / "pipelines" / "web" / "static" / "vendor", ROOT / "tests" / "web" / "vendor")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parts[-3])
def test_every_file_has_the_digest_its_list_states(folder: Path) -> None:
    listed = dict(
        re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", (folder / "VENDORED.md").read_text(), re.MULTILINE)
    )
    there = {path.name: digest_file(path) for path in folder.iterdir() if path.suffix in (".css", ".js")}
    assert there == listed


def test_the_style_sheets_ask_for_nothing() -> None:
    for path in (ROOT / "pipelines" / "web" / "static").rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"url\(|@import|@font-face|GDS Transport|gov\.uk|crown", text), path


def test_fonts_pictures_and_crests_are_dropped_and_the_rest_stays() -> None:
    given = (
        "/* c */@font-face{font-family:GDS Transport;src:url(/assets/a.woff2)}.a{font-family:GDS Transport,arial,sans-serif}"
        ".x-footer__crown{color:red}.b{background:url(/assets/images/i.svg) no-repeat}"
    )
    kept = without_foreign_parts(given)
    assert kept.startswith(".a{font-family:system-ui")
    assert kept.endswith(".b{background:none no-repeat}\n")
    assert "crown" not in kept and "url" not in kept
