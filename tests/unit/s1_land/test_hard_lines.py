"""Lines that have cost rows elsewhere."""

import pytest

from pipelines.base.errors import DeliveryRefused, LayoutBroken, WrongEncoding
from pipelines.s1_land import DeliveredFile
from tests.unit.s1_land.parts import VEHICLE_HEADER, land_vehicles, landed, text_file, vehicles


def test_two_lines_that_differ_only_in_where_a_control_sign_stands_are_two() -> None:
    line = vehicles(1)[0]
    one, two = line.replace("五菱牌,宏光", "五\x1f菱,宏"), line.replace("五菱牌,宏光", "五,菱\x1f宏")
    result = land_vehicles(text_file([VEHICLE_HEADER, one, two, two]), 3)
    assert result.lines["repeats"].null_count == 3
    assert result.lines["repeats"].to_pylist()[3] == "vehicle/20261006_01/VEH_FULL_20261006.csv:3"


def test_a_list_in_big5_is_refused_though_every_byte_passes_as_gb18030() -> None:
    lines = [line.replace("陈馨怡", "陳文金").replace("甲镇乙村", "甲鄉乙村文山路") for line in vehicles(8)]
    data = "".join(f"{line}\r\n" for line in [VEHICLE_HEADER, *lines]).encode("big5", "ignore")
    assert data.decode("gb18030")
    refusal = land_vehicles(data, 8).refusal
    assert isinstance(refusal, WrongEncoding)
    assert "perhaps Big5" in str(refusal)


def test_rare_names_alone_do_not_make_a_list_foreign() -> None:
    lines = [line.replace("陈馨怡", "㐱䶮喆") for line in vehicles(8)]
    assert land_vehicles(text_file([VEHICLE_HEADER, *lines]), 8).refusal is None


@pytest.mark.parametrize("data", [b"", b"\xef", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b"\r\n", b"\0"])
def test_a_file_of_nothing_but_a_byte_order_mark_or_blanks_is_refused(data: bytes) -> None:
    file = DeliveredFile(name="不动产登记信息_20261012.csv", data=data, sign_off=None)
    assert isinstance(landed("property_new", file).refusal, DeliveryRefused)


def test_only_a_byte_order_mark_says_so() -> None:
    file = DeliveredFile(name="不动产登记信息_20261012.csv", data=b"\xef\xbb\xbf", sign_off=None)
    assert isinstance(landed("property_new", file).refusal, LayoutBroken)
