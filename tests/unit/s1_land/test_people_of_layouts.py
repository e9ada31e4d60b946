"""Who a row names: couples with their own birth dates, and an id number inside a longer one."""

import io

import xlsxwriter

from pipelines.s1_land import DeliveredFile, LandedWhole
from pipelines.s2_standardise import standardise
from pipelines.sources.spec import load_spec
from tests.unit.s1_land.parts import landed, text_file

COUPLE_HEADER = (
    "证件字号,业务类型,登记日期,男方姓名,男方证件号,男方出生日期,女方姓名,女方证件号,女方出生日期,登记机关"
)
CARD_HEADER = ("序号", "姓名", "残疾人证号", "残疾类别", "残疾等级", "住址", "监护人", "发证日期", "状态")


def people(result: LandedWhole, source: str) -> list[dict[str, object]]:
    assert result.refusal is None
    return list(standardise(batches=result.batches, spec=load_spec(source)).records[source].to_pylist())


def couples(*rows: str) -> list[dict[str, object]]:
    data = text_file([COUPLE_HEADER, *rows])
    return people(
        landed("marriage", DeliveredFile(name="婚姻登记_20261014.csv", data=data, sign_off=None)), "marriage"
    )


def cards(*numbers: str) -> list[dict[str, object]]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "残疾人证")
        sheet.write_row(1, 0, CARD_HEADER)
        for at, number in enumerate(numbers):
            row = (at + 1, f"伍明{at}", number, "肢体", "二级", "白鹭社区", "", "20200101", "有效")
            sheet.write_row(at + 2, 0, row)
    file = DeliveredFile(name="残疾人证_20261012.xlsx", data=out.getvalue(), sign_off=None)
    return people(landed("disability", file), "disability")


def test_each_of_a_couple_has_the_birth_date_of_his_or_her_own_column() -> None:
    found = couples("J1,结婚登记,19900105,张三,,19650102,李四,,1966-3-4,甲县")
    assert [(row["name"], row["sex"], str(row["birth_date"]), row["slot"]) for row in found] == [
        ("张三", "M", "1965-01-02", 0),
        ("李四", "F", "1966-03-04", 1),
    ]


def test_a_place_without_name_and_number_is_nobody_and_gives_nobody_the_others_birth_date() -> None:
    found = couples("J1,结婚登记,19900105,,,19650102,李四,,,甲县", "J2,补领,19910105,王五,,19700101,,,,甲县")
    assert [(row["name"], str(row["birth_date"]), row["slot"]) for row in found] == [
        ("王五", "1970-01-01", 0),
        ("李四", "None", 1),
    ]


def test_a_birth_date_in_no_known_form_is_empty_and_not_the_partners() -> None:
    found = couples("J1,结婚登记,19900105,张三,,不详,李四,,19660304,甲县")
    assert [str(row["birth_date"]) for row in found] == ["None", "1966-03-04"]


def test_the_id_number_is_cut_out_of_the_certificate_number_and_both_are_kept() -> None:
    (row,) = cards("73180219600315018242")
    assert (row["id_no"], row["id_state"], row["certificate_no"]) == (
        "731802196003150182",
        "valid18",
        "73180219600315018242",
    )


def test_a_certificate_number_without_an_id_number_in_front_stays_as_it_is() -> None:
    found = cards("残7318-0001", "7318021960031501")
    assert [row["id18"] for row in found] == [None, None]
    assert [row["id_raw"] for row in found] == ["残7318-0001", "7318021960031501"]
