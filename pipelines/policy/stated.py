"""What the files of a pack may hold, key by key; anything else is refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

Track = Literal[
    "eligibility",  # whether the conditions are still met
    "amount",
    "death",
    "custody",
    "population",  # who belongs to the household
    "duplicate",  # the same need paid for twice
    "pay_list",  # 高龄津贴, 残疾人两项补贴, 特困: who should be on the list and who should not
    "authorisation",
    "conflict",  # two registries that cannot both be right
    "identity",
]
Text = Annotated[StrictStr, Field(min_length=1, pattern=r"\S")]
Rounding = Literal["up", "down", "half_up"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Formula(_Strict):
    """A value that follows another: so many percent of it, from year or quarter to month by the units of both.

    The other's value of the same month is taken. The result is rounded once, to a multiple of `to`.
    """

    percent: Annotated[StrictInt, Field(gt=0)]
    of: Text
    rounding: Rounding
    to: Annotated[StrictInt, Field(gt=0)] = 1


class Step(_Strict):
    """One value from its day on. `value: null` ends the parameter.

    An amount a month may be stated for a quarter or a year; where it does not divide, `rounding` says how.
    """

    value: Annotated[StrictInt, Field(ge=0)] | tuple[Text, ...] | Formula | None
    unit: Text
    citation: Text
    verify: StrictBool = False
    note: StrictStr = ""
    rounding: Rounding | None = None


class RuleInForce(_Strict):
    """A rule the pack applies, and the track its flags go to. In shadow it is assessed and asks nobody."""

    track: Track
    shadow: StrictBool = False


class Programme(_Strict):
    """A programme of assistance: `standard` is the path of the standard its income and asset tests follow.

    `entitlement` names the amounts that together are the most a covered person can be entitled to, where that
    does not hang on income (特困); without it the entitlement is the standard less what is counted. `least` names
    those of them that everybody is certainly due.
    """

    standard: Text
    entitlement: tuple[Text, ...] = ()
    least: tuple[Text, ...] = ()


class Authorisation(_Strict):
    """Where the signed authorisations are: `delivered` as a list, or `on_file` with the bureau, which vouches."""

    kept: Literal["delivered", "on_file"]
    citation: Text


class Title(_Strict):
    zh: Text
    en: Text


class PackHeader(_Strict):
    """What pack.yaml may hold. A partial pack may leave out what it does not know; no month runs with it."""

    jurisdiction: Text
    title: Title
    extends: Text | None = None
    partial: StrictBool = False
    note: StrictStr = ""
    rules: dict[str, RuleInForce] = {}
    programmes: dict[str, Programme] = {}
    lists: tuple[Text, ...] = ()
    authorisation: Authorisation | None = None
