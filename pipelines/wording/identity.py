"""How sure a link is: in words, and as a waterfall of match weights with both values masked."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.lineage.explaining import Waterfall
from pipelines.wording.cases import Row
from pipelines.wording.explained import PRIORS
from pipelines.wording.labels import FIELDS, lenient, level_title
from pipelines.wording.masking import mask_day, mask_id, mask_name, mask_place, short
from pipelines.wording.texts import Texts

_WIDTH = 240  # of the drawing, in its own units


@dataclass(frozen=True, kw_only=True)
class Step:
    """One comparison: where its bar starts and ends in the drawing, and what it says."""

    field: str
    level: str
    bits: str
    record_value: str
    member_value: str
    left: int
    width: int
    start: int
    end: int
    side: str  # for · against · none


def agreement(pair: Row) -> tuple[int, int]:
    """How many fields agree and how many differ; a missing value does neither."""
    weights = [comparison["weight"] for comparison in pair["comparisons"]]
    return sum(weight > 0 for weight in weights), sum(weight < 0 for weight in weights)


def confidence_of(pair: Row) -> str:
    """high: the same id number and no conflict. medium: any other match. low: a pair for a person to look at."""
    if "reason" in pair:
        return "low"
    return "high" if pair["method"] in ("exact_id", "exact_id15") else "medium"


def bits(weight: int) -> str:
    """+14.8 from 14800 thousandths, rounded half away from zero."""
    tenths = (abs(weight) + 50) // 100
    sign = "−" if weight < 0 else "+"
    return f"{sign if tenths else ''}{tenths // 10}.{tenths % 10}"


def drawn(fall: Waterfall, t: Texts) -> list[Step]:
    """The prior and the comparisons in the order they were added up, each bar from the sum before to the sum after."""
    first = 0 if fall.prior is None else fall.prior
    sums = [0, first, *(step.total for step in fall.steps)]
    lowest, span = min(sums), max(1, max(sums) - min(sums))
    places = [(total - lowest) * _WIDTH // span for total in sums]
    texts = [(t.gettext("Before comparing"), lenient(PRIORS, fall.kind, t), first, "", "")]
    texts += [
        (
            lenient(FIELDS, step.field, t),
            level_title(step.field, step.level, t),
            step.weight,
            masked(step.field, step.record_value, t),
            masked(step.field, step.member_value, t),
        )
        for step in fall.steps
    ]
    steps = [_step(said, *ends) for said, *ends in zip(texts, places, places[1:], strict=False)]
    return steps if fall.prior is not None else steps[1:]


def _step(said: tuple[str, str, int, str, str], start: int, end: int) -> Step:
    field, level, weight, record_value, member_value = said
    return Step(
        field=field,
        level=level,
        bits=bits(weight),
        record_value=record_value,
        member_value=member_value,
        left=min(start, end),
        width=max(1, abs(end - start)),
        start=start,
        end=end,
        side="for" if weight > 0 else "against" if weight < 0 else "none",
    )


def masked(field: str, value: str | None, t: Texts) -> str:
    """A compared value as the page may show it; a field nobody has named shows its first character only."""
    if not value or field == "company":  # the number of a book or row, and the household's
        return "—"
    if field in ("id", "id_no"):
        return mask_id(value)
    if field == "birth_date":
        return mask_day(value)
    if field == "sex":
        return {"M": t.gettext("male"), "F": t.gettext("female")}.get(value, short(value))
    if field == "address":
        return mask_place(value)
    return mask_name(value)
