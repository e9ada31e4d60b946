"""A list in another unit: landed, held by its profile in the ledger, told in both languages, out of the month."""

from pathlib import Path

from pipelines.base.period import Period
from pipelines.base.settings import Where
from pipelines.run.arrivals import arrivals, release, told_arrivals
from pipelines.run.choose import choose
from pipelines.run.landing import land
from pipelines.run.shop import open_shop
from tests.mutation.deliveries import sound
from tests.unit.run.parts import drop

LIST = sound("GB18030, no quotes", 60)  # resident pensions of 193 to 194 元


def dropped(where: dict[str, str], batch: str, factor: int, every: int = 1) -> None:
    rows = LIST.changed(
        "发放金额（分）", lambda n, amount: str(int(amount) * factor) if n % every == 0 else amount
    )
    data = LIST.write(LIST.columns, rows)
    drop(Path(where["inbox"]), "pension_res", batch, LIST.file_name, data, len(rows), batch[:8])
    land(f"pension_res/{batch}", where)


def test_a_tenth_of_the_pensions_in_another_unit_is_held_told_in_both_languages_and_released_by_name(
    tmp_path: Path,
) -> None:
    (tmp_path / "inbox").mkdir()
    where = {"home": str(tmp_path / "home"), "inbox": str(tmp_path / "inbox"), "jurisdiction": "demo"}
    dropped(where, "20261005_01", 1)
    dropped(where, "20261006_01", 100, every=5)
    shop, month = open_shop(Where.of(where)), Period.parse("2026-10")
    before, now = shop.ledger.history("pension_res")
    assert before.profile
    assert now.profile
    held = choose(shop, "pension_res", month)
    assert (held.status, held.used) == ("held", ())
    _, chinese = told_arrivals(arrivals(where, source="pension_res"), "zh")
    _, english = told_arrivals(arrivals(where, source="pension_res"), "en")
    assert "列[发放金额（分）]有12/60个值不在50至3,000元之内，上限20‰" in chinese[-1]
    assert "列[发放金额（分）]约12/60个值像是扩大100倍（单位不同？），上限20‰" in chinese[-1]
    assert "about 12/60 values look 100 times larger compared with last time" in english[-1]
    release("pension_res/20261006_01", "李工", "经办机构确认", where)
    assert choose(shop, "pension_res", month).status == "used"


def test_the_next_list_in_the_right_unit_is_measured_by_the_last_sound_one(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    where = {"home": str(tmp_path / "home"), "inbox": str(tmp_path / "inbox"), "jurisdiction": "demo"}
    for batch, factor in (("20261005_01", 1), ("20261006_01", 100), ("20261007_01", 1)):
        dropped(where, batch, factor)
    told = {found.delivery[-11:]: found.status for found in arrivals(where, source="pension_res")}
    # The third is the first one's bytes under another date: not held, and nothing new.
    assert told == {"20261005_01": "accepted", "20261006_01": "held", "20261007_01": "repeated"}
    choice = choose(open_shop(Where.of(where)), "pension_res", Period.parse("2026-10"))
    assert [row.delivery for row in choice.used] == ["pension_res/20261007_01"]
