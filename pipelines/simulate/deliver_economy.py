"""Contributions, provident fund, bank answers and taxed income."""

from __future__ import annotations

import json

import numpy as np

from pipelines.simulate import damage, formats
from pipelines.simulate.city import City
from pipelines.simulate.draw import chance, stream, weighted, whole
from pipelines.simulate.economy import BANKS, IN_WAN
from pipelines.simulate.outbox import Outbox, batch
from pipelines.simulate.rates import rates_of
from pipelines.simulate.texts import employers, grouped_yuan, wan_yuan, yuan

_CONTRIB_HEADER = [
    "AAC001",
    "AAC002",
    "AAC003",
    "AAB001",
    "AAB004",
    "AAE003",
    "AAE002",
    "AAE140",
    "AAC066",
    "AAE180",
    "AAE020",
    "AAE022",
    "AAA115",
]
_FUND_HEADER = [
    "个人账号",
    "姓名",
    "证件类型",
    "证件号码",
    "单位名称",
    "个人缴存基数",
    "个人月缴存额",
    "单位月缴存额",
    "个人账户余额",
    "缴至年月",
    "个人账户状态",
    "开户日期",
]
_TAX_HEADER = [
    "纳税人姓名",
    "证件类型",
    "证件号码",
    "所得项目",
    "收入额",
    "税款所属期起",
    "税款所属期止",
    "应纳税额",
    "扣缴义务人",
]
_EMPLOYER_PER_MILLE, _OWN_PER_MILLE, _FLEXIBLE_PER_MILLE = 160, 80, 200
_FUND_SHARE, _FUND_PER_MILLE = 0.42, 100
_FUND_STATES = (("01", 867), ("02", 100), ("04", 6), ("05", 27))
_FUND_BLANK = 0.01
_PAGE = 5_000
_SECOND_AGENT, _LABOUR = 0.08, 0.06
_TAX_FREE, _TAX_PER_CENT = 6_000_000, 3


def deliver_economy(city: City, outbox: Outbox) -> None:
    for months_before, turn in ((3, 1), (2, 1), (1, 1)):
        _contributions(city, outbox, months_before, turn)
    _fund(city, outbox)
    _bank(city, outbox)
    _tax(city, outbox)


def _contributions(city: City, outbox: Outbox, months_before: int, turn: int) -> None:
    """The month before's file comes twice: the same bytes the day after, in a new batch."""
    fee, paid = city.period.shift(-months_before), city.period.shift(1 - months_before)
    wages = city.wages
    rows = np.flatnonzero(wages.base > 0)
    person, base, own = wages.person[rows], wages.base[rows], wages.is_flexible[rows]
    rng = stream(city.seed, f"contrib {fee}")
    written = damage.write_people(city.people, person, rates_of("contrib"), rng, today=city.today)
    count = len(rows)
    text = formats.delimited(
        (
            np.strings.add("73180", np.strings.zfill(person.astype(str), 10)).tolist(),
            written.numbers.tolist(),
            written.names.tolist(),
            np.where(own, "", (3_070_000_000 + person % 449).astype(str)).tolist(),
            np.where(own, "灵活就业人员", employers(person % 449)).tolist(),
            [f"{fee.first_day:%Y%m}"] * count,
            [f"{paid.first_day:%Y%m}"] * count,
            ["110"] * count,
            np.where(own, "102", "101").tolist(),
            yuan(base).tolist(),
            yuan(np.where(own, 0, base * _EMPLOYER_PER_MILLE // 1000)).tolist(),
            yuan(base * np.where(own, _FLEXIBLE_PER_MILLE, _OWN_PER_MILLE) // 1000).tolist(),
            ["10"] * count,
        ),
        header=_CONTRIB_HEADER,
        by="|",
    )
    name = f"AC43_{fee.first_day:%Y%m}.txt"
    tenth = paid.first_day.replace(day=10)
    batches = [batch(tenth, turn)] + ([batch(tenth.replace(day=11), 2)] if months_before == 1 else [])
    for each in batches:
        delivery = outbox.post("contrib", each, name, text.encode(), count)
        outbox.note(delivery, name, person, written.marks)


def _fund(city: City, outbox: Outbox) -> None:
    """First with a few numbers left blank; three weeks after the month's end again, with them masked."""
    wages = city.wages
    rng = stream(city.seed, "fund")
    workers = np.flatnonzero((wages.base > 0) & ~wages.is_flexible)
    rows = workers[chance(rng, len(workers), _FUND_SHARE)]
    person = wages.person[rows]
    written = damage.write_people(city.people, person, rates_of("fund"), rng, today=city.today)
    blank = np.flatnonzero(chance(rng, len(rows), _FUND_BLANK))
    states = np.asarray([state for state, _ in _FUND_STATES])
    state = states[weighted(rng, [weight for _, weight in _FUND_STATES], len(rows))]
    amount = wages.base[rows] * _FUND_PER_MILLE // 1000
    months = whole(rng, 2, 150, len(rows))
    year = city.period.year - months // 12
    for day, file_name, corrected in (
        (city.period.first_day.replace(day=8), "", False),
        (city.period.shift(1).first_day.replace(day=3), "_resend", True),
    ):
        for row in blank.tolist():
            number = str(city.people.id18[person[row]])
            written.numbers[row] = f"{number[:6]}********{number[14:]}" if corrected else ""
        written.marks[blank] = damage.bit("masked" if corrected else "missing")
        written.names[blank] = city.people.name[person[blank]]
        text = formats.delimited(
            (
                (2_020_000_000 + np.arange(len(rows)) * 7).astype(str).tolist(),
                written.names.tolist(),
                ["01"] * len(rows),
                written.numbers.tolist(),
                employers(person % 449).tolist(),
                yuan(wages.base[rows]).tolist(),
                yuan(amount).tolist(),
                yuan(amount).tolist(),
                yuan(np.where(state == "05", 0, amount * 2 * months)).tolist(),
                [f"{city.period.shift(-1).first_day:%Y%m}"] * len(rows),
                state.tolist(),
                [f"{opened}-05-01" for opened in (year - 1).tolist()],
            ),
            header=_FUND_HEADER,
        )
        name = f"GJJ_{city.period.first_day:%Y%m}08{file_name}.csv"
        delivery = outbox.post("fund", batch(day), name, text.encode("gb18030"), len(rows))
        outbox.note(delivery, name, person, written.marks.copy())


def _bank(city: City, outbox: Outbox) -> None:
    """Pages of a query's answer, without sign-off; one bank answers in 万元."""
    accounts = city.accounts
    rng = stream(city.seed, "bank")
    written = damage.write_people(city.people, accounts.person, rates_of("bank"), rng, today=city.today)
    in_wan = accounts.bank == IN_WAN
    wan, plain = wan_yuan(accounts.balance, 4), grouped_yuan(accounts.balance)
    asked = city.period.first_day.replace(day=10)
    broker = len(BANKS) - 1
    rows = [
        {
            "xm": written.names[row],
            "zjlx": "01",
            "zjhm": written.numbers[row],
            "khyh": BANKS[bank],
            "zhlx": "证券" if bank == broker else "储蓄",
            "zh": f"62{10 + row % 7}****{row % 10_000:04d}",
            "ye": wan[row] if in_wan[row] else plain[row],
            "dw": "万元" if in_wan[row] else "元",
            "cxrq": str(asked.replace(day=10 + row % 8)),
        }
        for row, bank in enumerate(accounts.bank.tolist())
    ]
    day = batch(city.period.first_day.replace(day=25))
    for page, start in enumerate(range(0, max(len(rows), 1), _PAGE), start=1):
        held = rows[start : start + _PAGE]
        name = f"page_{page:04d}.json"
        data = {"total": len(rows), "pageNo": page, "pageSize": _PAGE, "rows": held}
        request = f"HD{city.period.first_day:%Y%m}{page - 1:06d}"
        answer = {
            "code": "00",
            "msg": "查询成功",
            "requestId": request,
            "authNo": "SQ7318000000",
            "data": data,
        }
        body = json.dumps(answer, ensure_ascii=False).encode()
        delivery = outbox.post("bank", day, name, body, len(held), signed=False)
        part = slice(start, start + _PAGE)
        outbox.note(delivery, name, accounts.person[part], written.marks[part])


def _tax(city: City, outbox: Outbox) -> None:
    """The year before, one row a withholding agent: some incomes stand on two rows that must be added."""
    wages = city.wages
    rng = stream(city.seed, "tax")
    one = np.flatnonzero(wages.taxed > 0)
    two = one[chance(rng, len(one), _SECOND_AGENT)]
    taxed = wages.taxed.copy()
    taxed[two] = wages.taxed[two] * 6 // 10
    rows = np.concatenate([one, two])
    amount = np.concatenate([taxed[one], wages.taxed[two] - taxed[two]])
    is_second = np.arange(len(rows)) >= len(one)
    order = rng.permutation(len(rows))
    rows, amount, is_second = rows[order], amount[order], is_second[order]
    person = wages.person[rows]
    written = damage.write_people(city.people, person, rates_of("tax"), rng, today=city.today)
    labour = is_second | chance(rng, len(rows), _LABOUR)
    year = city.period.year - 1
    text = formats.delimited(
        (
            written.names.tolist(),
            ["居民身份证"] * len(rows),
            written.numbers.tolist(),
            np.where(labour, "劳务报酬所得", "工资薪金所得").tolist(),
            [f'"{value}"' for value in grouped_yuan(amount)],
            [f"{year}/1/1"] * len(rows),
            [f"{year}/12/31"] * len(rows),
            yuan(np.maximum(amount - _TAX_FREE, 0) * _TAX_PER_CENT // 100).tolist(),
            employers(person % 449 + 57 * is_second).tolist(),
        ),
        header=_TAX_HEADER,
        end="\n",
    )
    name = f"个人所得税综合所得_{year}.csv"
    day = batch(city.period.first_day.replace(day=15))
    delivery = outbox.post("tax", day, name, text.encode("utf-8-sig"), len(rows))
    outbox.note(delivery, name, person, written.marks)
