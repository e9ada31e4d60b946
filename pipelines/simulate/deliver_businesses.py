"""The business register: entities and persons in two files, joined by the register's number."""

from __future__ import annotations

import numpy as np

from pipelines.simulate import damage, formats
from pipelines.simulate.addresses import home_addresses
from pipelines.simulate.businesses import COMPANY, COOPERATIVE, INDIVIDUAL, SHAREHOLDER, UNSTATED
from pipelines.simulate.city import City
from pipelines.simulate.draw import Ints, chance, stream
from pipelines.simulate.outbox import Outbox, batch
from pipelines.simulate.places import CITY
from pipelines.simulate.rates import rates_of
from pipelines.simulate.texts import employers, loose_days, wan_yuan

_ENTITIES = [
    "pripid",
    "uniscid",
    "entname",
    "enttype",
    "regstate",
    "regcap",
    "currency",
    "estdate",
    "opto",
    "dom",
    "regorg",
]
_PERSONS = ["pripid", "personid", "name", "certype", "cerno", "position", "subconam", "country"]
_KINDS = {INDIVIDUAL: "个体工商户", COMPANY: "有限责任公司(自然人投资或控股)", COOPERATIVE: "农民专业合作社"}
_POSITIONS = ("经营者", "法定代表人", "股东", "成员")
_NULL, _OPEN_END = "\\N", "9999-9-9"
_LOWER_CASE = 0.33
_LETTERS = np.asarray(list("ABCDEFGHJKLMNPQRTUWXY0123456789"))
_CODE_TAIL = 10


def deliver_businesses(city: City, outbox: Outbox) -> None:
    _entities(city, outbox)
    _persons(city, outbox)


def _numbers(business: Ints) -> list[str]:
    return [f"7318{number:012d}" for number in business.tolist()]


def _capital(fen: Ints) -> list[str]:
    return [
        _NULL if unstated else text
        for text, unstated in zip(wan_yuan(np.maximum(fen, 0), 6), (fen == UNSTATED).tolist(), strict=True)
    ]


def _entities(city: City, outbox: Outbox) -> None:
    truth = city.businesses
    rows = len(truth.kind)
    rng = stream(city.seed, "business entities")
    signs = _LETTERS[rng.integers(0, len(_LETTERS), (rows, _CODE_TAIL))].view(f"U{_CODE_TAIL}").ravel()
    codes = np.strings.add(np.where(truth.kind == INDIVIDUAL, "92731802", "91731802"), signs)
    codes = np.where(chance(rng, rows, _LOWER_CASE), np.strings.lower(codes), codes)
    first = truth.roles.person[np.argsort(truth.roles.business, kind="stable")]
    starts = np.searchsorted(np.sort(truth.roles.business), np.arange(rows))
    text = formats.delimited(
        (
            _numbers(np.arange(rows)),
            codes.tolist(),
            employers(np.arange(rows)).tolist(),
            [_KINDS[kind] for kind in truth.kind.tolist()],
            truth.state.tolist(),
            _capital(truth.capital),
            ["人民币元"] * rows,
            loose_days(truth.established, "-"),
            [_OPEN_END] * rows,
            home_addresses(city, first[starts], rng).tolist(),
            [f"{CITY}市场监督管理局"] * rows,
        ),
        header=_ENTITIES,
        by="\t",
        end="\n",
    )
    day = city.period.first_day.replace(day=10)
    outbox.post("business", batch(day), f"scztxx_{day:%Y%m%d}.tsv", text.encode(), rows)


def _persons(city: City, outbox: Outbox) -> None:
    truth, roles = city.businesses, city.businesses.roles
    rows = len(roles.person)
    rng = stream(city.seed, "business persons")
    written = damage.write_people(city.people, roles.person, rates_of("business"), rng, today=city.today)
    share = np.where(roles.role == SHAREHOLDER, truth.capital[roles.business], UNSTATED)
    text = formats.delimited(
        (
            _numbers(roles.business),
            (np.arange(rows) % 9 + 1).astype(str).tolist(),
            written.names.tolist(),
            ["10"] * rows,
            [number or _NULL for number in written.numbers.tolist()],
            [_POSITIONS[role] for role in roles.role.tolist()],
            _capital(share),
            ["156"] * rows,
        ),
        header=_PERSONS,
        by="\t",
        end="\n",
    )
    day = city.period.first_day.replace(day=10)
    name = f"scztry_{day:%Y%m%d}.tsv"
    delivery = outbox.post("business", batch(day), name, text.encode(), rows)
    outbox.note(delivery, name, roles.person, written.marks)
