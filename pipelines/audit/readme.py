"""The README of a bundle in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Template

from pipelines.run.month import Run

_WORDS = Path(__file__).parent / "words"
_LISTED = 20


def write_readme(folder: Path, run: Run, bundle_id: str, flag_ids: Sequence[str]) -> None:
    """README.zh.md and README.en.md; of many flags the first stand by name."""
    listed = ", ".join(flag_ids[:_LISTED]) + (" …" if len(flag_ids) > _LISTED else "")
    slots = {"bundle": bundle_id, "run": run.run_id, "month": str(run.period), "count": str(len(flag_ids))}
    for source in sorted(_WORDS.glob("README.*.md")):
        text = Template(source.read_text(encoding="utf-8")).substitute(slots, flags=listed)
        (folder / source.name).write_text(text, encoding="utf-8")
