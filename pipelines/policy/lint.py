"""Everything that is wrong with a pack, doubtful in it, or still to be held against an official text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pipelines.base.errors import PackInvalid
from pipelines.policy.catalogue import FLOORS, OPTIONAL, PARAMETERS, RULE_PARAMETERS
from pipelines.policy.checks import changes, first_month
from pipelines.policy.model import PACKS_ROOT, read_pack
from pipelines.policy.pack import Pack
from pipelines.policy.stated import Formula


@dataclass(frozen=True, kw_only=True)
class Finding:
    """kind: error (the pack does not load) · missing (a partial pack) · doubt · verify."""

    kind: str
    place: str
    said: str
    remedy: str


def lint(jurisdiction: str, root: Path = PACKS_ROOT) -> list[Finding]:
    """The findings, the gravest first. A pack that does not load has the one thing it stumbles over."""
    try:
        pack = read_pack(jurisdiction, root)
    except PackInvalid as error:
        return [Finding(kind="error", place=error.place, said=error.what, remedy=error.remedy)]
    return [*_missing(pack), *_falling(pack), *_restated(pack), *_unread(pack), *_to_verify(pack)]


def _missing(pack: Pack) -> Iterator[Finding]:
    if pack.missing:
        yield Finding(
            kind="missing",
            place=f"{pack.jurisdiction}/pack.yaml",
            said=f"no month can run with it, it does not state {', '.join(pack.missing)}",
            remedy="add it with a date and a citation, here or in a pack that extends this one",
        )


def _falling(pack: Pack) -> Iterator[Finding]:
    """A standard that falls is almost always a typing error."""
    for path in FLOORS:
        last = None
        for period in sorted({first_month(day) for day in changes(pack, (path,))}):
            if not pack.states(path, period):
                continue
            now = pack.value(path, period)
            if last is not None and now.number < last:
                yield Finding(
                    kind="doubt",
                    place=pack.place(path, now.valid_from),
                    said=f"falls from {last} to {now.number} 分",
                    remedy="hold it against the document",
                )
            last = now.number


def _restated(pack: Pack) -> Iterator[Finding]:
    for path, steps in sorted(pack.parameters.items()):
        days = list(steps)
        for earlier, day in pairwise(days):
            old, new = steps[earlier], steps[day]
            if (old.value, old.unit, old.citation) == (new.value, new.unit, new.citation):
                yield Finding(
                    kind="doubt",
                    place=pack.place(path, day.isoformat()),
                    said=f"says what {earlier} said, on the same citation",
                    remedy="leave it out",
                )


def _unread(pack: Pack) -> Iterator[Finding]:
    """What only a rule needs that is not in force."""
    read = {*PARAMETERS, *OPTIONAL} | {path for code in pack.rules for path in RULE_PARAMETERS.get(code, ())}
    for path in sorted(set(pack.parameters) - read):
        rules = [code for code, paths in RULE_PARAMETERS.items() if path in paths]
        yield Finding(
            kind="doubt",
            place=pack.place(path),
            said=f"only {', '.join(rules)} needs it, which is not in force",
            remedy="put the rule in force in pack.yaml, or leave it out",
        )


def _to_verify(pack: Pack) -> Iterator[Finding]:
    for path, steps in sorted(pack.parameters.items()):
        for day, step in steps.items():
            if step.verify:
                said = "follows a formula" if isinstance(step.value, Formula) else f"{step.value} {step.unit}"
                yield Finding(
                    kind="verify",
                    place=pack.place(path, day.isoformat()),
                    said=f"{said}: {step.citation}",
                    remedy="hold it against the official text, then take `verify: true` away",
                )
