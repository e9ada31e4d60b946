"""What two packs, or one pack in two months, say differently: the only places where two results may differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.base.period import Period
from pipelines.policy.pack import Pack, Parameter


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing they say differently.

    kind: value (results may differ) · basis (same value, another date or citation) · only_before · only_after.
    """

    kind: str
    path: str
    before: Parameter | None = None
    after: Parameter | None = None
    said_before: str = ""
    said_after: str = ""


@dataclass(frozen=True, kw_only=True)
class Side:
    """A pack in one month."""

    pack: Pack
    period: Period

    @property
    def parameters(self) -> dict[str, Parameter]:
        return self.pack.in_force(self.period)


def differences(before: Side, after: Side) -> list[Difference]:
    """Everything that differs, parameters by path first, then what pack.yaml says."""
    return [*_of_parameters(before.parameters, after.parameters), *_of_headers(before.pack, after.pack)]


def moves_results(found: list[Difference]) -> frozenset[str]:
    """The paths through which a result may differ."""
    return frozenset(one.path for one in found if one.kind != "basis")


def _of_parameters(before: Mapping[str, Parameter], after: Mapping[str, Parameter]) -> list[Difference]:
    found = []
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        found.append(Difference(kind=_kind(old, new), path=path, before=old, after=new))
    return found


def _kind(old: Parameter | None, new: Parameter | None) -> str:
    if old is None:
        return "only_after"
    if new is None:
        return "only_before"
    return "basis" if old.value == new.value else "value"


def _of_headers(before: Pack, after: Pack) -> list[Difference]:
    old, new = _header(before), _header(after)
    return [
        Difference(
            kind=_header_kind(path, old, new),
            path=path,
            said_before=old.get(path, ""),
            said_after=new.get(path, ""),
        )
        for path in sorted({*old, *new})
        if old.get(path) != new.get(path)
    ]


def _header_kind(path: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    if path not in old:
        return "only_after"
    return "value" if path in new else "only_before"


def _header(pack: Pack) -> dict[str, str]:
    said = {
        f"rules.{code}": rule.track + (" (shadow)" if rule.shadow else "")
        for code, rule in pack.rules.items()
    }
    said |= {f"programmes.{name}": standard for name, standard in pack.programmes.items()}
    said |= {f"programmes.{name}.entitlement": " + ".join(paths) for name, paths in pack.entitlements.items()}
    said |= {f"programmes.{name}.least": " + ".join(paths) for name, paths in pack.leasts.items()}
    return said | {"lists": ", ".join(pack.lists), "authorisation": pack.authorisation.kept}
