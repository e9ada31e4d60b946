"""How far a run on a simulated city was right: precision and recall of links and of flags against the truth.

A pair of the truth counts as found when a match joins that record to the member who is that person. Pairs sent
to review are neither found nor missed and stand apart. Results are whole numbers and fractions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.score.counts import Counts
from pipelines.score.groups import groups_of

_LISTS = frozenset({"dibao_urban", "dibao_rural", "tekun", "payment"})
_NOT_LINKED = _LISTS | {"authorisation"}
"""Their rows say whom to look for, so no run joins them to members as evidence."""
_UNSCORED = frozenset({"identity_to_confirm"})
_PLANNED = frozenset({"elder_allowance_due", "disability_living_due", "disability_care_due"})
_FORMS = "authorisation_missing"
_CLEAN = "clean"


@dataclass(frozen=True, kw_only=True)
class Score:
    """Links over all, by source and by kind of damage (`list: x` = the member's own list row is damaged); flags."""

    links: Counts
    links_by_source: Mapping[str, Counts]
    links_by_damage: Mapping[str, Counts]
    links_by_group: Mapping[str, Counts]
    """Groups of persons by name and by place; a person is in several."""
    reviews_right: int
    reviews_wrong: int
    flags: Counts
    flags_by_code: Mapping[str, Counts]
    candidates_by_kind: Mapping[str, Counts]
    members_unknown: int
    """Members the truth does not know: their links and flags cannot be right."""


@dataclass(frozen=True, kw_only=True)
class _Pair:
    """One record of the truth: who stands there and how both rows were written."""

    source: str
    person: str
    damage: str
    list_damage: str


def score(
    *,
    truth: Path,
    matches: pa.Table,
    reviews: pa.Table,
    flags: pa.Table,
    candidates: pa.Table,
    households: pa.Table,
    members: pa.Table,
    accounts: pa.Table,
    lines: pa.Table,
) -> Score:
    """Everything a run made, held against `<truth>/truth_*.parquet`. `accounts` is line_account, `lines` landed_line."""
    links = pq.read_table(truth / "truth_link.parquet").to_pylist()
    persons = pq.read_table(truth / "truth_person.parquet")
    person_of = _persons_by_member(members, households, links, persons)
    pairs = _countable_pairs(links, _used_files(accounts), _repeated_records(lines))
    matched, reviewed = _pairs_of(matches, person_of), _pairs_of(reviews, person_of)
    right = {record for record, person in matched if record in pairs and pairs[record].person == person}
    waiting = {record for record, person in reviewed if record in pairs and pairs[record].person == person}
    flag_counts = _score_flags(
        flags, person_of, pq.read_table(truth / "truth_flag.parquet"), _told_apart(links)
    )
    return Score(
        links=_sum(_links_by_source(pairs, matched, right, waiting).values()),
        links_by_source=_links_by_source(pairs, matched, right, waiting),
        links_by_damage=_links_by_damage(pairs, right, waiting),
        links_by_group=_links_by_group(pairs, matched, right, waiting, groups_of(persons)),
        reviews_right=len(waiting),
        reviews_wrong=len(reviewed) - len(waiting),
        flags=_sum(flag_counts.values()),
        flags_by_code=flag_counts,
        candidates_by_kind=_score_candidates(
            candidates, households, person_of, pq.read_table(truth / "truth_candidate.parquet")
        ),
        members_unknown=members.num_rows - len(person_of),
    )


def _record_id(row: Mapping[str, Any]) -> str:
    address = f"{row['delivery']}/{row['file_name']}#{row['row_no']}"
    return f"{address}.{row['slot']}" if row["slot"] else address


def _used_files(accounts: pa.Table) -> set[tuple[str, str]]:
    rows = accounts.select(["delivery", "file_name", "status"]).to_pylist()
    return {(row["delivery"], row["file_name"]) for row in rows if row["status"] == "used"}


def _repeated_records(lines: pa.Table) -> set[tuple[str, str, int]]:
    rows = lines.select(["delivery", "file_name", "row_no", "repeats"]).to_pylist()
    return {(row["delivery"], row["file_name"], row["row_no"]) for row in rows if row["repeats"] is not None}


def _countable_pairs(
    links: list[dict[str, Any]], used: set[tuple[str, str]], repeated: set[tuple[str, str, int]]
) -> dict[str, _Pair]:
    """Registry records a run could link: of used files and people who may be looked up, each repeated line once.

    A match on anybody else's record is a false one.
    """
    return {
        _record_id(row): _Pair(
            source=row["source"],
            person=row["person_key"],
            damage=row["damage"],
            list_damage=row["list_damage"],
        )
        for row in links
        if row["source"] not in _NOT_LINKED
        and row["may_look_up"]
        and (row["delivery"], row["file_name"]) in used
        and (row["delivery"], row["file_name"], row["row_no"]) not in repeated
    }


def _persons_by_member(
    members: pa.Table, households: pa.Table, links: list[dict[str, Any]], persons: pa.Table
) -> dict[str, str]:
    """member_id → person_key: by the list row it came from, else by household and number, else household and name."""
    by_row = {_record_id(row): row["person_key"] for row in links if row["source"] in _LISTS}
    known = persons.to_pylist()
    by_number = {(row["household_no"], row["id18"]): row["person_key"] for row in known}
    by_name = {(row["household_no"], row["name"]): row["person_key"] for row in known}
    number_of = dict(
        zip(households["record_id"].to_pylist(), households["household_no"].to_pylist(), strict=True)
    )
    found: dict[str, str] = {}
    for member in members.select(["record_id", "household_id", "id18", "name", "derived_from"]).to_pylist():
        household = number_of.get(member["household_id"], "")
        rows = (by_row[record] for record in member["derived_from"] if record in by_row)
        person = (
            next(rows, None)
            or by_number.get((household, member["id18"]))
            or by_name.get((household, member["name"]))
        )
        if person is not None:
            found[member["record_id"]] = person
    return found


def _pairs_of(table: pa.Table, person_of: Mapping[str, str]) -> set[tuple[str, str]]:
    """(record, person) of links; a member nobody knows stays itself and can match no truth."""
    rows = table.select(["record", "member_id"]).to_pylist()
    return {(row["record"], person_of.get(row["member_id"], row["member_id"])) for row in rows}


def _links_by_source(
    pairs: Mapping[str, _Pair], matched: set[tuple[str, str]], right: set[str], waiting: set[str]
) -> dict[str, Counts]:
    found, review, missed = _outcomes(pairs, right, waiting, lambda pair: (pair.source,))
    false = Counter(
        record.split("/", maxsplit=1)[0]
        for record, person in matched
        if record not in pairs or pairs[record].person != person
    )
    names = sorted({*found, *review, *missed, *false})
    return {
        name: Counts(found=found[name], false=false[name], missed=missed[name], in_review=review[name])
        for name in names
    }


def _links_by_damage(pairs: Mapping[str, _Pair], right: set[str], waiting: set[str]) -> dict[str, Counts]:
    """A false match has no kind of damage in the truth, so only recall means something here."""
    found, review, missed = _outcomes(pairs, right, waiting, _damage_kinds)
    names = sorted({*found, *review, *missed})
    return {name: Counts(found=found[name], missed=missed[name], in_review=review[name]) for name in names}


def _links_by_group(
    pairs: Mapping[str, _Pair],
    matched: set[tuple[str, str]],
    right: set[str],
    waiting: set[str],
    groups: Mapping[str, tuple[str, ...]],
) -> dict[str, Counts]:
    """A false match stands in the groups of the member it was made with."""
    found, review, missed = _outcomes(pairs, right, waiting, lambda pair: groups.get(pair.person, ()))
    false = Counter(
        group
        for record, person in matched
        if record not in pairs or pairs[record].person != person
        for group in groups.get(person, ())
    )
    return {
        name: Counts(found=found[name], false=false[name], missed=missed[name], in_review=review[name])
        for name in sorted({*found, *review, *missed, *false})
    }


def _damage_kinds(pair: _Pair) -> tuple[str, ...]:
    own = [kind for kind in pair.damage.split("+") if kind != _CLEAN]
    listed = [f"list: {kind}" for kind in pair.list_damage.split("+") if kind != _CLEAN]
    return (*own, *listed) or (_CLEAN,)


def _outcomes(
    pairs: Mapping[str, _Pair], right: set[str], waiting: set[str], kinds: Any
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    found: Counter[str] = Counter()
    review: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for record, pair in pairs.items():
        outcome = found if record in right else review if record in waiting else missed
        outcome.update(kinds(pair))
    return found, review, missed


def _told_apart(links: list[dict[str, Any]]) -> set[str]:
    """Persons whose form or list row was damaged: a form that then differs from the list is neither right nor wrong."""
    return {
        row["person_key"]
        for row in links
        if row["source"] == "authorisation" and (row["damage"], row["list_damage"]) != (_CLEAN, _CLEAN)
    }


def _score_flags(
    flags: pa.Table, person_of: Mapping[str, str], truth: pa.Table, told_apart: set[str]
) -> dict[str, Counts]:
    wanted = {(row["household_no"], row["code"], row["subject_person_key"]) for row in truth.to_pylist()}
    raised = {
        (row["household_no"], row["code"], person_of.get(row["subject"], row["subject"]))
        for row in flags.select(["household_no", "code", "subject", "state"]).to_pylist()
        if row["state"] != "closed" and row["code"] not in _UNSCORED
    }
    found = Counter(code for _, code, _ in raised & wanted)
    false = Counter(
        code for _, code, person in raised - wanted if (code, person in told_apart) != (_FORMS, True)
    )
    missed = Counter(code for _, code, _ in wanted - raised)
    return {
        code: Counts(found=found[code], false=false[code], missed=missed[code])
        for code in sorted({*found, *false, *missed})
    }


def _score_candidates(
    candidates: pa.Table, households: pa.Table, person_of: Mapping[str, str], truth: pa.Table
) -> dict[str, Counts]:
    """Of the kinds the truth knows: a household that left the list, or a child left alone, is planned by nobody."""
    wanted = {(row["household_no"], row["kind"], row["subject_person_key"]) for row in truth.to_pylist()}
    number_of = dict(
        zip(households["record_id"].to_pylist(), households["household_no"].to_pylist(), strict=True)
    )
    raised = {
        (number_of[row["household_id"]], row["kind"], person_of.get(row["subject"], row["subject"]))
        for row in candidates.select(["household_id", "kind", "subject"]).to_pylist()
        if row["kind"] in _PLANNED
    }
    found = Counter(kind for _, kind, _ in raised & wanted)
    false = Counter(kind for _, kind, _ in raised - wanted)
    missed = Counter(kind for _, kind, _ in wanted - raised)
    return {
        kind: Counts(found=found[kind], false=false[kind], missed=missed[kind])
        for kind in sorted({*found, *false, *missed})
    }


def _sum(parts: Iterable[Counts]) -> Counts:
    counts = list(parts)
    return Counts(
        found=sum(part.found for part in counts),
        false=sum(part.false for part in counts),
        missed=sum(part.missed for part in counts),
        in_review=sum(part.in_review for part in counts),
    )
