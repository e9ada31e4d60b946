"""Copies of the shipped packs with something changed in them."""

from __future__ import annotations

from pathlib import Path

from pipelines.policy.model import PACKS_ROOT


def copied(root: Path) -> Path:
    """All packs, to be changed."""
    for source in PACKS_ROOT.glob("*/*.yaml"):
        target = root / source.parent.name / source.name
        target.parent.mkdir(exist_ok=True)
        target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return root


def changed(root: Path, file: str, old: str, new: str) -> Path:
    """`old` in the file changed to `new` once."""
    target = root / file
    text = target.read_text(encoding="utf-8")
    assert old in text
    target.write_text(text.replace(old, new, 1), encoding="utf-8")
    return root


def added(root: Path, pack: str, files: dict[str, str]) -> Path:
    """A pack of its own beside the others."""
    (root / pack).mkdir()
    for name, text in files.items():
        (root / pack / name).write_text(text, encoding="utf-8")
    return root
