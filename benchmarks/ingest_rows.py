"""Generated deliveries of three registries in the forms of their YAMLs: distinct people, county codes of 73."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鹏建国文辉力梅生兰"
_TOWNS = ("澧浦街道三贤社区友谊东路", "郭家铺街道鲁易社区银杏路", "刻木山乡九里岗村", "漳江街道浔阳社区")


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a registry writes: folder, file, encoding, header and one row of person number n."""

    batch: str
    file_name: str
    encoding: str
    header: str
    row: Callable[[int], str]


def _id18(number: int) -> str:
    """A valid id number, another one for each `number` below 42 million."""
    day, order = divmod(number, 900)
    year, in_year = divmod(day, 12 * 28)
    body = f"7307{21 + number % 6:02d}{1935 + year % 75}{1 + in_year // 28:02d}{1 + in_year % 28:02d}{order + 100:03d}"
    return body + _CHECK[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def _name(number: int) -> str:
    first, second = _GIVEN[number // 20 % len(_GIVEN)], _GIVEN[number // 700 % len(_GIVEN)]
    return _SURNAMES[number % 20] + first + (second if number % 3 else "")


def _id_as_sent(number: int) -> str:
    """Most ids are sound; some are old, cut or mistyped, as in every registry."""
    sound = _id18(number)
    if number % 50 == 7:
        return sound[:6] + sound[8:17]
    if number % 500 == 11:
        return sound[:15] + "000"
    return sound


def _vehicle(n: int) -> str:
    vin = f"L66XF3TY{n:09d}"
    day = f"{2001 + n % 23}{1 + n % 12:02d}{1 + n % 28:02d}"
    return (
        f"7307{n:010d},02,云J{n % 99999:05d},五菱牌,宏光MINIEV,K33,{vin},A,A,A,{_id_as_sent(n)},{_name(n)},"
        f"{day},20270101,云J,{'A' if n % 9 else 'AG'},{n % 2},澧水县{_TOWNS[n % 4]}{n % 700}号"
    )


def _contribution(n: int) -> str:
    base = 3945 + n % 12000
    return (
        f"7307{n:011d}|{_id_as_sent(n)}|{_name(n)}|{3_070_000_000 + n % 9000}|时空港餐饮管理第{n % 9000}有限公司|"
        f"202405|202406|110|{101 + n % 2}|{base}.00|{base * 16 // 100}.40|{base * 8 // 100}.20|10"
    )


def _resident(n: int) -> str:
    number = _id18(n)
    return (
        f"{number}|{_name(n)}||{2 - int(number[16]) % 2}|01|{number[6:14]}|{730_700_000 + n // 3}|{n % 3:02d}|农业|"
        f"730724|730724209|九里岗村|临溪县{_TOWNS[n % 4]}{n % 900}号|正常|"
    )


FORMS = {
    "vehicle": Form(
        batch="20240605_01",
        file_name="VEH_FULL_20240605.csv",
        encoding="gb18030",
        header="XH,HPZL,HPHM,CLPP1,CLXH,CLLX,CLSBDH,CSYS,SYXZ,SFZMMC,SFZMHM,SYR,CCDJRQ,YXQZ,FZJG,ZT,DYBJ,ZSXXDZ",
        row=_vehicle,
    ),
    "contrib": Form(
        batch="20240610_01",
        file_name="AC43_202405.txt",
        encoding="utf-8",
        header="AAC001|AAC002|AAC003|AAB001|AAB004|AAE003|AAE002|AAE140|AAC066|AAE180|AAE020|AAE022|AAA115",
        row=_contribution,
    ),
    "hukou": Form(
        batch="20240630_01",
        file_name="CZRK_FULL_20240630_001.txt",
        encoding="gb18030",
        header="GMSFHM|XM|CYM|XB|MZ|CSRQ|HH|YHZGX|HB|SSXQ|XZJD|JCWH|ZZ|RYZT|SWRQ",
        row=_resident,
    ),
}


def write_delivery(inbox: Path, source: str, rows: int) -> int:
    """Write a signed-off delivery of so many rows; the number of bytes is returned."""
    form = FORMS[source]
    path = inbox / source / form.batch / form.file_name
    path.parent.mkdir(parents=True)
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("wb") as file:
        for start in range(0, rows, 100_000):
            lines = [form.row(n) for n in range(start, min(start + 100_000, rows))]
            if not start:
                lines.insert(0, form.header)
            data = ("\r\n".join(lines) + "\r\n").encode(form.encoding)
            digest.update(data)
            file.write(data)
    as_of = form.batch.split("_", maxsplit=1)[0]
    sign_off = f"{form.file_name}|{rows}|{digest.hexdigest()}|{as_of}\n"
    path.with_name(path.name + ".ok").write_text(sign_off, "utf-8")
    return path.stat().st_size
