"""What a rule is: a code, one sentence, the parameters and sources it needs, and one SQL file of its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipelines.base.period import Period
from pipelines.policy import Pack, Parameter

# Stands for the standard that the household's programme follows.
PROGRAMME_STANDARD = "programme.standard"
# Stands for the amount the household's programme grants whatever the income; where there is none, the standard.
PROGRAMME_ENTITLEMENT = "programme.entitlement"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`sql/transforms/assess/<code>.sql` gives a row per household (or member): value, limit, finding."""

    code: str
    sentence_zh: str
    sentence_en: str
    unit: str
    basis: str
    """Path of the parameter a line cites; PROGRAMME_STANDARD, PROGRAMME_ENTITLEMENT, or empty when there is none."""
    sources: tuple[str, ...] = ()
    """Paths of the lists of sources the rule needs."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """SQL parameter → path in the pack."""
    reads_last_day: bool = False
    """Whether the statement takes $last_day, the last day of the month."""

    def bindings(self, policy: Pack, period: Period) -> dict[str, int | list[str] | date]:
        """The values the statement is run with."""
        bound: dict[str, int | list[str] | date] = {
            name: bindable(policy.value(path, period)) for name, path in self.parameters.items()
        }
        if self.reads_last_day:
            bound["last_day"] = period.last_day
        return bound

    def needed_sources(self, policy: Pack, period: Period) -> list[str]:
        """Every source without which the rule cannot say "within"."""
        return sorted({source for path in self.sources for source in policy.value(path, period).codes})

    def basis_of(self, programme: str, policy: Pack, period: Period) -> Parameter | None:
        """The parameter the rule's lines cite for a household of this programme."""
        if not self.basis:
            return None
        fixed = policy.entitlement(programme, period)
        if self.basis == PROGRAMME_ENTITLEMENT and fixed:
            return fixed[0]
        if self.basis in (PROGRAMME_STANDARD, PROGRAMME_ENTITLEMENT):
            return policy.standard(programme, period)
        return policy.value(self.basis, period)


def bindable(parameter: Parameter) -> int | list[str]:
    """A parameter's value as DuckDB takes it."""
    return parameter.value if isinstance(parameter.value, int) else list(parameter.value)
