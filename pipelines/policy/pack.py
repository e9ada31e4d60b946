"""A pack: the dated rules of one jurisdiction. Every number has a date of coming into force and a citation.

`packs/<jurisdiction>/pack.yaml` says who it is for, which rules are in force and which standard each
programme follows; the other YAML files of the folder state the parameters. With `extends` a pack takes
over another's rules, programmes and parameters; a parameter it names itself replaces the whole history of
that parameter, so that a later change of the other pack cannot slip in unseen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from pipelines.base.errors import PackInvalid, PackNotInForce
from pipelines.base.ids import digest_parts
from pipelines.base.period import Period

Track = Literal["eligibility", "amount", "death", "identity"]
Text = Annotated[StrictStr, Field(min_length=1, pattern=r"\S")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Strict):
    """One value from its day on. `value: null` ends the parameter."""

    value: Annotated[StrictInt, Field(ge=0)] | tuple[Text, ...] | None
    unit: Text
    citation: Text
    verify: StrictBool = False
    note: StrictStr = ""


class RuleInForce(_Strict):
    """A rule the pack applies, and the track its flags go to."""

    track: Track


class Programme(_Strict):
    """A programme of assistance: `standard` is the path of the standard its income and asset tests follow.

    `entitlement` names the amounts that together are the most a covered person can be entitled to, where that
    does not hang on income (特困); without it the entitlement is the standard less what is counted.
    """

    standard: Text
    entitlement: tuple[Text, ...] = ()


class Authorisation(_Strict):
    """Where the signed authorisations are: `delivered` as a list, or `on_file` with the bureau, which vouches."""

    kept: Literal["delivered", "on_file"]
    citation: Text


class Title(_Strict):
    zh: Text
    en: Text


class PackHeader(_Strict):
    """What pack.yaml may hold."""

    jurisdiction: Text
    title: Title
    extends: Text | None = None
    note: StrictStr = ""
    rules: dict[str, RuleInForce] = {}
    programmes: dict[str, Programme] = {}
    lists: tuple[Text, ...] = ()
    authorisation: Authorisation | None = None


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
        return f"{self.citation}（待核实 / to be verified）" if self.verify else self.citation


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
    lists: tuple[str, ...]
    """Sources of the lists of recipients the place has: a month waits for each of them."""
    authorisation: Authorisation
    parameters: Mapping[str, Mapping[date, Step]]

    def value(self, path: str, period: Period) -> Parameter:
        """The value in force on the first day of the month: a change within a month applies from the next.

        PackInvalid when the pack has no such parameter, PackNotInForce when it has no value for the month.
        """
        if path not in self.parameters:
            raise PackInvalid(f"no parameter is called [{path}]", place=self.jurisdiction)
        steps = self.parameters[path]
        begun = [day for day in steps if day <= period.first_day]
        if not begun:
            raise self._not_in_force(path, period, f"begins on {min(steps)}")
        step = steps[max(begun)]
        if step.value is None:
            raise self._not_in_force(path, period, f"ended on {max(begun)}")
        return Parameter(
            value=step.value,
            unit=step.unit,
            path=path,
            valid_from=max(begun).isoformat(),
            citation=step.citation,
            verify=step.verify,
        )

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

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the pack says. Comments and the order of keys do not change it."""
        said = {
            "jurisdiction": self.jurisdiction,
            "rules": {code: rule.model_dump() for code, rule in self.rules.items()},
            "programmes": dict(self.programmes),
            "entitlements": dict(self.entitlements),
            "lists": self.lists,
            "authorisation": self.authorisation.model_dump(),
            "parameters": {
                path: {day.isoformat(): step.model_dump() for day, step in steps.items()}
                for path, steps in self.parameters.items()
            },
        }
        return digest_parts([json.dumps(said, sort_keys=True, ensure_ascii=False)])

    def _not_in_force(self, path: str, period: Period, why: str) -> PackNotInForce:
        return PackNotInForce(
            f"[{path}] has no value for {period}: it {why}",
            place=self.jurisdiction,
            remedy="run a month the pack covers, or add a dated value with its citation",
        )
