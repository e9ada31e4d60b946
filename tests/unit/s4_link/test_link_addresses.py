"""Addresses are taken apart before they are compared: any differing number is another house."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.s4_link.addresses import address_level, parse_address
from pipelines.s4_link.comparisons import birth_level

HOME = "临溪县刻木山乡九里岗村103号"


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (HOME, HOME, "same_number"),
        (HOME, "刻木山乡九里岗村103号", "same_number"),
        (HOME, "临溪县刻木山乡九里岗村民委员会0103号", "same_number"),
        (HOME, "临溪县刻木山乡九里岗村130号", "number_differs"),
        ("新坡村三组十二号", "新坡村3组12号", "same_number"),
        ("新坡村三组十二号", "新坡村三组二十一号", "number_differs"),
        ("灌溪街道中心桥社区居委会光明北路264号", "灌溪街道中心桥社区光明南路264号", "number_differs"),
        ("灌溪街道办事处中心桥社区264号", "江南区灌溪街道中心桥社区光明南路264号", "same_number"),
        (HOME, "刻木山乡九里岗村", "same_village"),
        (HOME, "九里岗村", "same_village"),
        (HOME, "刻木山乡", "same_town"),
        (HOME, "刻木山乡大团村103号", "other_village"),
        (HOME, "大团村103号", "different_place"),
        (HOME, "王家厂镇九里岗村103号", "different_place"),
        (HOME, "澧水县刻木山乡九里岗村103号", "different_place"),
        (HOME, "", "missing"),
        ("刻木山乡", "九里岗村", "missing"),
        ("幸福小区3栋201室", "幸福小区三栋201室", "similar_text"),
        ("电力局宿舍3栋201", "电力局宿舍区3栋201", "similar_text"),
        ("电力局宿舍3栋201", "电力局宿舍3栋202", "missing"),
        ("电力局宿舍3栋201", "水泥厂家属院3栋201", "different_place"),
    ],
)
def test_two_addresses(left: str, right: str, level: str) -> None:
    assert address_level(left, right) == level
    assert address_level(right, left) == level


def test_an_address_is_taken_apart() -> None:
    parts = parse_address("云溪市江南区灌溪街道中心桥社区居委会光明北路264号")
    assert (parts.county, parts.town, parts.village, parts.road) == (
        "江南区",
        "灌溪街道",
        "中心桥",
        "光明北路",
    )
    assert parts.numbers == ("264",)


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (date(1968, 7, 1), date(1968, 7, 1), "equal"),
        (date(1968, 7, 1), date(1968, 1, 7), "parts_swapped"),
        (date(1968, 7, 1), date(1968, 7, 11), "one_part_differs"),
        (date(1968, 7, 1), date(1993, 3, 5), "different"),
        (date(1968, 7, 1), None, "missing"),
    ],
)
def test_two_birth_dates(left: date | None, right: date | None, level: str) -> None:
    assert birth_level(left, right) == level
