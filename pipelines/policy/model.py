"""Packs from their YAML files. Whatever is wrong is said with file, line, key path and remedy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from pipelines.base.errors import PackInvalid
from pipelines.policy.catalogue import RULES
from pipelines.policy.checks import check_complete, check_whole, missing_of
from pipelines.policy.marked_yaml import MarkedFile, read_marked
from pipelines.policy.pack import Pack, Parameter
from pipelines.policy.refusals import refused, suggestion
from pipelines.policy.stated import Authorisation, PackHeader, RuleInForce, Step
from pipelines.policy.steps import HEADER, parameters_of

__all__ = ["PACKS_ROOT", "Pack", "Parameter", "RuleInForce", "Step", "load_pack", "pack_names", "read_pack"]

PACKS_ROOT = Path(__file__).parent / "packs"


def load_pack(jurisdiction: str, root: Path = PACKS_ROOT) -> Pack:
    """The pack a month can run with, checked as a whole; PackInvalid names file, line, key and remedy."""
    pack = read_pack(jurisdiction, root)
    if pack.missing:
        raise PackInvalid(
            f"is partial and no month can run with it: it does not state {', '.join(pack.missing)}",
            place=f"{jurisdiction}/{HEADER}",
            remedy=f"write a pack with `extends: {jurisdiction}` that states them, each with a date and a citation",
        )
    return pack


def read_pack(jurisdiction: str, root: Path = PACKS_ROOT) -> Pack:
    """The same, and a partial pack with what it leaves out in `missing`: to be shown and compared."""
    return _read(jurisdiction, root, ())


def pack_names(root: Path = PACKS_ROOT) -> list[str]:
    """The packs there are."""
    return sorted(path.parent.name for path in root.glob(f"*/{HEADER}"))


def _read(jurisdiction: str, root: Path, heirs: tuple[str, ...]) -> Pack:
    """The pack with what it takes over from the one it extends."""
    folder = _folder(jurisdiction, root)
    marked = read_marked(folder / HEADER)
    header = _header(marked, jurisdiction)
    base = None
    if header.extends is not None:
        _check_no_circle(header.extends, (*heirs, jurisdiction), marked)
        base = _read(header.extends, root, (*heirs, jurisdiction))
    pack = _over(header, base, folder, _authorisation(header, base, marked))
    check_whole(pack, marked)
    if header.partial:
        return replace(pack, missing=missing_of(pack))
    check_complete(pack, marked.name)
    return pack


def _over(header: PackHeader, base: Pack | None, folder: Path, authorisation: Authorisation) -> Pack:
    """What the header and the files say, over what the base says."""
    own, said = parameters_of(folder), header.programmes.items()
    return Pack(
        jurisdiction=header.jurisdiction,
        title=header.title.model_dump(),
        extends=header.extends or "",
        rules=header.rules or (base.rules if base else {}),
        programmes=(dict(base.programmes) if base else {}) | {name: one.standard for name, one in said},
        entitlements=(dict(base.entitlements) if base else {})
        | {name: one.entitlement for name, one in said if one.entitlement},
        leasts=(dict(base.leasts) if base else {}) | {name: one.least for name, one in said if one.least},
        lists=header.lists or (base.lists if base else ()),
        authorisation=authorisation,
        parameters=(dict(base.parameters) if base else {}) | dict(own.steps),
        places=(dict(base.places) if base else {}) | dict(own.places),
        note=header.note,
    )


def _folder(jurisdiction: str, root: Path) -> Path:
    known = pack_names(root)
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
        raise refused(marked, "", error, PackHeader.model_fields) from error
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
                remedy=suggestion(code, RULES),
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
