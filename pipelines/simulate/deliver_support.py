"""Payments of other programmes, and the authorisations that the assisted households signed."""

from __future__ import annotations

import gzip
from xml.sax.saxutils import escape

import numpy as np

from pipelines.simulate import civil, damage, formats
from pipelines.simulate.addresses import home_addresses
from pipelines.simulate.city import City
from pipelines.simulate.consent import VALID_DAYS
from pipelines.simulate.draw import stream
from pipelines.simulate.outbox import Outbox, batch
from pipelines.simulate.rates import rates_of
from pipelines.simulate.texts import iso, yuan

_COMMA = "，"
_PAYMENT_HEADER = ["序号", "乡镇村", "姓名", "身份证号", "银行账号", "项目", "金额（元）", "发放月份"]
_PROGRAMMES = (
    "高龄津贴",
    "困难残疾人生活补贴",
    "重度残疾人护理补贴",
    "优待抚恤金",
    "耕地地力保护补贴",
    "临时救助",
)
_FIELDS = ("sqbh", "jtbh", "xm", "zjhm", "fw", "qsrq", "yxqz", "chrq")
_ONCE = 2
# Who leaves out the bank names all the others.
_WITHOUT_BANK = (
    "vehicle,property_new,property_old,pension_emp,pension_res,death_police,death_cremation,death_medical,hukou,"
    "contrib,fund,tax,business,marriage,disability,custody,other_payments"
)
_XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<sqs>\n'


def deliver_support(city: City, outbox: Outbox) -> None:
    for months_before in (_ONCE, 1, 0):
        _payments(city, outbox, city.payments, months_before)
    _authorisations(city, outbox)


def _payments(city: City, outbox: Outbox, payments: civil.StandingPayments, months_before: int) -> None:
    """What is paid once a year comes with the month before last."""
    month = city.period.shift(-months_before)
    rng = stream(city.seed, f"other_payments {month}")
    once = ~payments.is_monthly & (months_before == _ONCE)
    rows = np.flatnonzero(payments.paid(month) | once)
    person = payments.person[rows]
    written = damage.write_people(city.people, person, rates_of("other_payments"), rng, today=city.today)
    text = formats.delimited(
        (
            np.arange(1, len(rows) + 1).astype(str).tolist(),
            home_addresses(city, person, rng).tolist(),
            written.names.tolist(),
            written.numbers.tolist(),
            np.strings.add("6217318", np.strings.zfill(person.astype(str), 9)).tolist(),
            [_PROGRAMMES[programme] for programme in payments.programme[rows].tolist()],
            yuan(payments.amount[rows]).tolist(),
            [f"{month.first_day:%Y%m}"] * len(rows),
        ),
        header=_PAYMENT_HEADER,
        by=_COMMA,
    )
    name = f"一卡通发放_{month.first_day:%Y%m}.txt"
    day = month.first_day.replace(day=26)
    delivery = outbox.post("other_payments", batch(day), name, text.encode(), len(rows))
    outbox.note(delivery, name, person, written.marks)


def _authorisations(city: City, outbox: Outbox) -> None:
    """Every form ever signed in the assisted households, valid or not; see consent.py."""
    assisted, consent = city.assisted, city.consent
    members = np.concatenate([np.flatnonzero(consent.is_signed), np.flatnonzero(consent.is_renewed)])
    is_older = np.arange(len(members)) >= int(consent.is_signed.sum())
    order = np.lexsort((~is_older, members))
    members, is_older = members[order], is_older[order]
    person = assisted.person[members]
    rng = stream(city.seed, "authorisation")
    written = damage.write_people(city.people, person, rates_of("authorisation"), rng, today=city.today)
    signed = consent.signed[members] - np.where(is_older, VALID_DAYS, 0)
    drawn_back = np.where(consent.is_withdrawn[members], iso(consent.withdrawn[members]), "")
    numbers = assisted.household_no[assisted.household[members]].tolist()
    records = zip(
        [f"SQ{number}{row:07d}" for row, number in enumerate(numbers)],
        numbers,
        written.names.tolist(),
        written.numbers.tolist(),
        np.where(consent.without_bank[members], _WITHOUT_BANK, "all").tolist(),
        iso(signed).tolist(),
        iso(signed + VALID_DAYS).tolist(),
        drawn_back.tolist(),
        strict=True,
    )
    body = "".join(_element(record) for record in records)
    data = gzip.compress((_XML_HEAD + body + "</sqs>\n").encode(), compresslevel=0, mtime=0)
    day = city.period.first_day.replace(day=27)
    name = f"核对授权_{day:%Y%m%d}.xml.gz"
    delivery = outbox.post("authorisation", batch(day), name, data, len(members))
    outbox.note(delivery, name, person, written.marks)


def _element(record: tuple[str, ...]) -> str:
    cells = "".join(
        f"<{field}>{escape(value)}</{field}>" for field, value in zip(_FIELDS, record, strict=True)
    )
    return f"<sq>{cells}</sq>\n"
