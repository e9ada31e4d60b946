"""A person's verdict wins wherever the same is said of the same people, and nowhere else."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base.errors import ContractBroken
from pipelines.s4_link.judgements import judged_names, read_verdicts
from pipelines.s4_link.likeness import LIKENESS, likeness_digest, likeness_keys, likenesses
from pipelines.s4_link.people import people_of_members, people_of_records
from tests.unit.s4_link.judged_cases import in_force, values, verdict
from tests.unit.s4_link.link_cases import deaths, found, linked, members, number, person, reviewed

BORN = "1968-07-01"
VALID = number(BORN, "123")
LISTED = person("李卫东", VALID)
NAMED = person("李卫东")
PAIR = ("d0", "m0")


def _anew(who: dict[str, Any], file: str = "death_medical/20240901_01/deaths.csv") -> dict[str, Any]:
    """The same row in another delivery: every address has changed, no value has."""
    return who | {"record_id": f"{file}#88", "delivery": "death_medical/20240901_01", "row_no": 88}


def _pairs(found_pairs: dict[tuple[str, str], str]) -> dict[str, str]:
    """By member: record ids differ between deliveries."""
    return {member: word for (_, member), word in found_pairs.items()}


def test_a_rejected_link_does_not_come_back_though_the_registry_delivers_the_row_anew() -> None:
    rejected = in_force(verdict("negative", LISTED, LISTED))
    assert found(linked([LISTED], [LISTED])) == {PAIR: "exact_id"}
    for row in (LISTED, _anew(LISTED)):
        result = linked([row], [LISTED], judgements=rejected)
        assert found(result) == reviewed(result) == {}


def test_a_rejected_review_does_not_come_back_either() -> None:
    rejected = in_force(verdict("negative", NAMED, LISTED))
    assert reviewed(linked([NAMED], [LISTED])) == {PAIR: "name_only"}
    assert reviewed(linked([_anew(NAMED)], [LISTED], judgements=rejected)) == {}


def test_a_confirmed_name_only_pair_is_a_match_and_stays_one_when_the_file_is_sent_again_corrected() -> None:
    confirmed = in_force(verdict("positive", NAMED, LISTED))
    first = linked([NAMED], [LISTED], judgements=confirmed)
    resent = linked([person("赵明月"), person("孙丽"), _anew(NAMED)], [LISTED], judgements=confirmed)
    for result in (first, resent):
        assert _pairs(found(result)) == {"m0": "judged"}
        assert reviewed(result) == {}


def test_a_pair_no_blocking_rule_meets_is_a_match_once_a_person_says_so() -> None:
    stranger = person("阿卜杜拉", address="澧水县王家厂镇大团村284号")
    assert found(linked([stranger], [LISTED])) == {}
    confirmed = in_force(verdict("positive", stranger, LISTED))
    assert found(linked([_anew(stranger)], [LISTED], judgements=confirmed)) == {
        ("death_medical/20240901_01/deaths.csv#88", "m0"): "judged"
    }


@pytest.mark.parametrize("said", ["positive", "negative"])
def test_a_verdict_on_a_row_whose_id_number_changed_no_longer_holds(said: str) -> None:
    before = person("李卫东", VALID[:17] + ("0" if VALID[17] != "0" else "1"), "checksum_wrong")
    judged = in_force(verdict(said, before, LISTED))
    result = linked([_anew(LISTED)], [LISTED], judgements=judged)
    assert _pairs(found(result)) == {"m0": "exact_id"}
    assert result.stats.judgements_absent == 1


def test_a_verdict_on_a_member_whose_list_entry_changed_no_longer_holds() -> None:
    moved = LISTED | {"address": "临溪县刻木山乡九里岗村7号"}
    result = linked([LISTED], [moved], judgements=in_force(verdict("negative", LISTED, LISTED)))
    assert found(result) == {PAIR: "exact_id"}


def test_of_two_people_with_the_same_name_a_verdict_on_one_says_nothing_on_the_other() -> None:
    other = person("李卫东", number("1975-02-03", "321"))
    judged = in_force(verdict("negative", LISTED, LISTED))
    result = linked([LISTED, other], [LISTED, other], judgements=judged)
    assert found(result) == {("d1", "m1"): "exact_id"}
    confirmed = in_force(verdict("positive", NAMED, LISTED))
    result = linked([NAMED, other], [LISTED, other], judgements=confirmed)
    assert found(result) == {PAIR: "judged", ("d1", "m1"): "exact_id"}


def test_what_another_source_says_of_the_same_person_is_not_judged_with_it() -> None:
    judged = in_force(verdict("negative", LISTED, LISTED))
    other = LISTED | {"source": "death_police"}
    assert found(linked([LISTED, other], [LISTED], judgements=judged)) == {("d1", "m0"): "exact_id"}


def test_rows_that_say_exactly_the_same_are_judged_together() -> None:
    judged = in_force(verdict("positive", NAMED, LISTED))
    result = linked([NAMED, NAMED], [LISTED], judgements=judged)
    assert found(result) == {PAIR: "judged", ("d1", "m0"): "judged"}


def test_a_positive_judgement_takes_the_record_from_other_people() -> None:
    zhao = person("赵明月", number("1980-02-02", "222"))
    result = linked([LISTED], [zhao, LISTED], judgements=in_force(verdict("positive", LISTED, zhao)))
    assert found(result) == {PAIR: "judged"}


def test_a_positive_judgement_leaves_the_same_person_in_a_second_household() -> None:
    moved = LISTED | {"address": "临溪县刻木山乡九里岗村7号"}
    judged = in_force(verdict("positive", LISTED, LISTED))
    result = linked([LISTED], [LISTED, moved], judgements=judged)
    assert found(result) == {PAIR: "judged", ("d0", "m1"): "exact_id"}


def test_an_unsure_judgement_and_one_about_nobody_here_change_nothing() -> None:
    judged = in_force(verdict("unsure", LISTED, LISTED), verdict("positive", person("孙丽"), LISTED))
    result = linked([LISTED], [LISTED], judgements=judged)
    assert found(result) == {PAIR: "exact_id"}
    assert result.stats.judgements_absent == 1


def test_a_row_without_a_name_can_be_judged_too() -> None:
    nameless = person(None, VALID)
    judged = in_force(verdict("negative", nameless, LISTED))
    result = linked([nameless], [LISTED], judgements=judged)
    assert found(result) == reviewed(result) == {}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_verdicts_are_found_again_in_rows_of_any_order(seed: int) -> None:
    people = [person("李卫东", number(BORN, f"{at:03d}")) for at in range(1, 30)]
    judged = [verdict("negative" if at % 2 else "positive", who, who) for at, who in enumerate(people)]
    records, lists = deaths(*people), members(*people)

    def placed(order: list[int]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        left, right = records.take(pa.array(order)), lists.take(pa.array(order[::-1]))
        said = read_verdicts(
            in_force(*(judged[at] for at in order)), people_of_records(left), people_of_members(right)
        )
        return tuple(  # type: ignore[return-value]
            {
                (left["record_id"][one].as_py(), right["record_id"][other].as_py())
                for one, other in zip(*pairs, strict=True)
            }
            for pairs in (said.positive, said.negative)
        )

    order = list(range(len(people)))
    random.Random(seed).shuffle(order)  # noqa: S311 an order, not a secret
    assert placed(order) == placed(sorted(order))
    assert placed(order)[1] == {(f"d{at}", f"m{at}") for at in range(1, len(people), 2)}


def test_the_names_of_confirmed_rows_are_kept_as_they_are_written() -> None:
    judged = in_force(
        verdict("positive", person("买买提·艾力"), LISTED),
        verdict("positive", person("买买提·艾力", VALID), LISTED),
        verdict("negative", NAMED, LISTED),
    )
    assert judged_names(judged).to_pylist() == ["买买提·艾力"]
    assert judged_names(None).to_pylist() == []


@pytest.mark.parametrize(
    ("judged", "complaint"),
    [
        (in_force(verdict("maybe", LISTED, LISTED)), "unknown verdicts"),
        (in_force(verdict("positive", LISTED, LISTED), verdict("negative", LISTED, LISTED)), "two verdicts"),
        (pa.table({"source": ["s"], "verdict": ["positive"]}), "'record', 'member'"),
    ],
)
def test_judgements_that_cannot_be_read_are_refused(judged: pa.Table, complaint: str) -> None:
    with pytest.raises(ContractBroken, match=complaint):
        linked([LISTED], [LISTED], judgements=judged)


def test_what_a_linked_pair_shows_is_the_likeness_its_rows_have() -> None:
    at_home = LISTED | {"address": "临溪县刻木山乡九里岗村103号"}
    (row,) = linked([at_home], [LISTED]).matches.to_pylist()
    record, member = likenesses(row["comparisons"])
    assert record == values(people_of_records(deaths(at_home)))
    assert member == values(people_of_members(members(LISTED)))
    with pytest.raises(ContractBroken, match="sex"):
        likenesses([entry for entry in row["comparisons"] if entry["field"] != "sex"])


_text = st.one_of(st.none(), st.text(alphabet="李:-1", max_size=3))
_likeness = st.tuples(*(_text for _ in LIKENESS))


@given(st.lists(_likeness, min_size=1, max_size=8))
def test_two_likenesses_are_one_exactly_when_every_value_is_the_same(
    rows: list[tuple[str | None, ...]],
) -> None:
    columns = [pa.chunked_array([pa.array(column, pa.string())]) for column in zip(*rows, strict=True)]
    keys = likeness_keys(columns).to_pylist()
    digests = [likeness_digest(row) for row in rows]
    for one, key, digest in zip(rows, keys, digests, strict=True):
        assert [key == other for other in keys] == [one == other for other in rows]
        assert [digest == other for other in digests] == [one == other for other in rows]


_name = st.sampled_from([None, "李卫东", "赵明月"])
_born = st.sampled_from([None, date(1968, 7, 1), date(1980, 2, 2)])
_people = st.lists(
    st.builds(lambda name, born: person(name, birth_date=born), _name, _born), min_size=1, max_size=5
)


@settings(max_examples=40, deadline=None)
@given(_people, _people, st.data())
def test_a_verdict_holds_on_every_pair_that_says_the_same_and_on_no_other(
    records: list[dict[str, Any]], lists: list[dict[str, Any]], data: st.DataObject
) -> None:
    one, other = data.draw(st.sampled_from(records)), data.draw(st.sampled_from(lists))
    said = read_verdicts(
        in_force(verdict("positive", one, other)),
        people_of_records(deaths(*records)),
        people_of_members(members(*lists)),
    )
    expected = [
        (left, right)
        for left, record in enumerate(records)
        for right, member in enumerate(lists)
        if record == one and member == other
    ]
    assert list(zip(*(rows.tolist() for rows in said.positive), strict=True)) == expected
    assert said.absent == 0
