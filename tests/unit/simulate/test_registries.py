"""The registries of what people earn, own and are: their odd forms, and look-alikes that make no flag."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict

import numpy as np
import openpyxl

from pipelines.simulate.businesses import MEMBER
from pipelines.simulate.draw import NOBODY
from pipelines.simulate.economy import BANKS
from tests.unit.simulate.conftest import Month


def _flagged(month: Month, code: str) -> set[str]:
    return {str(row["household_no"]) for row in month.truth("truth_flag") if row["code"] == code}


def _living_households(month: Month) -> dict[int, list[int]]:
    """Household → its members, of households in which nobody has died."""
    assisted = month.city.assisted
    members: dict[int, list[int]] = defaultdict(list)
    for household, person in zip(assisted.household.tolist(), assisted.person.tolist(), strict=True):
        members[household].append(person)
    dead = {int(assisted.household_of[person]) for person in month.city.deaths.person.tolist()}
    return {household: people for household, people in members.items() if household not in dead}


def _piped(month: Month, pattern: str, encoding: str) -> list[list[str]]:
    text = month.file(pattern).read_bytes().decode(encoding)
    return [line.split("|") for line in text.removesuffix("\r\n").split("\r\n")]


def test_the_delta_cancels_the_dead_the_full_register_still_shows_as_living(district: Month) -> None:
    _, *full = _piped(district, "hukou/*/CZRK_FULL_*.txt", "gb18030")
    header, *delta = _piped(district, "hukou/*/CZRK_DELTA_*.txt", "gb18030")
    state = {row[0]: row[13] for row in full}
    assert header[0] == "CZBS"
    late = [row for row in delta if row[14] == "死亡注销"]
    assert 5 < len(late) < len(delta)
    assert all(state[row[1]] == "正常" and row[15] for row in late)
    assert sum(text == "死亡注销" for text in state.values()) > 3 * len(late)


def test_a_line_of_the_full_register_that_the_delta_replaces_is_no_link_of_the_truth(district: Month) -> None:
    links = [row for row in district.truth("truth_link") if row["source"] == "hukou"]
    persons = [row["person_key"] for row in links]
    assert len(persons) == len(set(persons)) == district.counts.members
    assert any("DELTA" in str(row["file_name"]) for row in links)


def test_the_last_month_of_contributions_comes_twice_with_the_same_bytes(district: Month) -> None:
    first, second = sorted(district.root.glob("inbox/contrib/*/AC43_202609.txt"))
    assert first.read_bytes() == second.read_bytes()
    _, *rows = _piped(district, "contrib/20260810_01/*.txt", "utf-8")
    assert {row[8] for row in rows} == {"101", "102"}
    assert all((row[3] == "") == (row[8] == "102") for row in rows)


def test_somebody_who_pays_contributions_for_himself_has_no_wage(district: Month) -> None:
    wages = district.city.wages
    own = wages.is_flexible & (wages.taxed == 0)
    assisted = district.city.assisted.household_of[wages.person[own]] != NOBODY
    assert int(assisted.sum()) > 20
    assert not wages.counted(len(district.city.people.home))[wages.person[own]].any()


def test_wages_make_households_go_over_the_standard(district: Month) -> None:
    city = district.city
    planned = set(city.assisted.household_no[city.plans.wage_unreported].tolist())
    found = _flagged(district, "income_over_standard") | _flagged(district, "amount_above_entitlement")
    codes = ("member_deceased", "member_in_custody", "authorisation_missing")  # whose wage counts for nobody
    gone = set().union(*(_flagged(district, code) for code in codes))
    assert len(planned) > 5
    assert planned - gone <= found


def test_the_late_fund_file_masks_the_numbers_the_first_one_left_out(district: Month) -> None:
    _, *first = district.rows("fund/20261008_01/*.csv", "gb18030")
    _, *second = district.rows("fund/20261103_01/*_resend.csv", "gb18030")
    changed = [(old, new) for old, new in zip(first, second, strict=True) if old != new]
    assert len(changed) > 10
    assert all(old[3] == "" and new[3][6:14] == "********" for old, new in changed)


def test_bank_pages_hold_all_rows_they_state_and_one_bank_answers_in_wan(district: Month) -> None:
    pages = [json.loads(path.read_bytes()) for path in sorted(district.root.glob("inbox/bank/*/*.json"))]
    rows = [row for page in pages for row in page["data"]["rows"]]
    assert {page["data"]["total"] for page in pages} == {len(rows)}
    assert {row["khyh"] for row in rows if row["dw"] == "万元"} == {BANKS[0]}
    assert {row["khyh"] for row in rows if row["dw"] == "元"} == set(BANKS[1:])
    assert any("," in row["ye"] for row in rows)


def test_a_household_whose_accounts_reach_exactly_the_limit_is_not_flagged(district: Month) -> None:
    city, living = district.city, _living_households(district)
    held = np.zeros(len(city.assisted.home), dtype=np.int64)
    np.add.at(held, city.assisted.household_of[city.accounts.person], city.accounts.balance)
    months = city.profile.standards.assets_months
    limit = city.assisted.standard * city.assisted.size * months
    exact = [household for household in living if held[household] == limit[household]]
    asked = city.assisted.count_by_household(city.consent.opens("bank")) == city.assisted.size
    above = {str(city.assisted.household_no[row]) for row in living if asked[row] and held[row] > limit[row]}
    flagged = _flagged(district, "financial_assets_over")
    assert exact
    assert not {str(city.assisted.household_no[household]) for household in exact} & flagged
    assert above <= flagged


def test_the_account_of_a_dead_member_makes_no_flag(district: Month) -> None:
    city = district.city
    limit = city.assisted.standard * city.assisted.size * city.profile.standards.assets_months
    recorded = set(city.deaths.person[city.deaths.recorded].tolist())
    household = city.assisted.household_of[city.accounts.person]
    rich = {
        str(city.assisted.household_no[row])
        for person, balance, row in zip(
            city.accounts.person.tolist(), city.accounts.balance.tolist(), household.tolist(), strict=True
        )
        if person in recorded and balance > limit[row]
    }
    assert rich
    assert not rich & _flagged(district, "financial_assets_over")


def test_nominal_members_cancelled_businesses_and_capital_just_below_are_not_flagged(district: Month) -> None:
    city = district.city
    roles, least = city.businesses.roles, city.profile.standards.business_capital_fen
    capital, state = city.businesses.capital[roles.business], city.businesses.state[roles.business]
    household = city.assisted.household_of[roles.person]
    live = np.isin(state, ("存续", "开业", "在营"))
    harmless = {
        "member": (roles.role == MEMBER) & live & (capital >= least),
        "cancelled": ~live & (capital >= least),
        "below": live & (roles.role != MEMBER) & (capital < least) & (capital > least * 9 // 10),
    }
    owned = set(city.assisted.household_no[city.plans.business_owned].tolist())
    flagged = _flagged(district, "business_owned")
    assert flagged <= owned
    for name, rows in harmless.items():
        kept = set(city.assisted.household_no[household[rows & (household != NOBODY)]].tolist())
        assert len(kept - owned) > 3, name
        assert not (kept - owned) & flagged, name


def test_business_persons_join_on_the_registers_number_and_bear_short_and_lower_case_ids(
    district: Month,
) -> None:
    entities, persons = (
        [
            line.split("\t")
            for line in district.file(f"business/*/{name}_*.tsv").read_text("utf-8").split("\n")
        ]
        for name in ("scztxx", "scztry")
    )
    numbers = {row[0] for row in entities[1:-1]}
    rows = persons[1:-1]
    assert {row[0] for row in rows} <= numbers
    assert {len(row[4]) for row in rows} >= {15, 18}
    assert any(row[4] == "\\N" for row in rows)
    assert any(row[4].endswith("x") for row in rows)
    assert any(row[1] != row[1].upper() for row in entities[1:-1])
    assert any(row[5] == "\\N" for row in entities[1:-1])


def test_taxed_income_of_two_agents_adds_up_to_the_year(district: Month) -> None:
    text = district.file("tax/*/*.csv").read_bytes().decode("utf-8-sig")
    lines = text.removesuffix("\n").split("\n")[1:]
    amounts = [int(line.split('"')[1].replace(",", "").replace(".", "")) for line in lines]
    assert sum(amounts) == int(district.city.wages.taxed.sum())
    assert len(lines) > int((district.city.wages.taxed > 0).sum())


def test_a_couple_stands_on_one_row_and_old_rows_bear_no_numbers(district: Month) -> None:
    _, *rows = district.rows("marriage/*/*.csv", "gb18030")
    events: dict[tuple[str, str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        events[row[2], row[4], row[5], row[7]].append((row[8], row[1]))
    divorced = [
        sorted(history) for history in events.values() if any(kind == "离婚登记" for _, kind in history)
    ]
    assert len(divorced) > 20
    assert sum(history[-1][1] == "离婚登记" for history in divorced) > len(divorced) * 9 // 10
    old = [row for row in rows if row[8] < "1986"]
    assert sum(row[3] == "" for row in old) > len(old) // 2
    links = [row for row in district.truth("truth_link") if row["source"] == "marriage"]
    assert {row["slot"] for row in links} == {0, 1}


def test_a_certificate_number_is_the_id_with_category_and_level_behind_it(district: Month) -> None:
    sheet = openpyxl.load_workbook(district.file("disability/*/*.xlsx")).active
    rows = list(sheet.iter_rows(values_only=True))
    numbers = [str(row[2]) for row in rows[2:-1]]
    assert rows[-1][0] == "合计"
    assert {len(number) for number in numbers} == {20, 22}
    assert all(number[18] in "1234567" and number[19] in "1234" for number in numbers)


def test_custody_lists_have_missing_ids_and_aliases(district: Month) -> None:
    _, *rows = district.rows("custody/*/*.csv", "gb18030")
    assert all(len(row) == 10 and row[7].count(".") == 2 for row in rows)
    assert any(row[4] in ("", "NULL", "-") for row in rows)
    assert any(row[1].startswith("阿") for row in rows)


def test_other_payments_are_parted_by_the_full_width_comma(district: Month) -> None:
    for month in ("202608", "202609", "202610"):
        text = district.file(f"other_payments/*/一卡通发放_{month}.txt").read_bytes().decode()
        rows = [line.split("，") for line in text.removesuffix("\r\n").split("\r\n")]
        assert {len(row) for row in rows} == {8}
        assert all(row[7] == month for row in rows[1:])
        assert ("耕地地力保护补贴" in {row[5] for row in rows}) == (month == "202608")


def test_every_member_has_an_authorisation_and_a_few_no_longer_hold(district: Month) -> None:
    data = district.file("authorisation/*/*.xml.gz").read_bytes()
    assert data[4:8] == b"\0\0\0\0"
    text = gzip.decompress(data).decode()
    people = [dict(re.findall(r"<(\w+)>([^<]*)</", record)) for record in re.findall(r"<sq>(.*)</sq>", text)]
    consent = district.city.consent
    assert len(people) == int(consent.is_signed.sum() + consent.is_renewed.sum())
    assert {row["jtbh"] for row in people} <= set(district.city.assisted.household_no.tolist())
    withdrawn = sum(row["chrq"] != "" for row in people)
    renewed = int(consent.is_renewed.sum())
    assert 0 < sum(row["yxqz"] < "2026-10-31" for row in people) - renewed < 40
    assert 0 < withdrawn < 40
    assert {row["fw"] == "all" for row in people} == {True, False}
    assert all("bank" not in row["fw"] for row in people)


def test_nothing_of_a_member_without_a_valid_form_is_a_link_or_flag_of_the_truth(district: Month) -> None:
    city = district.city
    closed = {f"R{person:08d}" for person in city.assisted.person[~city.consent.is_valid].tolist()}
    assert 10 < len(closed) < 60
    links = district.truth("truth_link")
    lists = {"dibao_urban", "dibao_rural", "tekun", "payment", "authorisation"}
    assert {
        row["may_look_up"] for row in links if row["person_key"] in closed and row["source"] not in lists
    } == {False}
    assert all(row["may_look_up"] for row in links if row["source"] in lists)
    said = {row["subject_person_key"]: row["code"] for row in district.truth("truth_flag")}
    assert {said[person] for person in closed & set(said)} == {"authorisation_missing"}
