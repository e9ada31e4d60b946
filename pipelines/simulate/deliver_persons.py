"""Pensions paid in the month, and deaths as police, funeral homes and hospitals know them."""

from __future__ import annotations

from datetime import date

import numpy as np

from pipelines.base.period import Period
from pipelines.simulate import damage, formats
from pipelines.simulate.addresses import home_addresses
from pipelines.simulate.city import City
from pipelines.simulate.deliver_lists import as_typed
from pipelines.simulate.draw import Ints, Texts, chance, choose, stream
from pipelines.simulate.life import window_start
from pipelines.simulate.numbers import compact_dates
from pipelines.simulate.outbox import Outbox, batch
from pipelines.simulate.places import CITY_CODE
from pipelines.simulate.population import as_date
from pipelines.simulate.rates import rates_of

_EMPLOYEE_WIDTHS = (12, 20, 30, 8, 8, 12, 1, 60)
_AMOUNT_COLUMN = 5
_RESIDENT_HEADER = ["姓名", "身份证号", "统筹区", "乡镇街道", "发放金额（分）", "所属期", "发放状态"]
_POLICE_HEADER = ["GMSFHM", "XM", "XB", "CSRQ", "SWRQ", "SWZXRQ", "SWZXLB", "SSXQ", "JCWH"]
_MEDICAL_HEADER = [
    "死者姓名",
    "性别",
    "证件类型",
    "证件号码",
    "出生日期",
    "死亡日期",
    "根本死因",
    "常住地址",
    "填报机构",
]
_LEDGER_HEADER = [
    "序号",
    "逝者姓名",
    "性别",
    "年龄",
    "身份证号",
    "死亡日期",
    "火化日期",
    "死亡原因",
    "户籍地址",
    "经办人",
]
_LEDGER_MERGES = ("A1:J1", "B2:E2", "F2:H2")
_HALLS = ("一", "二")
_EXCEL_EPOCH = 25_569
"""1970-01-01 as Excel counts days."""
_AS_SERIAL = 0.2
_DAYS_TO_CANCEL = 5


def deliver_persons(city: City, outbox: Outbox) -> None:
    _employee_pensions(city, outbox)
    _resident_pensions(city, outbox)
    _police(city, outbox)
    _cremations(city, outbox)
    _medical(city, outbox)


def _iso(days: Ints) -> Texts:
    return days.astype("datetime64[D]").astype(str)


def _two_places(fen: Ints) -> Texts:
    return np.strings.add(
        np.strings.add((fen // 100).astype(str), "."), np.strings.zfill((fen % 100).astype(str), 2)
    )


def _employee_pensions(city: City, outbox: Outbox) -> None:
    pensions, people = city.employee, city.people
    rng = stream(city.seed, "pension_emp")
    written = damage.write_people(people, pensions.person, rates_of("pension_emp"), rng, today=city.today)
    start = compact_dates(pensions.start) // 100 * 100 + 1
    rows = zip(
        np.strings.add(CITY_CODE[:4], np.strings.zfill(pensions.person.astype(str), 7)).tolist(),
        written.numbers.tolist(),
        written.names.tolist(),
        compact_dates(people.birth[pensions.person]).astype(str).tolist(),
        start.astype(str).tolist(),
        _two_places(pensions.amount).tolist(),
        ["1"] * len(start),
        home_addresses(city, pensions.person, rng).tolist(),
        strict=True,
    )
    day = city.period.first_day.replace(day=20)
    name = f"YLJFF_{day:%Y%m}.TXT"
    data = formats.fixed(rows, _EMPLOYEE_WIDTHS, "gb18030", _AMOUNT_COLUMN)
    delivery = outbox.post("pension_emp", batch(day), name, data, len(start))
    outbox.note(delivery, name, pensions.person, written.marks)


def _resident_pensions(city: City, outbox: Outbox) -> None:
    pensions = city.resident
    rng = stream(city.seed, "pension_res")
    order = rng.permutation(len(pensions.person))
    person = pensions.person[order]
    written = damage.write_people(city.people, person, rates_of("pension_res"), rng, today=city.today)
    day = city.period.first_day.replace(day=21)
    rows = len(person)
    text = formats.delimited(
        (
            written.names.tolist(),
            written.numbers.tolist(),
            [CITY_CODE] * rows,
            city.places.town[city.people.village(person)].tolist(),
            pensions.amount[order].astype(str).tolist(),
            [f"{day:%Y%m}"] * rows,
            ["正常发放"] * rows,
        ),
        header=_RESIDENT_HEADER,
    )
    name = f"CXJM_{day:%Y%m}.csv"
    delivery = outbox.post("pension_res", batch(day), name, text.encode("gb18030"), rows)
    outbox.note(delivery, name, person, written.marks)


def _next_month(period: Period, day: int) -> date:
    return period.shift(1).first_day.replace(day=day)


def _police(city: City, outbox: Outbox) -> None:
    known = np.flatnonzero(city.deaths.known_to["police"])
    person, died = city.deaths.person[known], city.deaths.day[known]
    rng = stream(city.seed, "death_police")
    written = damage.write_people(city.people, person, rates_of("death_police"), rng, today=city.today)
    village = city.people.village(person)
    text = formats.delimited(
        (
            written.numbers.tolist(),
            written.names.tolist(),
            np.where(city.people.is_male[person], "1", "2").tolist(),
            compact_dates(city.people.birth[person]).astype(str).tolist(),
            compact_dates(died).astype(str).tolist(),
            compact_dates(np.minimum(died + _DAYS_TO_CANCEL, city.today)).astype(str).tolist(),
            ["1"] * len(person),
            city.places.county_code[village].astype(str).tolist(),
            city.places.village[village].tolist(),
        ),
        header=_POLICE_HEADER,
    )
    first = as_date(window_start(city.period))
    name = f"SWZX_{first:%Y%m}_{city.period.first_day:%Y%m}.txt"
    day = _next_month(city.period, 1)
    delivery = outbox.post("death_police", batch(day), name, text.encode("gb18030"), len(person))
    outbox.note(delivery, name, person, written.marks)


def _cremations(city: City, outbox: Outbox) -> None:
    known = np.flatnonzero(city.deaths.known_to["cremation"])
    hall = stream(city.seed, "halls").integers(0, len(_HALLS), len(known))
    for index, name in enumerate(_HALLS):
        _cremation_ledger(city, outbox, known[hall == index], name)


def _cremation_ledger(city: City, outbox: Outbox, rows: Ints, hall: str) -> None:
    person = city.deaths.person[rows]
    rng = stream(city.seed, f"death_cremation {hall}")
    rates = rates_of("death_cremation")
    written = damage.write_people(city.people, person, rates, rng, today=city.today)
    died = damage.shifted_days(city.deaths.day[rows], rates.day_off, rng, written, city.today)
    days = _ledger_days(died, chance(rng, len(rows), _AS_SERIAL).tolist())
    year = city.period.year
    lines = zip(
        range(1, len(rows) + 1),
        written.names.tolist(),
        np.where(city.people.is_male[person], "男", "女").tolist(),
        (year - compact_dates(city.people.birth[person]) // 10_000).tolist(),
        [
            number or None
            for number in as_typed(written.numbers, written.marks, chance(rng, len(rows), 0.4).tolist())
        ],
        days,
        days,
        [cause or None for cause in choose(rng, ("", "病故", "正常死亡", "意外"), len(rows)).tolist()],
        home_addresses(city, person, rng).tolist(),
        ["王"] * len(rows),
        strict=True,
    )
    group: list[formats.Cell] = [None, "逝者信息", None, None, None, "死亡及火化"]
    first = as_date(window_start(city.period))
    title = f"火化登记台账（{first.year}年{first.month}月-{year}年{city.period.month}月）"
    data = formats.workbook(
        [[title], group, _LEDGER_HEADER, *lines, ["合计", str(len(rows))]], _LEDGER_MERGES
    )
    file_name = f"火化登记表_{hall}殡仪馆.xlsx"
    delivery = outbox.post("death_cremation", batch(_next_month(city.period, 2)), file_name, data, len(rows))
    outbox.note(delivery, file_name, person, written.marks)


def _ledger_days(died: Ints, as_serial: list[bool]) -> list[formats.Cell]:
    """`2024年5月1日`, or the number Excel made of the date."""
    days: list[formats.Cell] = []
    for day, serial in zip(died.tolist(), as_serial, strict=True):
        when = as_date(day)
        days.append(day + _EXCEL_EPOCH if serial else f"{when.year}年{when.month}月{when.day}日")
    return days


def _medical(city: City, outbox: Outbox) -> None:
    """A header and nothing else at the start of the month; the real file a month later."""
    empty_day = city.period.first_day
    empty = (",".join(_MEDICAL_HEADER) + "\r\n").encode()
    outbox.post("death_medical", batch(empty_day), f"死亡医学证明_{empty_day:%Y%m%d}.csv", empty, 0)
    known = np.flatnonzero(city.deaths.known_to["medical"])
    person = city.deaths.person[known]
    rng = stream(city.seed, "death_medical")
    written = damage.write_people(city.people, person, rates_of("death_medical"), rng, today=city.today)
    rows = len(person)
    text = formats.delimited(
        (
            written.names.tolist(),
            np.where(city.people.is_male[person], "1", "2").tolist(),
            ["1"] * rows,
            written.numbers.tolist(),
            _iso(city.people.birth[person]).tolist(),
            _iso(city.deaths.latest[known]).tolist(),
            choose(rng, ("C34", "I21", "J44", "R54", "I63"), rows).tolist(),
            home_addresses(city, person, rng).tolist(),
            ["市第一人民医院"] * rows,
        ),
        header=_MEDICAL_HEADER,
    )
    day = _next_month(city.period, 1)
    name = f"死亡医学证明_{day:%Y%m%d}.csv"
    delivery = outbox.post("death_medical", batch(day, 2), name, text.encode(), rows)
    outbox.note(delivery, name, person, written.marks)
