"""Sound deliveries of twelve people each, one for every form in which a registry delivers."""

import gzip
import io
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import xlsxwriter

from pipelines.sources.spec import Layout, SourceSpec, load_spec

SURNAMES = "陈王李张刘杨黄赵吴周徐孙"
GIVEN = (
    "海梅",
    "建国",
    "秀英",
    "志强",
    "桂兰",
    "文金",
    "新月",
    "满仓",
    "莉敏",
    "宇轩",
    "花满",
    "银凤",
    "德才",
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
Cells = Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A delivery without a fault: its table, and how the sender writes such a table into bytes."""

    form: str
    source: str
    file_name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    write: Callable[[Sequence[str], Cells], bytes]
    name: str  # its columns of the name, the id number and, where it has one, the amount
    id_no: str
    amount: str = ""
    encoding: str = ""  # of text forms only

    @property
    def spec(self) -> SourceSpec:
        return load_spec(self.source)

    @property
    def layout(self) -> Layout:
        layout = self.spec.layout_of(self.file_name)
        assert layout is not None
        return layout

    @property
    def data(self) -> bytes:
        return self.write(self.columns, self.rows)

    def at(self, column: str) -> int:
        return self.columns.index(column)

    def changed(self, column: str, change: Callable[[int, str], str]) -> tuple[tuple[str, ...], ...]:
        """The rows with one column rewritten."""
        at = self.at(column)
        return tuple(
            (*row[:at], change(number, row[at]), *row[at + 1 :]) for number, row in enumerate(self.rows)
        )


def person(number: int) -> tuple[str, str]:
    """A name nobody else of the file has, and a number with a valid checksum in a county that is none."""
    name = SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 7 + number // 12) % len(GIVEN)]
    body = f"7307261956{number % 12 + 1:02d}{number % 28 + 1:02d}{number:03d}"
    check = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    return name, body + "10X98765432"[check]


def text(delimiter: str, encoding: str, end: str, *, header: bool = True) -> Callable[..., bytes]:
    def write(columns: Sequence[str], rows: Cells) -> bytes:
        lines = [columns, *rows] if header else rows
        return "".join(delimiter.join(line) + end for line in lines).encode(encoding)

    return write


def fixed(widths: Sequence[int]) -> Callable[..., bytes]:
    def write(_: Sequence[str], rows: Cells) -> bytes:
        return b"".join(
            b"".join(
                cell.encode("gb18030")[:width].ljust(width) for cell, width in zip(row, widths, strict=False)
            )
            + b"\r\n"
            for row in rows
        )

    return write


def dbf(columns: Sequence[str], rows: Cells) -> bytes:
    widths = [40 if name in ("SFZH", "ZL") else 20 for name in columns]
    fields = b"".join(
        name.encode("gb18030")[:10].ljust(11, b"\0") + b"C" + bytes(4) + bytes([width]) + bytes(15)
        for name, width in zip(columns, widths, strict=True)
    )
    head = struct.pack("<BBBBIHH", 3, 124, 6, 30, len(rows), 33 + len(fields), 1 + sum(widths)) + bytes(20)
    body = b"".join(
        b" " + b"".join(c.encode("gb18030")[:w].ljust(w) for c, w in zip(row, widths, strict=False))
        for row in rows
    )
    return head + fields + b"\r" + body + b"\x1a"


def workbook(columns: Sequence[str], rows: Cells) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 9, "火化登记台账")
        sheet.merge_range(1, 1, 1, 4, "逝者信息")
        for number, row in enumerate([columns, *rows], start=2):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def page(columns: Sequence[str], rows: Cells) -> bytes:
    found = ",".join(
        "{"
        + ",".join(
            f'"{name}":{json.dumps(c, ensure_ascii=False)}' for name, c in zip(columns, r, strict=False)
        )
        + "}"
        for r in rows
    )
    return f'{{"code":"00","data":{{"total":{len(rows)},"rows":[{found}]}}}}'.encode()


def xml(columns: Sequence[str], rows: Cells) -> bytes:
    def element(row: Sequence[str]) -> str:
        return "".join(f"<{name}>{cell}</{name}>" for name, cell in zip(columns, row, strict=False))

    records = "".join(f"<sq>{element(row)}</sq>\n" for row in rows)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sqs>\n{records}</sqs>\n'.encode()


def xml_gz(columns: Sequence[str], rows: Cells) -> bytes:
    return gzip.compress(xml(columns, rows), mtime=0)


def sound(form: str, people: int = 12) -> Sound:
    """The sound delivery of a form."""
    delivery, row = _FORMS[form]
    rows = tuple(tuple(row(number, *person(number))) for number in range(people))
    return replace(delivery, form=form, rows=rows)


def _of(source: str, file_name: str, columns: str, write: Callable[..., bytes], **known: str) -> Sound:
    return Sound(
        form="",
        source=source,
        file_name=file_name,
        columns=tuple(columns.split()),
        rows=(),
        write=write,
        **known,
    )


_PENSION_WIDTHS = tuple(load_spec("pension_emp").layouts[0].format.widths.values())  # type: ignore[union-attr]
_Row = Callable[[int, str, str], Sequence[str]]
_FORMS: dict[str, tuple[Sound, _Row]] = {
    "GB18030, no quotes": (
        _of(
            "pension_res", "CXJM_202610.csv", "姓名 身份证号 统筹区 乡镇街道 发放金额（分） 所属期 发放状态",
            text(",", "gb18030", "\r\n"),
            name="姓名", id_no="身份证号", amount="发放金额（分）", encoding="gb18030",
        ),
        lambda n, name, i: (name, i, "730700", f"苇坪{n}乡", f"{19300 + n}", "202610", "正常发放"),
    ),
    "GB18030, quotes, ASCII header": (
        _of(
            "vehicle", "VEH_FULL_20261006.csv",
            "XH HPZL HPHM CLPP1 CLXH CLLX CLSBDH CSYS SYXZ SFZMMC SFZMHM SYR CCDJRQ YXQZ FZJG ZT DYBJ ZSXXDZ",
            text(",", "gb18030", "\r\n"), name="SYR", id_no="SFZMHM", encoding="gb18030",
        ),
        lambda n, name, i: (
            f"7307{n:010d}", "02", f"云J{n:05d}", "五菱牌", "宏光", "K33", f"L66XF3TY8UUR5{n:04d}", "A", "A", "A",
            i, name, "20190203", "20210203", "云J", "A", "0", f"甲镇乙村{n}号",
        ),
    ),
    "UTF-8 with BOM, quotes": (
        _of(
            "tax", "个人所得税综合所得_2025.csv",
            "纳税人姓名 证件类型 证件号码 所得项目 收入额 税款所属期起 税款所属期止 应纳税额 扣缴义务人",
            text(",", "utf-8-sig", "\r\n"),
            name="纳税人姓名", id_no="证件号码", amount="收入额", encoding="utf-8-sig",
        ),
        lambda n, name, i: (
            name, "居民身份证", i, "工资薪金所得", f'"78,{560 + n}.16"', "2025/1/1", "2025/12/31", "556.80", f"云岭{n}厂",
        ),
    ),
    "UTF-8, no header line": (
        _of(
            "payment", "DBFF_202610.txt", "发放年月 家庭编号 收款人 收款人证件号 金额分 账号 发放状态",
            text("|", "utf-8", "\n", header=False),
            name="收款人", id_no="收款人证件号", amount="金额分", encoding="utf-8",
        ),
        lambda n, name, i: ("202610", f"CS{n:08d}", name, i, f"{42000 + n}", f"62{n + 3:015d}", "0"),
    ),
    "UTF-8, full-width comma": (
        _of(
            "other_payments", "一卡通发放_202610.txt",
            "序号 乡镇村 姓名 身份证号 银行账号 项目 金额（元） 发放月份", text("，", "utf-8", "\n"),
            name="姓名", id_no="身份证号", amount="金额（元）", encoding="utf-8",
        ),
        lambda n, name, i: (f"{n}", "溪塘街道", name, i, f"62{n:015d}", "高龄津贴", f"{80 + n}.50", "202610"),
    ),
    "fixed width, GB18030": (
        _of(
            "pension_emp", "YLJFF_202610.TXT", "AAC001 AAC002 AAC003 AAC006 AIC162 AAE019 AAE116 AAC010",
            fixed(_PENSION_WIDTHS), name="AAC003", id_no="AAC002", amount="AAE019", encoding="gb18030",
        ),
        lambda n, name, i: (f"7307{n:06d}", i, name, i[6:14], "20110701", f"{2038 + n}.72", "1", f"甲镇乙村{n}号"),
    ),
    "DBF": (
        _of("property_old", "FWDA_2009.DBF", "CQZH QLR SFZH ZL YT JZMJ DJRQ GYQK ZT", dbf,
            name="QLR", id_no="SFZH", amount="JZMJ"),
        lambda n, name, i: (f"房权证{n:07d}", name, i, f"甲镇乙村{n}号", "住宅", f"{60 + n}.41", "19990313", "私有", "正常"),
    ),
    "workbook": (
        _of("death_cremation", "火化登记表_一馆.xlsx",
            "序号 逝者姓名 性别 年龄 身份证号 死亡日期 火化日期 死亡原因 户籍地址 经办人", workbook,
            name="逝者姓名", id_no="身份证号"),
        lambda n, name, i: (f"{n + 1}", name, "女", "70", i, "2026年9月3日", "2026-09-05", "病", f"甲镇{n}号", "甲"),
    ),
    "JSON pages": (
        _of("bank", "page_0001.json", "xm zjlx zjhm khyh zhlx zh ye dw cxrq", page,
            name="xm", id_no="zjhm", amount="ye"),
        lambda n, name, i: (name, "01", i, "甲银行", "储蓄", f"6210****{n:04d}", f"5{n:03d}.14", "元", "2026-10-05"),
    ),
    "XML in gz": (
        _of("authorisation", "核对授权_20261001.xml.gz", "sqbh jtbh xm zjhm fw qsrq yxqz chrq", xml_gz,
            name="xm", id_no="zjhm"),
        lambda n, name, i: (f"SQ7307{n:05d}", f"CS{n:08d}", name, i, "all", "2026-01-05", "2027-01-04", ""),
    ),
}  # fmt: skip
FORMS = tuple(_FORMS)
TEXT_FORMS = tuple(form for form, (delivery, _) in _FORMS.items() if delivery.encoding)
FAST_FORMS = tuple(form for form in FORMS if form != "workbook")  # a workbook starts a process of its own
