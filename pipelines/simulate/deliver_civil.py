"""Marriage, disability and custody registers."""

from __future__ import annotations

from datetime import date

import numpy as np

from pipelines.simulate import civil, damage, formats
from pipelines.simulate.addresses import home_addresses
from pipelines.simulate.city import City
from pipelines.simulate.damage import Written
from pipelines.simulate.draw import Ints, Rng, chance, stream, whole
from pipelines.simulate.numbers import compact_dates
from pipelines.simulate.outbox import Outbox, batch
from pipelines.simulate.places import CITY
from pipelines.simulate.population import day_number
from pipelines.simulate.rates import rates_of
from pipelines.simulate.texts import iso

_MARRIAGE_HEADER = [
    "证件字号",
    "业务类型",
    "男方姓名",
    "男方证件号",
    "男方出生日期",
    "女方姓名",
    "女方证件号",
    "女方出生日期",
    "登记日期",
    "登记机关",
]
_EVENTS = ("结婚登记", "离婚登记", "补领结婚证")
_OLD_REGISTER = day_number(date(1986, 1, 1))
_OLD_WITHOUT_NUMBER = 0.80
_DISABILITY_HEADER = [
    "序号",
    "姓名",
    "残疾人证号",
    "残疾类别",
    "残疾等级",
    "监护人",
    "住址",
    "发证日期",
    "状态",
]
_CATEGORIES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
_LEVELS = ("一级", "二级", "三级", "四级")
_REISSUED = 0.06
_CUSTODY_HEADER = [
    "姓名",
    "曾用名",
    "性别",
    "出生日期",
    "身份证号",
    "户籍地",
    "羁押单位",
    "刑期起",
    "刑期止",
    "状态",
]
_ALIAS, _UNDER_ALIAS = 0.15, 0.25


def deliver_civil(city: City, outbox: Outbox) -> None:
    _marriages(city, outbox)
    _disabled(city, outbox, city.disabled)
    _custody(city, outbox)


def _marriages(city: City, outbox: Outbox) -> None:
    couples = city.couples
    rng = stream(city.seed, "marriage")
    man = _registered(city, couples.man, couples.day, rng)
    woman = _registered(city, couples.woman, couples.day, rng)
    day = iso(couples.day).tolist()
    letters = np.where(couples.event == civil.DIVORCED, "L", "J").tolist()
    rows = len(day)
    text = formats.delimited(
        (
            [
                f"{letter}7318{when[:4]}-{row:06d}"
                for row, (letter, when) in enumerate(zip(letters, day, strict=True))
            ],
            [_EVENTS[event] for event in couples.event.tolist()],
            man.names.tolist(),
            man.numbers.tolist(),
            iso(city.people.birth[couples.man]).tolist(),
            woman.names.tolist(),
            woman.numbers.tolist(),
            iso(city.people.birth[couples.woman]).tolist(),
            day,
            [f"{CITY}民政局婚姻登记处"] * rows,
        ),
        header=_MARRIAGE_HEADER,
    )
    when = city.period.first_day.replace(day=14)
    name = f"婚姻登记_{when:%Y%m%d}.csv"
    delivery = outbox.post("marriage", batch(when), name, text.encode("gb18030"), rows)
    outbox.note(delivery, name, couples.man, man.marks)
    outbox.note(delivery, name, couples.woman, woman.marks, slot=1)


def _registered(city: City, person: Ints, day: Ints, rng: Rng) -> Written:
    """Most entries from before 1986 bear no number."""
    written = damage.write_people(city.people, person, rates_of("marriage"), rng, today=city.today)
    lost = (day < _OLD_REGISTER) & chance(rng, len(person), _OLD_WITHOUT_NUMBER)
    written.numbers[lost] = ""
    written.mark(lost, "missing")
    return written


def _disabled(city: City, outbox: Outbox, disabled: civil.Disabled) -> None:
    rng = stream(city.seed, "disability")
    person, rows = disabled.person, len(disabled.person)
    written = damage.write_people(city.people, person, rates_of("disability"), rng, today=city.today)
    again = chance(rng, rows, _REISSUED).tolist()
    numbers = [
        f"{number}{category + 1}{level}{'B1' if reissued else ''}"
        for number, category, level, reissued in zip(
            written.numbers.tolist(), disabled.category.tolist(), disabled.level.tolist(), again, strict=True
        )
    ]
    issued = city.today - whole(rng, 30, 9 * 365, rows)
    lines = zip(
        range(1, rows + 1),
        written.names.tolist(),
        numbers,
        [_CATEGORIES[category] for category in disabled.category.tolist()],
        [_LEVELS[level - 1] for level in disabled.level.tolist()],
        [None] * rows,
        home_addresses(city, person, rng).tolist(),
        iso(issued).tolist(),
        disabled.state.tolist(),
        strict=True,
    )
    title: list[formats.Cell] = [f"{CITY}持证残疾人名单"]
    total: list[formats.Cell] = ["合计", str(rows)]
    data = formats.workbook([title, _DISABILITY_HEADER, *lines, total], ("A1:I1",))
    day = city.period.first_day.replace(day=18)
    name = f"残疾人证_{day:%Y%m%d}.xlsx"
    delivery = outbox.post("disability", batch(day), name, data, rows)
    outbox.note(delivery, name, person, written.marks)


def _custody(city: City, outbox: Outbox) -> None:
    """Some have an alias beside the name, and some of these stand under the alias."""
    held = city.held
    person = held.person
    rng = stream(city.seed, "custody")
    rows = len(person)
    written = damage.write_people(city.people, person, rates_of("custody"), rng, today=city.today)
    has_alias = chance(rng, rows, _ALIAS)
    under = has_alias & chance(rng, rows, _UNDER_ALIAS)
    alias = np.strings.add("阿", city.people.name[person].astype("U1"))
    names, former = written.names.copy(), np.where(has_alias, alias, "").astype(object)
    names[under], former[under] = alias[under], written.names[under]
    written.mark(under, "alias")
    text = formats.delimited(
        (
            names.tolist(),
            former.tolist(),
            np.where(city.people.is_male[person], "男", "女").tolist(),
            compact_dates(city.people.birth[person]).astype(str).tolist(),
            written.numbers.tolist(),
            home_addresses(city, person, rng).tolist(),
            [f"{CITY}监狱"] * rows,
            [day.replace("-", ".") for day in iso(held.start).tolist()],
            [day.replace("-", ".") for day in iso(held.end).tolist()],
            held.state.tolist(),
        ),
        header=_CUSTODY_HEADER,
    )
    day = city.period.first_day.replace(day=22)
    name = f"在押人员_{day:%Y%m%d}.csv"
    delivery = outbox.post("custody", batch(day), name, text.encode("gb18030"), rows)
    outbox.note(delivery, name, person, written.marks)
