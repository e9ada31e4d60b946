"""What must hold of a pack as a whole: it states what its rules need, formulas end, nothing is below a floor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pipelines.base.errors import PackInvalid
from pipelines.base.period import Period
from pipelines.policy.catalogue import FLOORS, KNOWN, PARAMETERS, RULE_PARAMETERS, Unit, unit_of
from pipelines.policy.formula import is_convertible
from pipelines.policy.marked_yaml import MarkedFile
from pipelines.policy.pack import Pack
from pipelines.policy.refusals import suggestion
from pipelines.policy.stated import Formula


def needed_by(pack: Pack) -> set[str]:
    """The parameters a month with this pack needs."""
    named = {path for paths in (*pack.entitlements.values(), *pack.leasts.values()) for path in paths}
    of_rules = {path for code in pack.rules for path in RULE_PARAMETERS.get(code, ())}
    return {*PARAMETERS, *named, *of_rules}


def missing_of(pack: Pack) -> tuple[str, ...]:
    """What a month would need and the pack does not state: parameters, rules, programmes, lists."""
    wanted = (("rules", pack.rules), ("programmes", pack.programmes), ("lists", pack.lists))
    return (*sorted(needed_by(pack) - set(pack.parameters)), *(name for name, stated in wanted if not stated))


def check_in_force(pack: Pack, period: Period) -> None:
    """PackNotInForce names the first parameter a month would need and that begins only later."""
    pack.check_begun(period, sorted(needed_by(pack)))


def check_complete(pack: Pack, place: str) -> None:
    """PackInvalid names everything a month would need and the pack leaves out."""
    parameters = [path for path in missing_of(pack) if path in KNOWN]
    if parameters:
        raise PackInvalid(
            f"states no {', '.join(parameters)}", place=place, remedy="add it with a date and a citation"
        )
    for name in missing_of(pack):
        raise PackInvalid(f"names no {name}", place=place, remedy=f"add `{name}:`")


def check_whole(pack: Pack, marked: MarkedFile) -> None:
    """Standards that are standards, formulas that can be worked out, amounts not below their floors."""
    for programme, standard in pack.programmes.items():
        if PARAMETERS.get(standard) is not Unit.FEN_PER_PERSON_MONTH:
            standards = [path for path in PARAMETERS if path.startswith("income.standard.")]
            raise PackInvalid(
                f"[{standard}] is not a standard",
                place=marked.place(f"programmes.{programme}.standard"),
                remedy=suggestion(standard, standards),
            )
    for path in pack.parameters:
        _check_formulas(pack, path, ())
    for path, floor in FLOORS.items():
        _check_floor(pack, path, floor)


def _formulas(pack: Pack, path: str) -> Iterator[tuple[date, Formula]]:
    for day, step in pack.parameters.get(path, {}).items():
        if isinstance(step.value, Formula):
            yield day, step.value


def _check_formulas(pack: Pack, path: str, above: tuple[str, ...]) -> None:
    for day, formula in _formulas(pack, path):
        place, chain = pack.place(path, day.isoformat()), (*above, path)
        if formula.of in chain:
            raise PackInvalid(
                f"follows itself through {' → '.join((*chain, formula.of))}",
                place=place,
                remedy="state one of them as a number",
            )
        if formula.of not in pack.parameters:
            raise PackInvalid(
                f"follows [{formula.of}], which the pack does not state",
                place=place,
                remedy=suggestion(formula.of, pack.parameters),
            )
        if not is_convertible(unit_of(formula.of), unit_of(path)):
            raise PackInvalid(
                f"cannot follow [{formula.of}]: {unit_of(formula.of)} is not {unit_of(path)}",
                place=place,
                remedy="follow a parameter of the same kind",
            )
        _check_formulas(pack, formula.of, chain)


def changes(pack: Pack, paths: Iterable[str]) -> set[date]:
    """The days on which one of the parameters, or what its formulas follow, has a new value."""
    days: set[date] = set()
    for path in paths:
        days |= set(pack.parameters.get(path, {}))
        days |= changes(pack, {formula.of for _, formula in _formulas(pack, path)})
    return days


def first_month(day: date) -> Period:
    """The first month in which a value that begins on the day is used."""
    month = Period(day.year, day.month)
    return month if day == month.first_day else month.shift(1)


def _check_floor(pack: Pack, path: str, floor: str) -> None:
    for period in sorted({first_month(day) for day in changes(pack, (path, floor))}):
        if not (pack.states(path, period) and pack.states(floor, period)):
            continue
        stated, least = pack.value(path, period), pack.value(floor, period)
        if stated.number < least.number:
            raise PackInvalid(
                f"{stated.number} is below the floor of {least.number} 分 in {period}: {least.citation}",
                place=pack.place(path, stated.valid_from),
                remedy=f"raise it, or correct {floor} ({pack.place(floor, least.valid_from)})",
            )
