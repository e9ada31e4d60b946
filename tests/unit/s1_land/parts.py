"""Small deliveries for the tests of landing."""

import hashlib
from datetime import date

from pipelines.s1_land import DeliveredFile, Delivery, LandedWhole, SignOff, land_whole
from pipelines.sources.spec import load_spec

VEHICLE_HEADER = (
    "XH,HPZL,HPHM,CLPP1,CLXH,CLLX,CLSBDH,CSYS,SYXZ,SFZMMC,SFZMHM,SYR,CCDJRQ,YXQZ,FZJG,ZT,DYBJ,ZSXXDZ"
)
VEHICLE_LINE = "{no},02,云J12345,五菱牌,宏光,K33,L66XF3TY8UUR5UVCL,A,A,A,730723200103261722,陈馨怡,20190203,20210203,云J,{state},0,甲镇乙村9号"
DEATH_HEADER = "死者姓名,性别,证件类型,证件号码,出生日期,死亡日期,根本死因,常住地址,填报机构"


def vehicles(count: int, state: str = "A") -> list[str]:
    return [VEHICLE_LINE.format(no=f"7307{no:010d}", state=state) for no in range(count)]


def text_file(lines: list[str], encoding: str = "gb18030") -> bytes:
    return "".join(line + "\r\n" for line in lines).encode(encoding)


def signed(name: str, data: bytes, rows: int) -> DeliveredFile:
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return DeliveredFile(name=name, data=data, sign_off=SignOff(rows=rows, md5=md5, as_of=date(2026, 10, 6)))


def landed(source: str, *files: DeliveredFile) -> LandedWhole:
    delivery = Delivery(source=source, batch="20261006_01", received_at=date(2026, 10, 6), files=files)
    return land_whole(spec=load_spec(source), delivery=delivery)


def land_vehicles(data: bytes, rows: int) -> LandedWhole:
    return landed("vehicle", signed("VEH_FULL_20261006.csv", data, rows))
