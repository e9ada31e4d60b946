"""`python -m pipelines.web.vendor`: fetch the style sheets and htmx from npm and fit them to this product.

Fonts, pictures, crests and comments are dropped and the typeface becomes one every system has, Chinese included. Run it
to move to another version; what it writes is committed, so nobody else needs npm.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.base.ids import digest_bytes
from pipelines.web import notices

HERE = Path(__file__).parent / "static" / "vendor"
TESTS = Path(__file__).parents[2] / "tests" / "web" / "vendor"
_FONTS = (
    'system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",'
    '"Source Han Sans SC","WenQuanYi Micro Hei",arial,sans-serif'
)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of a package."""

    package: str
    version: str
    path: str
    name: str
    licence: str
    fit: Callable[[str], str]
    into: Path = HERE


def without_foreign_parts(style: str) -> str:
    """A style sheet that asks for no file and bears nobody's crest or typeface."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    style = re.sub(r"@font-face\{[^}]*\}", "", style)
    style = re.sub(r"font-family:GDS Transport(,arial,sans-serif)?", f"font-family:{_FONTS}", style)
    style = re.sub(r"url\(/assets/[^)]*\)", "none", style)
    return re.sub(r"[^{}]*(crown|crest|logotype)[^{}]*\{[^{}]*\}", "", style).strip() + "\n"


def as_it_is(text: str) -> str:
    return text


PARTS = (
    Part(
        package="govuk-frontend",
        version="6.6.0",
        path="package/dist/govuk/govuk-frontend.min.css",
        name="govuk-frontend.css",
        licence="MIT",
        fit=without_foreign_parts,
    ),
    Part(
        package="@ministryofjustice/frontend",
        version="11.1.0",
        path="package/moj/moj-frontend.min.css",
        name="moj-frontend.css",
        licence="MIT",
        fit=without_foreign_parts,
    ),
    Part(
        package="htmx.org",
        version="2.0.11",
        path="package/dist/htmx.min.js",
        name="htmx.js",
        licence="0BSD",
        fit=as_it_is,
    ),
    Part(
        package="axe-core",
        version="4.14.1",
        path="package/axe.min.js",
        name="axe.js",
        licence="MPL-2.0",
        fit=as_it_is,
        into=TESTS,
    ),
)


def fetch(part: Part, folder: Path) -> str:
    """The text of one file of a package, as npm delivers it."""
    command = ["npm", "pack", f"{part.package}@{part.version}", "--json", "--silent"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603
    told = json.loads(done.stdout)
    name = (told[0] if isinstance(told, list) else next(iter(told.values())))["filename"]
    with tarfile.open(folder / name) as packed:
        file = packed.extractfile(part.path)
        assert file is not None, part.path  # noqa: S101
        return file.read().decode("utf-8")


def write(parts: tuple[Part, ...] = PARTS) -> None:
    """Every part, and beside them what they are."""
    for into in (HERE, TESTS):
        into.mkdir(parents=True, exist_ok=True)
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            for part in (part for part in parts if part.into == into):
                raw = fetch(part, Path(folder))
                fitted = part.fit(raw).encode()
                (into / part.name).write_bytes(fitted)
                rows.append((part, digest_bytes(raw.encode()), digest_bytes(fitted)))
        (into / "VENDORED.md").write_text(told_of(rows), encoding="utf-8")


def told_of(rows: list[tuple[Part, str, str]]) -> str:
    """The list of what was vendored: package, version, licence, both digests."""
    lines = [
        "# Vendored files",
        "",
        "Written by `python -m pipelines.web.vendor`; do not edit. Style sheets are without fonts, pictures, crests and",
        "comments, and with system typefaces.",
        "",
        "| file | package | version | licence | sha256 as published | sha256 here |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {part.name} | {part.package} (`{part.path.removeprefix('package/')}`) | {part.version} | {part.licence} "
        f"| {raw} | {here} |"
        for part, raw, here in rows
    ]
    return "\n".join([*lines, "", *(notices.TEXTS[licence] for licence in _licences(rows)), ""])


def _licences(rows: list[tuple[Part, str, str]]) -> list[str]:
    return sorted({part.licence for part, _, _ in rows})


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{HERE}\n{TESTS}\n")
