"""One line per household and rule, and one outcome per household.

A line is written for every household and every rule about the household, "within" included; rules about a
member write only what was found. A household over the income standard gets no line on its amount.

The outcome is the first that applies:
1. exit_suggested: an eligibility rule is exceeded. A source that is missing cannot undo it.
2. population_change: a member is recorded as having died or as in custody, or is covered in two households; sizes
   and amounts must be settled first.
3. decrease_suggested: paid more than the most it can be entitled to. (A payment that differs from the list
   is a payment error: it is flagged and changes no outcome.)
4. increase_suggested: paid less than the least that is certainly due.
5. verify_first: only doubts to confirm: pairs under review, income not clearly above, a spouse who is not listed.
   Nothing adverse follows. (Pay lists of other programmes and missing authorisations change no outcome.)
6. cannot_verify: nothing exceeded, and a source that some rule needs was not checked.
7. keep.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from pipelines.base.period import Period
from pipelines.contracts import conform
from pipelines.contracts.assessed import ASSESSED_HOUSEHOLD, ASSESSED_LINE, CANDIDATE, POPULATION_EVENT
from pipelines.policy import Pack
from pipelines.s5_assess.before import Before, tables_before
from pipelines.s5_assess.candidates import candidates
from pipelines.s5_assess.engine import Engine
from pipelines.s5_assess.evidence import Evidence, tables
from pipelines.s5_assess.rules import RULES, Rule, bindable
from pipelines.s5_assess.shadow import asked
from pipelines.s5_assess.terms import terms

_ID_LENGTH = 20  # hex characters: 80 bits, as in base.ids

_TEXTS = pa.list_(pa.string())
_FINDING = pa.schema(
    [
        ("household_id", pa.string()),
        ("subject", pa.string()),
        ("value", pa.int64()),
        ("limit", pa.int64()),
        ("finding", pa.string()),
        ("detail", pa.string()),
        ("evidence", _TEXTS),
        ("rule", pa.string()),
    ]
)
_BASIS = pa.schema(
    [
        ("rule", pa.string()),
        ("programme", pa.string()),
        ("track", pa.string()),
        ("is_shadow", pa.bool_()),
        ("unit", pa.string()),
        ("parameter", pa.string()),
        ("valid_from", pa.string()),
        ("citation", pa.string()),
        ("sources", _TEXTS),
    ]
)
_STANDARD = pa.schema(
    [
        ("programme", pa.string()),
        ("standard", pa.int64()),
        ("fixed", pa.int64()),
        ("least", pa.int64()),
    ]
)


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """ASSESSED_HOUSEHOLD, ASSESSED_LINE, CANDIDATE and POPULATION_EVENT of the month."""

    households: pa.Table
    lines: pa.Table
    candidates: pa.Table
    events: pa.Table


def assess(
    *,
    households: pa.Table,
    members: pa.Table,
    evidence: Evidence,
    policy: Pack,
    period: Period,
    before: Before | None = None,
    threads: int = 2,
) -> Assessed:
    """Holds the evidence against the pack's rules of the month. The number of threads changes no byte."""
    rules = [RULES[code] for code in policy.rules]
    programmes = sorted(set(households["programme"].to_pylist()))
    with Engine(tables(households, members, evidence), threads) as engine:
        for name, table in tables_before(before).items():
            engine.add(name, table)
        engine.add("term", terms(policy, period))
        engine.add("programme_standard", _standards(programmes, policy, period))
        engine.add("rule_basis", _basis(rules, programmes, policy, period))
        _derive_facts(engine, policy, period)
        engine.add("finding", _findings(engine, rules, policy, period))
        said = {"month": str(period), "id_length": _ID_LENGTH}
        lines = engine.select("assessed_line", **said)
        engine.add("assessed_line", asked(lines))
        return Assessed(
            lines=conform(lines, ASSESSED_LINE),
            households=conform(engine.select("assessed_household", **said), ASSESSED_HOUSEHOLD),
            candidates=conform(candidates(engine, policy, period, said), CANDIDATE),
            events=conform(
                engine.select("population_event", last_day=period.last_day, **said), POPULATION_EVENT
            ),
        )


def _derive_facts(engine: Engine, policy: Pack, period: Period) -> None:
    """What the rules share: who counts, what counts, what each household comes to."""
    vehicles = _bound(
        "assets.vehicles", ("exempt_types", "exempt_plate_types", "gone_status"), policy, period
    )
    engine.derive("recorded_death", last_day=period.last_day)
    engine.derive("held_person", last_day=period.last_day)
    engine.derive("counting_member")
    engine.derive("held")
    engine.derive("counted_vehicle", **vehicles)
    engine.derive("held_property")
    engine.derive("current_pension", month=str(period))
    engine.derive("member_pension")
    engine.derive("current_contribution", month=str(period))
    engine.derive("current_taxed_income", last_day=period.last_day)
    engine.derive("member_wage")
    engine.derive("member_benefit", month=str(period))
    engine.derive("held_certificate")
    engine.derive("member_supplement", last_day=period.last_day)
    engine.derive("held_balance")
    engine.derive("counted_role", **_bound("assets.businesses", ("roles", "capital"), policy, period))
    engine.derive("held_business")
    engine.derive("current_payment", month=str(period))
    engine.derive("household_fact")


def _bound(group: str, names: tuple[str, ...], policy: Pack, period: Period) -> dict[str, int | list[str]]:
    return {name: bindable(policy.value(f"{group}.{name}", period)) for name in names}


def _findings(engine: Engine, rules: list[Rule], policy: Pack, period: Period) -> pa.Table:
    found = [_finding(engine, rule, policy, period) for rule in rules]
    return pa.concat_tables(found or [_FINDING.empty_table()])


def _finding(engine: Engine, rule: Rule, policy: Pack, period: Period) -> pa.Table:
    rows = engine.select(rule.code, **rule.bindings(policy, period))
    codes = pa.repeat(pa.scalar(rule.code), rows.num_rows)
    return rows.append_column("rule", codes).select(_FINDING.names).cast(_FINDING)


def _standards(programmes: list[str], policy: Pack, period: Period) -> pa.Table:
    rows = [
        {
            "programme": programme,
            "standard": policy.standard(programme, period).number,
            "fixed": sum(amount.number for amount in policy.entitlement(programme, period)) or None,
            "least": sum(amount.number for amount in policy.least(programme, period)) or None,
        }
        for programme in programmes
    ]
    return pa.Table.from_pylist(rows, schema=_STANDARD)


def _basis(rules: list[Rule], programmes: list[str], policy: Pack, period: Period) -> pa.Table:
    rows = [_basis_row(rule, programme, policy, period) for rule in rules for programme in programmes]
    return pa.Table.from_pylist(rows, schema=_BASIS)


def _basis_row(rule: Rule, programme: str, policy: Pack, period: Period) -> dict[str, object]:
    basis = rule.basis_of(programme, policy, period)
    return {
        "rule": rule.code,
        "programme": programme,
        "track": policy.rules[rule.code].track,
        "is_shadow": policy.rules[rule.code].shadow,
        "unit": rule.unit,
        "parameter": basis.path if basis else "",
        "valid_from": basis.valid_from if basis else "",
        "citation": basis.cited if basis else "",
        "sources": rule.needed_sources(policy, period),
    }
