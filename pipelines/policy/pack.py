"""A pack: the dated rules of one jurisdiction. Every number has a date of coming into force and a citation.

`packs/<jurisdiction>/pack.yaml` says who it is for, which rules are in force and which standard each
programme follows; the other YAML files of the folder state the parameters. With `extends` a pack takes
over another's rules, programmes and parameters (a county its city's); a parameter it names itself replaces the
whole history of that parameter, so that a later change of the other pack cannot slip in unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from pipelines.base.errors import PackInvalid, PackNotInForce
from pipelines.base.ids import digest_parts
from pipelines.base.period import Period
from pipelines.policy.catalogue import unit_of
from pipelines.policy.formula import in_unit, worked_out
from pipelines.policy.stated import Authorisation, Formula, RuleInForce, Step


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter's value in one month, and what it rests on."""

    value: int | tuple[str, ...]
    unit: str
    path: str
    valid_from: str
    citation: str
    verify: bool

    @property
    def number(self) -> int:
        """The value of a parameter that is a number."""
        if not isinstance(self.value, int):
            raise PackInvalid("is a list of codes, not a number", place=self.path)
        return self.value

    @property
    def codes(self) -> list[str]:
        """The values of a parameter that is a list of codes."""
        if isinstance(self.value, int):
            raise PackInvalid("is a number, not a list of codes", place=self.path)
        return list(self.value)

    @property
    def cited(self) -> str:
        """The citation as reports print it: an unverified one says so."""
        return cited(self.citation, self.verify)


def cited(citation: str, verify: bool) -> str:
    """A citation as it is printed anywhere."""
    return f"{citation}（待核实 / to be verified）" if verify else citation


@dataclass(frozen=True, kw_only=True)
class Pack:
    """The rules of one jurisdiction over the years."""

    jurisdiction: str
    title: Mapping[str, str]
    extends: str
    rules: Mapping[str, RuleInForce]
    programmes: Mapping[str, str]
    entitlements: Mapping[str, tuple[str, ...]]
    """Programme → its `entitlement` paths, for those that have them."""
    leasts: Mapping[str, tuple[str, ...]]
    """Programme → its `least` paths, for those that have them."""
    lists: tuple[str, ...]
    """Sources of the lists of recipients the place has: a month waits for each of them."""
    authorisation: Authorisation
    parameters: Mapping[str, Mapping[date, Step]]
    missing: tuple[str, ...] = ()
    """What a partial pack does not state and a month would need."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Path, or path and date, → file, line and key."""
    note: str = ""
    pin: Period | None = None
    """The month whose values are given for every month."""

    def value(self, path: str, period: Period) -> Parameter:
        """The value in force on the first day of the month: a change within a month applies from the next.

        PackInvalid when the pack has no such parameter, PackNotInForce when it has no value for the month.
        """
        period = self.pin or period
        day, step = self._begun(path, period)
        stated, unit = step.value, str(unit_of(path))
        if stated is None:
            raise self._not_in_force(path, period, f"ended on {day}")
        if isinstance(stated, Formula):
            return self._following(path, period, day, step)
        value = in_unit(stated, step.unit, unit, step.rounding) if isinstance(stated, int) else stated
        return Parameter(
            value=value,
            unit=unit,
            path=path,
            valid_from=day.isoformat(),
            citation=step.citation,
            verify=step.verify,
        )

    def states(self, path: str, period: Period) -> bool:
        """Whether it has a value in the month: for what a pack may leave out."""
        period = self.pin or period
        begun = [day for day in self.parameters.get(path, ()) if day <= period.first_day]
        stated = self.parameters[path][max(begun)].value if begun else None
        return self.states(stated.of, period) if isinstance(stated, Formula) else stated is not None

    def standard(self, programme: str, period: Period) -> Parameter:
        """The standard a programme follows in the month."""
        if programme not in self.programmes:
            raise PackInvalid(
                f"no standard for the programme [{programme}]",
                place=f"{self.jurisdiction}/pack.yaml programmes",
                remedy=f"name its standard; there are: {', '.join(sorted(self.programmes))}",
            )
        return self.value(self.programmes[programme], period)

    def entitlement(self, programme: str, period: Period) -> tuple[Parameter, ...]:
        """The amounts a covered person can be entitled to at most; none where it follows from the income."""
        return tuple(self.value(path, period) for path in self.entitlements.get(programme, ()))

    def least(self, programme: str, period: Period) -> tuple[Parameter, ...]:
        """The amounts every covered person is certainly due; none where it follows from the income."""
        return tuple(self.value(path, period) for path in self.leasts.get(programme, ()))

    def check_begun(self, period: Period, paths: Iterable[str]) -> None:
        """PackNotInForce for the first of the parameters that begins after the month. One that ended may be meant."""
        for path in paths:
            self._begun(path, self.pin or period)

    def place(self, path: str, day: str = "") -> str:
        """File, line and key of a parameter, or of one of its values."""
        return self.places.get(f"{path}.{day}") or self.places.get(path) or f"{self.jurisdiction} {path}"

    def in_force(self, period: Period) -> dict[str, Parameter]:
        """Every parameter that has a value in the month, by path."""
        return {
            path: self.value(path, period) for path in sorted(self.parameters) if self.states(path, period)
        }

    def pinned(self, period: Period) -> Pack:
        """The pack as it stands in one month, whatever month it is asked for: for comparing months."""
        return replace(self, pin=period)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the pack says. Comments and the order of keys do not change it."""
        said = {
            "jurisdiction": self.jurisdiction,
            "rules": {code: rule.model_dump() for code, rule in self.rules.items()},
            "programmes": dict(self.programmes),
            "entitlements": dict(self.entitlements),
            "leasts": dict(self.leasts),
            "lists": self.lists,
            "authorisation": self.authorisation.model_dump(),
            "parameters": {
                path: {day.isoformat(): step.model_dump() for day, step in steps.items()}
                for path, steps in self.parameters.items()
            },
        }
        return digest_parts([json.dumps(said, sort_keys=True, ensure_ascii=False)])

    def _begun(self, path: str, period: Period) -> tuple[date, Step]:
        if path not in self.parameters:
            raise PackInvalid(f"no parameter is called [{path}]", place=self.jurisdiction)
        steps = self.parameters[path]
        begun = [day for day in steps if day <= period.first_day]
        if not begun:
            raise self._not_in_force(path, period, f"begins on {min(steps)}")
        return max(begun), steps[max(begun)]

    def _following(self, path: str, period: Period, day: date, step: Step) -> Parameter:
        """A formula's value: it changes when either of the two does, and rests on both citations."""
        assert isinstance(step.value, Formula)  # noqa: S101
        base, unit = self.value(step.value.of, period), str(unit_of(path))
        return Parameter(
            value=worked_out(step.value, base.number, base.unit, unit),
            unit=unit,
            path=path,
            valid_from=max(day.isoformat(), base.valid_from),
            citation=f"{step.citation}；{base.citation}",
            verify=step.verify or base.verify,
        )

    def _not_in_force(self, path: str, period: Period, why: str) -> PackNotInForce:
        return PackNotInForce(
            f"[{path}] has no value for {period}: it {why}",
            place=self.place(path),
            remedy="run a month the pack covers, or add a dated value with its citation",
        )
