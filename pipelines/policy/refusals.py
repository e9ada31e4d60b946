"""How a mistake in a pack is told: what, where, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from pydantic import ValidationError

from pipelines.base.errors import PackInvalid
from pipelines.policy.marked_yaml import MarkedFile

_REMEDY = (
    "money and counts are whole numbers (分), codes are lists of quoted texts, a formula is {percent, of, rounding}, "
    "citations are not empty"
)
_OF_UNIONS = ("constrained-int", "int", "tuple", "Formula")


def refused(marked: MarkedFile, above: str, error: ValidationError, keys: Iterable[str]) -> PackInvalid:
    """The first of pydantic's complaints, with our place and remedy."""
    first = error.errors()[0]
    inner = [str(part) for part in first["loc"] if isinstance(part, str) and "[" not in part]
    inner = [part for part in inner if part not in _OF_UNIONS]
    path = ".".join([*([above] if above else []), *inner])
    name = inner[-1] if inner else "value"
    if first["type"] == "missing":
        return PackInvalid(f"has no {name}", place=marked.place(path), remedy=f"add `{name}:`")
    if first["type"] == "extra_forbidden":
        return PackInvalid(
            f"no key is called [{name}] here", place=marked.place(path), remedy=suggestion(name, list(keys))
        )
    return PackInvalid(f"[{name}] is not right: {first['msg']}", place=marked.place(path), remedy=_REMEDY)


def suggestion(typed: str, names: Iterable[str]) -> str:
    """The nearest known name, else the way to the list of names."""
    near = get_close_matches(typed, list(names), n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"one of: {', '.join(sorted(names))}"
