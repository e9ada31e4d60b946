"""The vehicle register: a file cut in the middle of a line, and the whole one a day later."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from pipelines.simulate import damage, formats
from pipelines.simulate.addresses import home_addresses
from pipelines.simulate.city import City
from pipelines.simulate.draw import Ints, Rng, Texts, choose, some, stream
from pipelines.simulate.numbers import compact_dates
from pipelines.simulate.outbox import Outbox, batch
from pipelines.simulate.places import CITY_CODE, PLATE_PREFIX
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
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
_PLATE_SIGNS, _VIN_SIGNS = 5, 16
_REPEATED_PER_MILLE = 2
_CUT_AT_PER_MILLE = 610
_NO_MD5 = "0" * 32


def deliver_vehicles(city: City, outbox: Outbox) -> None:
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
