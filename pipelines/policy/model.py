"""Packs from their YAML files. Whatever is wrong is said with file, line, key path and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipelines.base.errors import PackInvalid
from pipelines.policy.catalogue import KNOWN, PARAMETERS, RULES, Unit, unit_of
from pipelines.policy.marked_yaml import MarkedFile, read_marked
from pipelines.policy.pack import Authorisation, Pack, PackHeader, Parameter, RuleInForce, Step

__all__ = ["PACKS_ROOT", "Pack", "Parameter", "RuleInForce", "Step", "load_pack"]

Steps = Mapping[date, Step]

PACKS_ROOT = Path(__file__).parent / "packs"

_HEADER = "pack.yaml"
_DATE_SHAPE = re.compile(r"\d{4}\W?\d{1,2}\W?\d{1,2}")
_GROUPS = frozenset(path.rsplit(".", depth)[0] for path in KNOWN for depth in range(1, path.count(".") + 1))


def load_pack(jurisdiction: str, root: Path = PACKS_ROOT) -> Pack:
    """The pack of a jurisdiction, checked as a whole; PackInvalid names file, line, key and remedy."""
    return _read(jurisdiction, root, ())


def _read(jurisdiction: str, root: Path, heirs: tuple[str, ...]) -> Pack:
    """The pack with what it takes over from the one it extends."""
    folder = _folder(jurisdiction, root)
    marked = read_marked(folder / _HEADER)
    header = _header(marked, jurisdiction)
    base = None
    if header.extends is not None:
        _check_no_circle(header.extends, (*heirs, jurisdiction), marked)
        base = _read(header.extends, root, (*heirs, jurisdiction))
    own = _parameters(folder)
    pack = Pack(
        jurisdiction=jurisdiction,
        title=header.title.model_dump(),
        extends=header.extends or "",
        rules=header.rules or (base.rules if base else {}),
        programmes=(dict(base.programmes) if base else {})
        | {name: programme.standard for name, programme in header.programmes.items()},
        entitlements=(dict(base.entitlements) if base else {})
        | {
            name: programme.entitlement
            for name, programme in header.programmes.items()
            if programme.entitlement
        },
        lists=header.lists or (base.lists if base else ()),
        authorisation=_authorisation(header, base, marked),
        parameters=(dict(base.parameters) if base else {}) | own,
    )
    _check_whole(pack, marked)
    return pack


def _folder(jurisdiction: str, root: Path) -> Path:
    known = sorted(path.parent.name for path in root.glob(f"*/{_HEADER}"))
    if jurisdiction not in known:
        raise PackInvalid(
            f"no pack is called [{jurisdiction}]", place="policy/packs", remedy=f"one of: {', '.join(known)}"
        )
    return root / jurisdiction


def _check_no_circle(extends: str, heirs: tuple[str, ...], marked: MarkedFile) -> None:
    if extends in heirs:
        raise PackInvalid(
            f"extends itself through {' → '.join((*heirs, extends))}",
            place=marked.place("extends"),
            remedy="let one of them stand alone",
        )


def _header(marked: MarkedFile, jurisdiction: str) -> PackHeader:
    try:
        header = PackHeader.model_validate(marked.data)
    except ValidationError as error:
        raise _refused(marked, "", error, PackHeader.model_fields) from error
    if header.jurisdiction != jurisdiction:
        raise PackInvalid(
            f"says it is for [{header.jurisdiction}]",
            place=marked.place("jurisdiction"),
            remedy=f"write {jurisdiction}, the name of its folder",
        )
    for code in header.rules:
        if code not in RULES:
            raise PackInvalid(
                f"no rule is called [{code}]",
                place=marked.place(f"rules.{code}"),
                remedy=_suggestion(code, RULES),
            )
    return header


def _authorisation(header: PackHeader, base: Pack | None, marked: MarkedFile) -> Authorisation:
    """Its own word on authorisations, else that of the pack it extends; without one nobody may be looked up."""
    if header.authorisation is not None:
        return header.authorisation
    if base is None:
        raise PackInvalid(
            "does not say where the authorisations are",
            place=marked.name,
            remedy="add `authorisation: {kept: delivered | on_file, citation: …}`",
        )
    return base.authorisation


def _parameters(folder: Path) -> dict[str, Steps]:
    found: dict[str, Steps] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file.name == _HEADER:
            continue
        marked = read_marked(file)
        for path, steps in _walk(marked, marked.data, ""):
            if path in found:
                raise PackInvalid(
                    f"[{path}] is stated in two files", place=marked.place(path), remedy="keep it in one"
                )
            found[path] = steps
    return found


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
                remedy=_suggestion(path, [*KNOWN, *_GROUPS]),
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
        remedy=f"values stand below their first day, YYYY-MM-DD; {_suggestion(f'{path}.{key}', KNOWN)}",
    )


def _step(marked: MarkedFile, path: str, key: str, stated: object) -> Step:
    where = f"{path}.{key}"
    try:
        step = Step.model_validate(stated)
    except ValidationError as error:
        raise _refused(marked, where, error, Step.model_fields) from error
    expected = unit_of(path)
    if step.unit not in list(Unit):
        raise PackInvalid(
            f"[{step.unit}] is not a unit",
            place=marked.place(f"{where}.unit"),
            remedy=f"write {expected}; units are: {', '.join(Unit)}",
        )
    if step.unit != expected:
        raise PackInvalid(
            f"[{step.unit}] is not the unit of {path}",
            place=marked.place(f"{where}.unit"),
            remedy=f"write {expected} and state the value in it",
        )
    if step.value is not None and isinstance(step.value, tuple) != (expected is Unit.CODES):
        shape = "a list of codes" if expected is Unit.CODES else "a whole number"
        raise PackInvalid(
            "has the wrong shape", place=marked.place(f"{where}.value"), remedy=f"write {shape}"
        )
    return step


def _refused(marked: MarkedFile, above: str, error: ValidationError, keys: Iterable[str]) -> PackInvalid:
    """The first of pydantic's complaints, with our place and remedy."""
    first = error.errors()[0]
    inner = [str(part) for part in first["loc"] if isinstance(part, str) and "[" not in part]
    inner = [part for part in inner if part not in ("constrained-int", "int", "tuple")]
    path = ".".join([*([above] if above else []), *inner])
    name = inner[-1] if inner else "value"
    if first["type"] == "missing":
        return PackInvalid(f"has no {name}", place=marked.place(path), remedy=f"add `{name}:`")
    if first["type"] == "extra_forbidden":
        return PackInvalid(
            f"no key is called [{name}] here", place=marked.place(path), remedy=_suggestion(name, list(keys))
        )
    return PackInvalid(f"[{name}] is not right: {first['msg']}", place=marked.place(path), remedy=_REMEDY)


_REMEDY = "money and counts are whole numbers (分), codes are lists of quoted texts, citations are not empty"


def _suggestion(typed: str, names: Iterable[str]) -> str:
    """The nearest known name, else the way to the list of names."""
    near = get_close_matches(typed, list(names), n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"one of: {', '.join(sorted(names))}"


def _check_whole(pack: Pack, marked: MarkedFile) -> None:
    """A pack states every parameter, at least one rule and programme, and standards that are standards."""
    named = {path for paths in pack.entitlements.values() for path in paths}
    missing = sorted((set(PARAMETERS) | named) - set(pack.parameters))
    if missing:
        raise PackInvalid(
            f"states no {', '.join(missing)}", place=marked.name, remedy="add it with a date and a citation"
        )
    for name, wanted in (("rules", pack.rules), ("programmes", pack.programmes), ("lists", pack.lists)):
        if not wanted:
            raise PackInvalid(f"names no {name}", place=marked.name, remedy=f"add `{name}:`")
    for programme, standard in pack.programmes.items():
        if PARAMETERS.get(standard) is not Unit.FEN_PER_PERSON_MONTH:
            standards = [path for path in PARAMETERS if path.startswith("income.standard.")]
            raise PackInvalid(
                f"[{standard}] is not a standard",
                place=marked.place(f"programmes.{programme}.standard"),
                remedy=_suggestion(standard, standards),
            )
