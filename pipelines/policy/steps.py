"""The parameters of a pack's files: dated values below known paths, in the unit of the path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipelines.base.errors import PackInvalid
from pipelines.policy.catalogue import KNOWN, Unit, unit_of
from pipelines.policy.formula import divides, is_convertible
from pipelines.policy.marked_yaml import MarkedFile, read_marked
from pipelines.policy.refusals import refused, suggestion
from pipelines.policy.stated import Formula, Step

Steps = Mapping[date, Step]

HEADER = "pack.yaml"
_DATE_SHAPE = re.compile(r"\d{4}\W?\d{1,2}\W?\d{1,2}")
_GROUPS = frozenset(path.rsplit(".", depth)[0] for path in KNOWN for depth in range(1, path.count(".") + 1))


@dataclass(frozen=True, kw_only=True)
class StatedParameters:
    """Path → dated values, and path or path and date → file, line and key."""

    steps: Mapping[str, Steps]
    places: Mapping[str, str]


def parameters_of(folder: Path) -> StatedParameters:
    """What the files of the folder state; PackInvalid names file, line, key and remedy."""
    found: dict[str, Steps] = {}
    places: dict[str, str] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file.name == HEADER:
            continue
        marked = read_marked(file)
        for path, steps in _walk(marked, marked.data, ""):
            if path in found:
                raise PackInvalid(
                    f"[{path}] is stated in two files", place=marked.place(path), remedy="keep it in one"
                )
            found[path] = steps
            places[path] = marked.place(path)
            places |= {f"{path}.{day}": marked.place(f"{path}.{day}") for day in steps}
    return StatedParameters(steps=found, places=places)


def _walk(marked: MarkedFile, node: Mapping[str, Any], above: str) -> Iterable[tuple[str, Steps]]:
    for key, below in node.items():
        path = f"{above}.{key}" if above else str(key)
        if path in KNOWN:
            yield path, _steps(marked, path, below)
            continue
        if path not in _GROUPS:
            raise PackInvalid(
                f"no key is called [{key}] here",
                place=marked.place(path),
                remedy=suggestion(path, [*KNOWN, *_GROUPS]),
            )
        if not isinstance(below, Mapping):
            raise PackInvalid("holds no keys", place=marked.place(path), remedy="give it keys, or delete it")
        yield from _walk(marked, below, path)


def _steps(marked: MarkedFile, path: str, below: object) -> Steps:
    if not isinstance(below, Mapping) or not below:
        raise PackInvalid(
            "has no dated value",
            place=marked.place(path),
            remedy="write <date>: {value: …, unit: …, citation: …} below it",
        )
    dated: dict[date, Step] = {}
    for key, stated in below.items():
        day = _day(marked, path, str(key))
        if day in dated:
            raise PackInvalid(
                f"two values begin on {day}", place=marked.place(f"{path}.{key}"), remedy="keep one of them"
            )
        dated[day] = _step(marked, path, str(key), stated)
    return dict(sorted(dated.items()))


def _day(marked: MarkedFile, path: str, key: str) -> date:
    with suppress(ValueError):
        day = date.fromisoformat(key)
        if day.isoformat() == key:
            return day
    place = marked.place(f"{path}.{key}")
    if _DATE_SHAPE.fullmatch(key):
        raise PackInvalid(
            f"[{key}] is not a date", place=place, remedy="write a day that exists as YYYY-MM-DD"
        )
    raise PackInvalid(
        f"[{key}] is neither a date nor a key",
        place=place,
        remedy=f"values stand below their first day, YYYY-MM-DD; {suggestion(f'{path}.{key}', KNOWN)}",
    )


def _step(marked: MarkedFile, path: str, key: str, stated: object) -> Step:
    where = f"{path}.{key}"
    try:
        if isinstance(stated, Mapping) and isinstance(stated.get("value"), Mapping):
            Formula.model_validate(stated["value"])
    except ValidationError as error:
        raise refused(marked, f"{where}.value", error, Formula.model_fields) from error
    try:
        step = Step.model_validate(stated)
    except ValidationError as error:
        raise refused(marked, where, error, Step.model_fields) from error
    _check_unit(marked, path, where, step)
    _check_shape(marked, path, where, step)
    return step


def _check_unit(marked: MarkedFile, path: str, where: str, step: Step) -> None:
    expected = unit_of(path)
    if step.unit not in list(Unit):
        raise PackInvalid(
            f"[{step.unit}] is not a unit",
            place=marked.place(f"{where}.unit"),
            remedy=f"write {expected}; units are: {', '.join(Unit)}",
        )
    if not is_convertible(step.unit, expected):
        raise PackInvalid(
            f"[{step.unit}] is not the unit of {path}",
            place=marked.place(f"{where}.unit"),
            remedy=f"write {expected} and state the value in it",
        )


def _check_shape(marked: MarkedFile, path: str, where: str, step: Step) -> None:
    expected, value = unit_of(path), step.value
    if value is not None and isinstance(value, tuple) != (expected is Unit.CODES):
        shape = "a list of codes" if expected is Unit.CODES else "a whole number"
        raise PackInvalid(
            "has the wrong shape", place=marked.place(f"{where}.value"), remedy=f"write {shape}"
        )
    if isinstance(value, int) and not step.rounding and not divides(value, step.unit, expected):
        raise PackInvalid(
            f"{value} is no whole number of 分 as {expected}",
            place=marked.place(f"{where}.value"),
            remedy="add `rounding: up`, `down` or `half_up`, as the document says",
        )
    if isinstance(value, Formula) and step.unit != expected:
        raise PackInvalid(
            "a formula is worked out in the unit of its parameter",
            place=marked.place(f"{where}.unit"),
            remedy=f"write {expected}",
        )
