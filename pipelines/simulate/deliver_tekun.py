"""The list of destitute support (特困): a workbook of one row a person, half of them at home in an institution."""

from __future__ import annotations

import numpy as np

from pipelines.simulate import damage, formats
from pipelines.simulate.assistance import PROGRAMMES
from pipelines.simulate.city import City
from pipelines.simulate.deliver_lists import BANKS, LIST_DAY, account_numbers, as_typed
from pipelines.simulate.draw import Ints, Texts, chance, choose, stream
from pipelines.simulate.outbox import Outbox, batch
from pipelines.simulate.places import CITY
from pipelines.simulate.rates import rates_of

_HEADER = [
    "序号",
    "供养证号",
    "街道（乡镇）",
    "社区（村）",
    "居住地址",
    "供养方式",
    "姓名",
    "身份证号码",
    "自理能力",
    "基本生活费（元）",
    "照料护理费（元）",
    "月合计（元）",
    "纳入年月",
    "开户银行",
    "银行账号",
]
_MERGES = ("A1:O1", "G2:I2", "J2:L2")
_PERSON_COLUMN, _STANDARD_COLUMN = 6, 9
_IN_INSTITUTION = 0.45
# As the township writes it, by care level: able, partly able, not able.
_CARE_WORDS = (("全自理", "有自理能力"), ("半护理", "半自理"), ("全护理", "完全不能自理"))
_FEN = 100


def deliver_tekun(city: City, outbox: Outbox) -> None:
    assisted = city.assisted
    households = np.flatnonzero(assisted.programme == PROGRAMMES.index("tekun"))
    person = assisted.person[assisted.first[households]]
    rng = stream(city.seed, "tekun")
    written = damage.write_people(city.people, person, rates_of("tekun"), rng, today=city.today)
    numbers = as_typed(written.numbers, written.marks, chance(rng, len(person), 0.5).tolist())
    people = list(zip(written.names.tolist(), numbers, strict=True))
    rows = _rows(city, households, people)
    title = f"{CITY}{city.period.year}年{city.period.month}月特困人员救助供养花名册"
    day = city.period.first_day.replace(day=LIST_DAY)
    data = formats.workbook([[title], _groups(), list(_HEADER), *rows, *_bottom(city, households)], _MERGES)
    name = f"{city.period.year}年{city.period.month}月特困人员救助供养花名册.xlsx"
    delivery = outbox.post("tekun", batch(day), name, data, len(rows))
    outbox.note(delivery, name, person, written.marks)


def _rows(city: City, households: Ints, people: list[tuple[str, str | int]]) -> list[list[formats.Cell]]:
    assisted, benefits, standards = city.assisted, city.benefits, city.profile.standards
    rng = stream(city.seed, "tekun households")
    home = assisted.home[households]
    village = city.people.homes.village[home]
    inside = chance(rng, len(households), _IN_INSTITUTION)
    care = benefits.care_level[households]
    words = np.asarray(_CARE_WORDS)[care, rng.integers(0, 2, len(households))]
    starts = [city.period.shift(-int(months)) for months in benefits.months_since_start[households]]
    columns = (
        _certificates(assisted.household_no[households]),
        city.places.town[village],
        city.places.village[village],
        np.where(
            inside,
            np.strings.add(city.places.town[village], "敬老院"),
            city.places.list_address(village, city.people.homes.house_no[home]),
        ),
        np.where(
            inside,
            choose(rng, ("集中", "集中供养"), len(home)),
            choose(rng, ("分散", "分散供养"), len(home)),
        ),
        words,
        (benefits.listed[households] - np.asarray(standards.support_care_fen)[care]) // _FEN,
        np.asarray(standards.support_care_fen)[care] // _FEN,
        benefits.listed[households] // _FEN,
        np.asarray([f"{start.year}/{start.month}/1" for start in starts]),
        choose(rng, BANKS, len(home)),
        account_numbers(assisted.household_no[households]),
    )
    return [
        [number, *cells[:5], *person, *cells[5:]]
        for number, (person, cells) in enumerate(
            zip(people, zip(*(column.tolist() for column in columns), strict=True), strict=True), start=1
        )
    ]


def _certificates(household_no: Texts) -> Texts:
    """特困字第00001234号: the certificate bears the household's number."""
    return np.strings.add(np.strings.add("特困字第", np.strings.slice(household_no, 2, None)), "号")


def _groups() -> list[formats.Cell]:
    cells: list[formats.Cell] = [None] * len(_HEADER)
    cells[_PERSON_COLUMN], cells[_STANDARD_COLUMN] = "特困人员", "救助供养标准"
    return cells


def _bottom(city: City, households: Ints) -> list[list[formats.Cell]]:
    total = int(city.benefits.listed[households].sum()) // _FEN
    return [["合计", None, f"{len(households)}人", *[None] * 8, total], ["制表人：", None, "审核人："]]
