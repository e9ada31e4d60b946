"""The bureau's and the bank's files: rural list, urban list with the family behind it, three payment files."""

from __future__ import annotations

import numpy as np

from pipelines.base.period import Period
from pipelines.simulate import damage, formats, garble
from pipelines.simulate.city import City
from pipelines.simulate.draw import Cells, Ints, Texts, choose, stream
from pipelines.simulate.outbox import Outbox, batch
from pipelines.simulate.places import CITY
from pipelines.simulate.population import RELATIONS
from pipelines.simulate.rates import rates_of

_RURAL_HEADER = [
    "家庭编号",
    "乡镇",
    "村",
    "姓名",
    "身份证号",
    "与户主关系",
    "是否保障对象",
    "救助类型",
    "人均月补差（元）",
    "首次享受日期",
]
_FAMILY_HEADER = ["家庭编号", "姓名", "身份证号", "是否保障对象"]
_URBAN_HEADER = [
    "序号",
    "街道（乡镇）",
    "社区（村）",
    "户主姓名",
    "户主身份证号码",
    "家庭住址",
    "救助类型",
    "保障人数",
    "月保障金（元）",
    "开户银行",
    "银行账号",
] + [f"成员{place}{what}" for place in range(1, 7) for what in ("姓名", "身份证号码")]
_URBAN_MERGES = ("A1:W1", "D2:E2", "L2:W2")
_HEAD_COLUMN, _MEMBERS_COLUMN = 3, 11
BANKS = (
    "中国邮政储蓄银行",
    "中国农业银行",
    "中国工商银行",
    "中国银行",
    "中国交通银行",
    "中国民生银行",
    "招商银行",
    "中国光大银行",
)
LIST_DAY, _PAY_DAY = 28, 25
_URBAN, _RURAL = 0, 1
_FEN = 100


def deliver_lists(city: City, outbox: Outbox) -> None:
    _rural_list(city, outbox)
    _urban_list(city, outbox)
    _urban_family(city, outbox)
    for months_back in (2, 1, 0):
        _payments(city, outbox, months_back)


def account_numbers(household_no: Texts) -> Texts:
    """62, fourteen digits that end in the household's number, 3."""
    digits = np.strings.slice(household_no, 2, None)
    return np.strings.add(np.strings.add("62000000", digits), "3")


def _members(city: City, programme: int) -> Ints:
    """Positions of the programme's members among all assisted members."""
    return np.flatnonzero(city.assisted.programme[city.assisted.household] == programme)


def _start_dates(city: City) -> list[str]:
    periods = [city.period.shift(-int(months)) for months in city.benefits.months_since_start]
    return [f"{period.year}/{period.month}/1" for period in periods]


def _rural_list(city: City, outbox: Outbox) -> None:
    assisted, rows = city.assisted, _members(city, _RURAL)
    household, person = assisted.household[rows], assisted.person[rows]
    rng = stream(city.seed, "dibao_rural")
    written = damage.write_people(city.people, person, rates_of("dibao_rural"), rng, today=city.today)
    village = city.people.village(person)
    amount = city.benefits.per_person[household] // _FEN
    starts = np.asarray(_start_dates(city))
    text = formats.delimited(
        (
            assisted.household_no[household].tolist(),
            city.places.town[village].tolist(),
            city.places.village[village].tolist(),
            written.names.tolist(),
            written.numbers.tolist(),
            np.asarray(RELATIONS)[city.people.role[person]].tolist(),
            np.where(assisted.is_covered[rows], "是", "否").tolist(),
            np.where(city.benefits.is_full[household], "全额", "差额").tolist(),
            amount.astype(str).tolist(),
            starts[household].tolist(),
        ),
        header=_RURAL_HEADER,
    )
    day = city.period.first_day.replace(day=LIST_DAY)
    name = f"农村低保人员信息_{day:%Y%m%d}.csv"
    delivery = outbox.post("dibao_rural", batch(day), name, text.encode("gb18030"), len(rows))
    outbox.note(delivery, name, person, written.marks)


def _urban_list(city: City, outbox: Outbox) -> None:
    assisted = city.assisted
    members = _members(city, _URBAN)
    members = members[assisted.is_covered[members]]
    person, household = assisted.person[members], assisted.household[members]
    rng = stream(city.seed, "dibao_urban")
    written = damage.write_people(city.people, person, rates_of("dibao_urban"), rng, today=city.today)
    numbers = as_typed(written.numbers, written.marks, [False] * len(members))
    households, row = np.unique(household, return_inverse=True)
    slot = np.arange(len(members)) - np.searchsorted(household, household)
    rows = _household_rows(city, households)
    for place, index, name, number in zip(slot.tolist(), row.tolist(), written.names, numbers, strict=True):
        column = _HEAD_COLUMN if place == 0 else _MEMBERS_COLUMN + 2 * (place - 1)
        rows[index][column : column + 2] = [name, number or None]
    day = city.period.first_day.replace(day=LIST_DAY)
    name = f"{city.period.year}年{city.period.month}月城市低保花名册.xlsx"
    data = formats.workbook([*_urban_top(city.period), *rows, *_urban_bottom(day.isoformat())], _URBAN_MERGES)
    delivery = outbox.post("dibao_urban", batch(day), name, data, len(rows))
    outbox.note(delivery, name, person, written.marks, row_no=row + 1, slot=slot)


def as_typed(numbers: Cells, marks: Ints, shown: list[bool]) -> list[str | int]:
    """Cells of a workbook: damaged numbers as numbers or as `7.31802E+17`, the rest as text."""
    cut = (marks & damage.bit("excel_cut") > 0).tolist()
    typed: list[str | int] = []
    for number, is_cut, is_shown in zip(numbers.tolist(), cut, shown, strict=True):
        if not is_cut or not (number.isascii() and number.isdigit()):
            typed.append(number)
            continue
        typed.append(garble.as_shown_by_excel(number) if is_shown else int(number))
    return typed


def _household_rows(city: City, households: Ints) -> list[list[formats.Cell]]:
    """One row a household, the people left out."""
    assisted, people = city.assisted, city.people
    rng = stream(city.seed, "dibao_urban households")
    home = assisted.home[households]
    village = people.homes.village[home]
    address = city.places.list_address(village, people.homes.house_no[home])
    full = city.benefits.is_full[households]
    partial = choose(rng, ("差额", "差额救助"), len(households))
    columns = (
        city.places.town[village],
        city.places.village[village],
        address,
        np.where(full, "全额", partial),
        assisted.covered[households],
        city.benefits.listed[households] // _FEN,
        choose(rng, BANKS, len(households)),
        account_numbers(assisted.household_no[households]),
    )
    return [
        [number, town, village_name, None, None, *rest, *[None] * 12]
        for number, (town, village_name, *rest) in enumerate(
            zip(*(column.tolist() for column in columns), strict=True), start=1
        )
    ]


def _urban_top(period: Period) -> list[list[formats.Cell]]:
    group: list[formats.Cell] = [None] * len(_URBAN_HEADER)
    group[_HEAD_COLUMN], group[_MEMBERS_COLUMN] = "户主", "享受保障家庭成员"
    title = f"{CITY}{period.year}年{period.month}月城市居民最低生活保障对象花名册"
    return [[title], group, list(_URBAN_HEADER)]


def _urban_bottom(day: str) -> list[list[formats.Cell]]:
    year, month, date = (int(part) for part in day.split("-"))
    return [["合计"], ["制表人：", None, "审核人：", None, f"填报日期：{year}年{month}月{date}日"]]


def _urban_family(city: City, outbox: Outbox) -> None:
    assisted = city.assisted
    rows = _members(city, _URBAN)
    rows = rows[~assisted.is_covered[rows]]
    person = assisted.person[rows]
    rng = stream(city.seed, "dibao_urban family")
    written = damage.write_people(city.people, person, rates_of("dibao_rural"), rng, today=city.today)
    number = np.strings.slice(assisted.household_no[assisted.household[rows]], 2, None)
    text = formats.delimited(
        (number.tolist(), written.names.tolist(), written.numbers.tolist(), ["否"] * len(rows)),
        header=_FAMILY_HEADER,
    )
    day = city.period.first_day.replace(day=LIST_DAY)
    name = "共同生活家庭成员（非保障对象）.csv"
    delivery = outbox.post("dibao_urban", batch(day), name, text.encode("gb18030"), len(rows))
    outbox.note(delivery, name, person, written.marks)


def _payments(city: City, outbox: Outbox, months_back: int) -> None:
    assisted, month = city.assisted, city.period.shift(-months_back)
    heads = assisted.person[assisted.first]
    rng = stream(city.seed, f"payment {month}")
    written = damage.write_people(city.people, heads, rates_of("payment"), rng, today=city.today)
    rows = len(heads)
    text = formats.delimited(
        (
            [f"{month.year}{month.month:02d}"] * rows,
            assisted.household_no.tolist(),
            written.names.tolist(),
            written.numbers.tolist(),
            city.benefits.paid[2 - months_back].astype(str).tolist(),
            account_numbers(assisted.household_no).tolist(),
            ["0"] * rows,
        ),
        by="|",
        end="\n",
    )
    name = f"DBFF_{month.year}{month.month:02d}.txt"
    delivery = outbox.post("payment", batch(month.first_day.replace(day=_PAY_DAY)), name, text.encode(), rows)
    outbox.note(delivery, name, heads, written.marks)
