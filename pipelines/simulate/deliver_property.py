"""Both registers of real property: the new one as text, the archive before 2009 as dBase."""

from __future__ import annotations

import re

import numpy as np

from pipelines.simulate import damage, formats, houses
from pipelines.simulate.city import City
from pipelines.simulate.draw import NOBODY, Bools, Ints, Rng, Texts, chance, choose, stream, whole
from pipelines.simulate.numbers import compact_dates
from pipelines.simulate.outbox import Outbox, batch
from pipelines.simulate.places import CITY
from pipelines.simulate.rates import rates_of

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
_SEPARATORS = re.compile(r"[、,，/;；\s]+")
_TWO_OWNERS = 2


def deliver_property(city: City, outbox: Outbox) -> None:
    _property_new(city, outbox)
    _property_old(city, outbox)


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


def _parts(names: str) -> int:
    """Into how many names a reader would split the cell."""
    return len([part for part in _SEPARATORS.split(names) if part])


def _mark_lost_in_field(
    first: damage.Written, second: damage.Written, names: list[str], shared: Bools
) -> None:
    """What the code page cannot write becomes `?`, what does not fit the field is cut, and blanks or dots
    inside names leave open where in a shared cell one owner ends and the other begins.
    """
    for written in (first, second):
        lost = [name != name.encode("gbk", "replace").decode("gbk") for name in written.names]
        written.mark(np.asarray(lost, dtype=np.bool_), "name_rare")
    cut = np.asarray([len(name.encode("gbk", "replace")) > _OWNER_BYTES for name in names], dtype=np.bool_)
    unclear = shared & np.asarray([_parts(name) != _TWO_OWNERS for name in names], dtype=np.bool_)
    first.mark(unclear, "unclear_cell")
    second.mark(unclear, "unclear_cell")
    first.mark(cut & ~shared, "name_field_cut")
    second.mark(cut & shared, "name_field_cut")
