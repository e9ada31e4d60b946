"""What the page of one flagged household shows, in one language, ready to be written out."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.lineage.explaining import Models, waterfall
from pipelines.wording.cases import Case, EvidenceRecord, Row
from pipelines.wording.clearing import clears
from pipelines.wording.explained import explained
from pipelines.wording.facts import Fact, key_facts
from pipelines.wording.identity import Step, agreement, bits, confidence_of, drawn
from pipelines.wording.labels import (
    CONFIDENCES,
    METHODS,
    REASONS,
    STANDINGS,
    STATES,
    STATUS_REASONS,
    VERDICTS,
    lenient,
    source_title,
    strict,
)
from pipelines.wording.masking import mask_id, mask_name, short
from pipelines.wording.reason import Reason, Sentence
from pipelines.wording.sentences import why
from pipelines.wording.texts import Texts

_MOST_RECORDS = 60  # a page stays readable; `hedui trace` has all of them


@dataclass(frozen=True, kw_only=True)
class ReasonView:
    flag_id: str
    code: str
    track: str
    title: str
    state: str
    is_new: bool
    was_seen: bool
    first_month: str
    zh: Sentence
    en: Sentence
    clears: Sentence


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One figure of the household, this month beside the last."""

    label: str
    before: str
    now: str
    change: str


@dataclass(frozen=True, kw_only=True)
class MemberView:
    name: str
    id_no: str
    relation: str
    is_head: bool
    is_covered: bool
    is_recorded_dead: bool


@dataclass(frozen=True, kw_only=True)
class LineView:
    title: str
    person: str
    verdict: str
    verdict_code: str
    value: str
    limit: str
    margin: str
    parameter: str
    valid_from: str
    citation: str
    missing: str


@dataclass(frozen=True, kw_only=True)
class RecordView:
    source: str
    delivery: str
    file_name: str
    row_no: int
    person_in_row: int
    as_of: str
    name: str
    id_no: str
    facts: list[Fact]
    used_for: str


@dataclass(frozen=True, kw_only=True)
class LinkView:
    title: str
    person: str
    method: str
    confidence: str
    confidence_code: str
    agree: int
    differ: int
    total: str
    needed: str  # what a match needs, where the model says it
    sentence: str
    steps: list[Step]


@dataclass(frozen=True, kw_only=True)
class MissingView:
    source: str
    cause: str


def reason_views(reasons: list[tuple[Reason, Sentence, Sentence]], t: Texts) -> list[ReasonView]:
    """The flags with their sentences; both languages are written on every page."""
    return [
        ReasonView(
            flag_id=reason.flag["record_id"],
            code=reason.flag["code"],
            track=reason.flag["track"],
            title=strict(REASONS, reason.flag["code"], t),
            state=strict(STATES, reason.flag["state"], t),
            is_new=reason.flag["state"] == "opened",
            was_seen=reason.was_seen,
            first_month=reason.flag["first_month"],
            zh=zh,
            en=en,
            clears=clears(reason, t),
        )
        for reason, zh, en in reasons
    ]


def sentences(case: Case, zh: Texts, en: Texts) -> list[tuple[Reason, Sentence, Sentence]]:
    """Each flag's sentence in both languages, made once for all documents."""
    reasons = [Reason(flag=flag, case=case) for flag in case.flags]
    return [(reason, why(reason, zh), why(reason, en)) for reason in reasons]


def comparisons(case: Case, t: Texts) -> list[Comparison]:
    """The household's figures this month and, where there is one, last month."""
    now, before = case.assessed, case.previous
    rows = [_amounts(t.gettext("Counted members"), "counting_members", now, before, t, money=False)]
    for label, column in (
        (t.gettext("Counted income, a month"), "counted_income"),
        (t.gettext("Standard, per person and month"), "standard"),
        (t.gettext("Entitlement, at most"), "entitlement_at_most"),
        (t.gettext("Paid for the month"), "paid_amount"),
    ):
        rows.append(_amounts(label, column, now, before, t, money=True))
    return rows


def _amounts(label: str, column: str, now: Row, before: Row | None, t: Texts, *, money: bool) -> Comparison:
    say = t.yuan if money else t.number
    current = now[column]
    earlier = None if before is None else before[column]
    change = ""
    if current is not None and earlier is not None and current != earlier:
        change = ("+" if current > earlier else "−") + say(abs(current - earlier))
    return Comparison(
        label=label,
        before="—" if earlier is None else say(earlier),
        now="—" if current is None else say(current),
        change=change,
    )


def member_views(case: Case) -> list[MemberView]:
    """The members, head first; those a register records as having died are marked."""
    dead = {flag["subject"] for flag in case.flags if flag["code"] == "member_deceased"}
    return [
        MemberView(
            name=mask_name(member["name"]),
            id_no=mask_id(member["id_no"]),
            relation=short(member["relation"] or ""),
            is_head=member["is_head"],
            is_covered=member["is_covered"],
            is_recorded_dead=key in dead,
        )
        for key, member in case.members.items()
    ]


def person_of(case: Case, member_id: str) -> str:
    member = case.members.get(member_id)
    return mask_name(member["name"]) if member else ""


def line_views(case: Case, t: Texts) -> list[LineView]:
    return [
        LineView(
            title=strict(REASONS, line["rule"], t),
            person=person_of(case, line["subject"]),
            verdict=strict(VERDICTS, line["verdict"], t),
            verdict_code=line["verdict"],
            value=t.measure(line["value"], line["unit"]),
            limit=t.measure(line["limit"], line["unit"]),
            margin="—" if line["unit"] == "date" else t.measure(line["margin"], line["unit"]),
            parameter=short(line["parameter"]),
            valid_from=short(line["valid_from"]),
            citation=short(line["citation"]),
            missing=t.joined([source_title(source, t) for source in line["missing_sources"]]),
        )
        for line in case.lines
    ]


def record_views(case: Case, t: Texts) -> list[RecordView]:
    """The registry records, those a flag rests on first; cut to a readable number."""
    ordered = sorted(case.evidence, key=lambda record: not record.codes)
    return [_record_view(record, t) for record in ordered[:_MOST_RECORDS]]


def _record_view(record: EvidenceRecord, t: Texts) -> RecordView:
    row = record.row
    return RecordView(
        source=source_title(row["source"], t),
        delivery=short(row["delivery"]),
        file_name=short(row["file_name"]),
        row_no=row["row_no"],
        person_in_row=row["slot"] + 1,
        as_of=record.as_of,
        name=mask_name(row.get("name")),  # a business names no person
        id_no=mask_id(row.get("id_no")),
        facts=key_facts(record.table, row, t),
        used_for=t.joined([strict(REASONS, code, t) for code in record.codes]),
    )


def link_views(case: Case, models: Models, t: Texts) -> list[LinkView]:
    """Pairs to confirm first, then links by how unsure they are."""
    pairs = [*case.open_pairs, *sorted(case.matches, key=lambda row: (row["weight"], row["record_id"]))]
    return [_link_view(case, pair, models, t) for pair in pairs[:_MOST_RECORDS]]


def _link_view(case: Case, pair: Row, models: Models, t: Texts) -> LinkView:
    agree, differ = agreement(pair)
    confidence = confidence_of(pair)
    fall = waterfall(pair, models)
    needed = fall.figures.match_odds if fall.figures else None
    return LinkView(
        title=source_title(pair["source"], t),
        person=person_of(case, pair["member_id"]),
        method=lenient(METHODS, pair["method"], t),
        confidence=t.gettext(CONFIDENCES[confidence]),
        confidence_code=confidence,
        agree=agree,
        differ=differ,
        total=bits(fall.end),
        needed="" if needed is None or fall.prior is None else bits(needed),
        sentence=explained(fall, t),
        steps=drawn(fall, t),
    )


def missing_views(case: Case, t: Texts) -> list[MissingView]:
    causes = {row["source"]: row["reason"] for row in case.statuses if row["status"] == "not_checked"}
    return [
        MissingView(
            source=source_title(source, t),
            cause=t.joined([lenient(STATUS_REASONS, cause, t), *_unsigned(case, source, cause, t)]),
        )
        for source in case.missing_sources
        if (cause := causes.get(source) or "no_source_yet")
    ]


def _unsigned(case: Case, source: str, cause: str, t: Texts) -> list[str]:
    """Whose form does not let this source be asked, and what is wrong with it."""
    if cause != "not_authorised":
        return []
    return [
        f"{person_of(case, row['member_id'])} {lenient(STANDINGS, row['standing'], t)}"
        for row in case.authorisations
        if not {"all", source} & set(row["scope"])
    ]
