"""The vehicle register (cut once, then whole) and both registers of real property."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from pipelines.simulate import damage, formats, houses
from pipelines.simulate.city import City
from pipelines.simulate.draw import NOBODY, Bools, Ints, Rng, Texts, chance, choose, some, stream, whole
from pipelines.simulate.numbers import compact_dates
from pipelines.simulate.outbox import Outbox, batch
from pipelines.simulate.places import CITY, CITY_CODE, PLATE_PREFIX
from pipelines.simulate.rates import rates_of

_VEHICLE_HEADER = [
    "XH",
    "HPZL",
    "HPHM",
    "CLPP1",
    "CLXH",
    "CLLX",
    "CLSBDH",
    "CSYS",
    "SYXZ",
    "SFZMMC",
    "SFZMHM",
    "SYR",
    "CCDJRQ",
    "YXQZ",
    "FZJG",
    "ZT",
    "DYBJ",
    "ZSXXDZ",
]
_NEW_HEADER = [
    "不动产单元号",
    "不动产权证号",
    "权利人",
    "证件种类",
    "证件号",
    "共有方式",
    "坐落",
    "规划用途",
    "建筑面积",
    "登记时间",
    "权属状态",
    "是否抵押",
    "交易价格（万元）",
]
_OLD_FIELDS = (
    ("CQZH", 20),
    ("QLR", 24),
    ("SFZH", 40),
    ("ZL", 60),
    ("YT", 8),
    ("JZMJ", 10),
    ("DJRQ", 8),
    ("GYQK", 8),
    ("ZT", 4),
)
_OWNER_BYTES = 24
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
_PLATE_SIGNS, _VIN_SIGNS = 5, 16
_REPEATED_PER_MILLE = 2
_CUT_AT_PER_MILLE = 610
_NO_MD5 = "0" * 32
_MOVED_SHARE = 0.12


def deliver_registers(city: City, outbox: Outbox) -> None:
    _vehicles(city, outbox)
    _property_new(city, outbox)
    _property_old(city, outbox)


def home_addresses(city: City, person: Ints, rng: Rng) -> Texts:
    """Where a registry thinks a person lives: at home, as a rule; a few at an older address."""
    homes = city.people.homes
    home = city.people.home[person]
    moved = chance(rng, len(person), _MOVED_SHARE)
    home = np.where(moved, whole(rng, 0, len(homes.size) - 1, len(person)), home)
    return city.places.location(homes.village[home], homes.house_no[home])


def _signs(rng: Rng, rows: int, length: int) -> Texts:
    letters = np.asarray(list(_LETTERS))[rng.integers(0, len(_LETTERS), (rows, length))]
    return np.ascontiguousarray(letters).view(f"U{length}").ravel()


def _plates(rng: Rng, plate_type: Texts) -> Texts:
    """Different for every vehicle: a scattered running number, with the D of new-energy cars."""
    rows = len(plate_type)
    space = len(_LETTERS) ** _PLATE_SIGNS
    number = (np.arange(rows, dtype=np.int64) * 7_368_787 + int(rng.integers(0, space))) % space
    signs = np.empty((rows, _PLATE_SIGNS), dtype="U1")
    for place in range(_PLATE_SIGNS):
        signs[:, place] = np.asarray(list(_LETTERS))[number % len(_LETTERS)]
        number //= len(_LETTERS)
    energy = np.where(plate_type == "52", PLATE_PREFIX + "D", PLATE_PREFIX)
    return np.strings.add(energy, signs.view(f"U{_PLATE_SIGNS}").ravel())


def _vehicles(city: City, outbox: Outbox) -> None:
    truth = city.vehicles
    rng = stream(city.seed, "vehicle")
    rows = len(truth.owner)
    written = damage.write_people(
        city.people, truth.owner, rates_of("vehicle"), rng, today=city.today, number_of=truth.number_of
    )
    first = truth.first_registered
    columns = (
        np.strings.add(CITY_CODE[:4], np.strings.zfill(np.arange(rows).astype(str), 10)).tolist(),
        truth.plate_type.tolist(),
        _plates(rng, truth.plate_type).tolist(),
        truth.brand.tolist(),
        truth.model.tolist(),
        truth.vehicle_type.tolist(),
        np.strings.add("L", _signs(rng, rows, _VIN_SIGNS)).tolist(),
        choose(rng, tuple("ABCDEFGHIJ"), rows).tolist(),
        truth.use.tolist(),
        ["A"] * rows,
        written.numbers.tolist(),
        written.names.tolist(),
        compact_dates(first).astype(str).tolist(),
        compact_dates(first + 731).astype(str).tolist(),
        [PLATE_PREFIX] * rows,
        truth.status.tolist(),
        np.where(truth.is_mortgaged, "1", "0").tolist(),
        home_addresses(city, truth.owner, rng).tolist(),
    )
    again = some(rng, np.arange(rows), max(rows * _REPEATED_PER_MILLE // 1000, 1))
    order = np.concatenate([np.arange(rows), rng.permutation(again)])
    data = formats.delimited(
        [[column[row] for row in order.tolist()] for column in columns], header=_VEHICLE_HEADER
    ).encode("gb18030")
    _post_vehicles(city, outbox, data, truth.owner[order], written.marks[order])


def _post_vehicles(city: City, outbox: Outbox, data: bytes, owner: Ints, marks: Ints) -> None:
    """First a file cut in the middle of a line, whose sign-off is wrong too; the whole one a day later."""
    first = city.period.first_day.replace(day=5)
    cut = data[: len(data) * _CUT_AT_PER_MILLE // 1000]
    whole_lines = cut.count(b"\n") - 1
    name = f"VEH_FULL_{first:%Y%m%d}.csv"
    delivery = outbox.post("vehicle", batch(first), name, cut, len(owner), md5=_NO_MD5)
    outbox.note(delivery, name, owner[:whole_lines], marks[:whole_lines])
    second = first + timedelta(days=1)
    name = f"VEH_FULL_{second:%Y%m%d}.csv"
    delivery = outbox.post("vehicle", batch(second), name, data, len(owner))
    outbox.note(delivery, name, owner, marks)


def _property_new(city: City, outbox: Outbox) -> None:
    """One row an owner, in no order."""
    truth = city.houses
    rng = stream(city.seed, "property_new")
    held = np.flatnonzero(truth.register != houses.OLD_ONLY)
    sole = truth.co_owner[held] == NOBODY
    piece = np.concatenate([held, held[~sole]])
    owner = np.concatenate([truth.owner[held], truth.co_owner[held][~sole]])
    order = rng.permutation(len(piece))
    piece, owner = piece[order], owner[order]
    written = damage.write_people(city.people, owner, rates_of("property_new"), rng, today=city.today)
    registered = _registered_anew(city, rng)
    unit, certificate = _unit_numbers(city, registered)
    area = np.where(chance(rng, len(truth.owner), 0.1), np.strings.add(truth.area, "㎡"), truth.area)
    minute = whole(rng, 8 * 60, 17 * 60 + 30, len(truth.owner))
    text = formats.delimited(
        (
            unit[piece].tolist(),
            certificate[piece].tolist(),
            written.names.tolist(),
            ["居民身份证"] * len(piece),
            written.numbers.tolist(),
            np.where(truth.co_owner[piece] == NOBODY, "单独所有", "共同共有").tolist(),
            city.places.location(truth.village, truth.house_no)[piece].tolist(),
            np.asarray(houses.USES)[truth.use[piece]].tolist(),
            area[piece].tolist(),
            _timestamps(registered[piece], minute[piece]),
            np.where(truth.is_current[piece], "现势", "历史").tolist(),
            np.where(truth.is_mortgaged[piece], "是", "否").tolist(),
            truth.price_wan[piece].tolist(),
        ),
        header=_NEW_HEADER,
    )
    day = city.period.first_day.replace(day=12)
    name = f"不动产登记信息_{day:%Y%m%d}.csv"
    delivery = outbox.post("property_new", batch(day), name, text.encode("utf-8-sig"), len(piece))
    outbox.note(delivery, name, owner, written.marks)


def _registered_anew(city: City, rng: Rng) -> Ints:
    """A house of the archive that stands in the new register too was registered there later."""
    truth = city.houses
    later = city.today - whole(rng, 90, 11 * 365, len(truth.owner))
    return np.where(truth.register == houses.BOTH, later, truth.registered)


def _timestamps(days: Ints, minutes: Ints) -> list[str]:
    dates = days.astype("datetime64[D]").astype(str).tolist()
    return [
        f"{day} {minute // 60:02d}:{minute % 60:02d}:00"
        for day, minute in zip(dates, minutes.tolist(), strict=True)
    ]


def _unit_numbers(city: City, registered: Ints) -> tuple[Texts, Texts]:
    """A unit number of 28 characters and a certificate number for every piece of property."""
    truth = city.houses
    index = np.arange(len(truth.owner))
    county = city.places.county_code[truth.village].astype(str)
    unit = _joined(
        county,
        np.strings.zfill((truth.village % 997 + 1).astype(str), 3),
        np.strings.zfill((index % 41 + 1).astype(str), 3),
        "GB",
        np.strings.zfill((index % 99_991).astype(str), 5),
        "F",
        np.strings.zfill((index * 7919 % 100_000_000).astype(str), 8),
    )
    year = (compact_dates(registered) // 10_000).astype(str)
    number = np.strings.zfill(index.astype(str), 7)
    return unit, _joined("云（", year, f"）{CITY}不动产权第", number, "号")


def _joined(*parts: Texts | str) -> Texts:
    text: Texts = np.asarray("")
    for part in parts:
        text = np.strings.add(text, part)
    return text


def _property_old(city: City, outbox: Outbox) -> None:
    """One record a house. Two owners share a cell; of their numbers all, the first or none were typed."""
    truth = city.houses
    rng = stream(city.seed, "property_old")
    piece = np.flatnonzero(truth.register != houses.NEW_ONLY)
    first = damage.write_people(
        city.people, truth.owner[piece], rates_of("property_old"), rng, today=city.today
    )
    co_owner = truth.co_owner[piece]
    shared = co_owner != NOBODY
    second = damage.write_people(
        city.people, np.where(shared, co_owner, 0), rates_of("property_old"), rng, today=city.today
    )
    names, numbers = _shared_cells(rng, first, second, shared)
    location = city.places.location(truth.village, truth.house_no)[piece]
    records = list(
        zip(
            _joined("岭房权证", np.strings.zfill(piece.astype(str), 7)).tolist(),
            names,
            numbers,
            location.tolist(),
            np.asarray(houses.USES)[truth.use[piece]].tolist(),
            truth.area[piece].tolist(),
            compact_dates(truth.registered[piece]).astype(str).tolist(),
            np.where(shared, "共有", "私有").tolist(),
            np.where(truth.is_current[piece], "正常", "注销").tolist(),
            strict=True,
        )
    )
    _mark_lost_in_field(first, second, names, shared)
    day = city.period.first_day.replace(day=12)
    name = "FWDA_2009.DBF"
    data = formats.dbf(records, _OLD_FIELDS, "gbk", city.period.last_day)
    delivery = outbox.post("property_old", batch(day, 2), name, data, len(records))
    outbox.note(delivery, name, truth.owner[piece], first.marks)
    rows = np.flatnonzero(shared)
    outbox.note(delivery, name, co_owner[rows], second.marks[rows], row_no=rows + 1, slot=1)


def _shared_cells(
    rng: Rng, first: damage.Written, second: damage.Written, shared: Bools
) -> tuple[list[str], list[str]]:
    between = choose(rng, ("、", "、", " ", "　"), len(shared)).tolist()
    one_only = shared & chance(rng, len(shared), 0.4)
    second.mark(one_only, "first_id_only")
    second.numbers[one_only] = ""
    names = [
        f"{one}{by}{two}" if both else one
        for one, two, by, both in zip(first.names, second.names, between, shared.tolist(), strict=True)
    ]
    numbers = [
        f"{one}、{two}" if both and (one or two) and not only else one
        for one, two, both, only in zip(
            first.numbers, second.numbers, shared.tolist(), one_only.tolist(), strict=True
        )
    ]
    return names, numbers


def _mark_lost_in_field(
    first: damage.Written, second: damage.Written, names: list[str], shared: Bools
) -> None:
    """What the code page cannot write becomes `?`, and what does not fit the field is cut."""
    for written in (first, second):
        lost = [name != name.encode("gbk", "replace").decode("gbk") for name in written.names]
        written.mark(np.asarray(lost, dtype=np.bool_), "name_rare")
    cut = np.asarray([len(name.encode("gbk", "replace")) > _OWNER_BYTES for name in names], dtype=np.bool_)
    first.mark(cut & ~shared, "name_field_cut")
    second.mark(cut & shared, "name_field_cut")
