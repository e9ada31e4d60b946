"""统计报表, the month's statement: movements, payments, findings, suggested steps, data quality, both error rates.

Every figure is counted from the published month's tables; money is whole 分 and averages are rounded half up to one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipelines.papers.tables import Cell, Fen, Sheet
from pipelines.run.accuracy import Overall, accuracy_of
from pipelines.run.flow_statement import flow_between
from pipelines.run.flow_told import CAUSES, MOVEMENTS, PROGRAMMES
from pipelines.run.month import Run
from pipelines.run.published import published_run, read_table
from pipelines.wording.labels import DELIVERY_STATES, OUTCOMES, REASONS, STATES, source_title, strict
from pipelines.wording.texts import Texts

_ALL = "all"
_STATES = ("opened", "kept", "closed")


def statement(
    month: str,
    earlier: str | None,
    reviewed: Path | None,
    where: Mapping[str, object],
    t: Texts,
) -> list[Sheet]:
    """The sheets of a published month. Movements need `earlier`; error rates a reviewed accuracy sample."""
    run = published_run(month, where)
    households = run.read("compose", "household").to_pylist()
    sheets = [
        _payments(households, t),
        _findings(read_table(run, "flag").to_pylist(), t),
        _steps(run, households, t),
        _quality(read_table(run, "quality_score").to_pylist(), t),
    ]
    if earlier:
        sheets = [*_movements(month, earlier, where, t), *sheets]
    return [*sheets, _errors(reviewed, where, t)] if reviewed else sheets


def _movements(month: str, earlier: str, where: Mapping[str, object], t: Texts) -> list[Sheet]:
    found = flow_between(month, earlier, where)
    programmes = PROGRAMMES[t.language]
    heads = [t.gettext("Programme")]
    for label in (t.gettext("Opening"), t.gettext("Joined"), t.gettext("Left"), t.gettext("Closing")):
        heads += [f"{label} · {t.gettext('households')}", f"{label} · {t.gettext('persons')}"]
    rows: list[list[Cell]] = []
    for line in found.lines:
        row: list[Cell] = [programmes.get(line.programme, line.programme)]
        for stock in (line.opening, line.joins, line.exits, line.closing):
            row += [stock.households, stock.persons]
        rows.append(row)
    causes: list[list[Cell]] = [
        [
            MOVEMENTS[t.language][one.movement],
            programmes.get(one.programme, one.programme),
            CAUSES[t.language][one.cause],
            one.households,
            one.persons,
        ]
        for one in found.causes
    ]
    span = f"{found.opening_month} → {found.closing_month}"
    return [
        Sheet(title=t.gettext("Joins and exits"), heads=heads, rows=rows, note=span),
        Sheet(
            title=t.gettext("Reasons of joins and exits"),
            heads=[
                t.gettext("Movement"),
                t.gettext("Programme"),
                t.gettext("Reason"),
                t.gettext("households"),
                t.gettext("persons"),
            ],
            rows=causes,
            note=span,
        ),
    ]


def _payments(households: list[dict[str, Any]], t: Texts) -> Sheet:
    count, persons, paid = Counter[str](), Counter[str](), Counter[str]()
    for row in households:
        for name in (row["programme"], _ALL):
            count[name] += 1
            persons[name] += row["covered"]
            paid[name] += row["paid_amount"] or 0
    programmes = PROGRAMMES[t.language]
    rows: list[list[Cell]] = [
        [
            programmes.get(name, name),
            count[name],
            persons[name],
            Fen(paid[name]),
            Fen(_average(paid[name], count[name])),
            Fen(_average(paid[name], persons[name])),
        ]
        for name in [*sorted(count.keys() - {_ALL}), _ALL]
    ]
    return Sheet(
        title=t.gettext("Payments and average top-ups"),
        heads=[
            t.gettext("Programme"),
            t.gettext("households"),
            t.gettext("persons"),
            t.gettext("Paid for the month"),
            t.gettext("Average a household"),
            t.gettext("Average a person"),
        ],
        rows=rows,
    )


def _average(fen: int, parts: int) -> int:
    """Half up to one 分; nothing shared among nobody is nothing."""
    return (2 * fen + parts) // (2 * parts) if parts else 0


def _findings(flags: list[dict[str, Any]], t: Texts) -> Sheet:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for flag in flags:
        counted[flag["code"]][flag["state"]] += 1
    return Sheet(
        title=t.gettext("Queries by reason"),
        heads=[t.gettext("Reason"), *(strict(STATES, state, t) for state in _STATES)],
        rows=[
            [strict(REASONS, code, t), *(counted[code][state] for state in _STATES)]
            for code in REASONS
            if code in counted
        ],
    )


def _steps(run: Run, households: Iterable[Mapping[str, Any]], t: Texts) -> Sheet:
    covered = {row["record_id"]: row["covered"] for row in households}
    count, persons = Counter[str](), Counter[str]()
    for row in run.read("assess", "assessed_household").select(["household_id", "outcome"]).to_pylist():
        count[row["outcome"]] += 1
        persons[row["outcome"]] += covered[row["household_id"]]
    return Sheet(
        title=t.gettext("Suggested next steps"),
        heads=[t.gettext("Suggested next step"), t.gettext("households"), t.gettext("persons")],
        rows=[[strict(OUTCOMES, code, t), count[code], persons[code]] for code in OUTCOMES if code in count],
        note=t.gettext("A suggestion is no determination."),
    )


def _quality(scores: list[dict[str, Any]], t: Texts) -> Sheet:
    return Sheet(
        title=t.gettext("Data quality by source"),
        heads=[
            t.gettext("Source"),
            t.gettext("Status"),
            t.gettext("Data lines"),
            t.gettext("Valid id numbers"),
            t.gettext("Set aside"),
            t.gettext("Loaded"),
            t.gettext("Days old"),
        ],
        rows=[
            [
                source_title(row["source"], t),
                t.gettext(DELIVERY_STATES.get(row["status"], row["status"])),
                row["data_lines"],
                _share(row["valid_id_permille"]),
                _share(row["quarantined_permille"]),
                _share(row["loaded_permille"]),
                "—" if row["age_days"] is None else row["age_days"],
            ]
            for row in sorted(scores, key=lambda row: str(row["source"]))
        ],
    )


def _errors(reviewed: Path, where: Mapping[str, object], t: Texts) -> Sheet:
    found = accuracy_of(reviewed, where)
    rates = {
        t.gettext("Paid without being due (wrongly in)"): found.wrongly_in,
        t.gettext("Due without being paid (wrongly out)"): found.wrongly_out,
        t.gettext("Wrong in either direction"): found.wrong,
    }
    return Sheet(
        title=t.gettext("Error rates of a reviewed sample"),
        heads=[t.gettext("Rate"), t.gettext("Found"), t.gettext("95 % interval")],
        rows=[[label, *_rate(rate)] for label, rate in rates.items()],
        note=f"{found.run_id} · {found.seed}",
    )


def _rate(rate: Overall) -> list[Cell]:
    return [_ppm(rate.ppm), f"{_ppm(rate.low_ppm)} – {_ppm(rate.high_ppm)}"]


def _ppm(ppm: int | None) -> str:
    return "—" if ppm is None else f"{ppm // 10_000}.{ppm % 10_000 // 100:02d} %"


def _share(permille: int | None) -> str:
    return "—" if permille is None else f"{permille // 10}.{permille % 10} %"
