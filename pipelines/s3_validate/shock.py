"""Shock gates: a delivery that is formally sound and yet too unlike the one before it is held, not used.

Whole numbers only. The first delivery of a source has nothing before it: its age, what was put aside of it and
the columns its YAML says something about are judged.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.s3_validate.profile import PERCENT, Share
from pipelines.s3_validate.shock_columns import column_shocks
from pipelines.s3_validate.shock_shape import Shape, Shock, Title
from pipelines.sources.gates import Gates

# part of the persons → how it is called
_IDS = {
    "valid_ids": ("有效证件号", "valid id numbers"),
    "repeated_ids": ("重复证件号", "repeated id numbers"),
}


def shocks(
    now: Shape, before: Shape | None, gates: Gates, titles: Mapping[str, Title] | None = None
) -> tuple[Shock, ...]:
    """Every gate the delivery does not pass; a gate the source's YAML does not set is open.

    `titles` says how the canonical columns are called in the delivery; without it their own names are told.
    """
    wholes = (
        _freshness(now, gates),
        _rows(now, before, gates),
        _ids(now, before, "valid_ids", gates.valid_id_drop_points, falls=True),
        _ids(now, before, "repeated_ids", gates.repeated_id_rise_points, falls=False),
        _quarantined(now, gates),
    )
    of_columns = column_shocks(now.profiles, before.profiles if before else {}, gates, titles or {})
    return (*(found for found in wholes if found), *of_columns)


def _freshness(now: Shape, gates: Gates) -> Shock | None:
    days, most = (now.received_at - now.as_of).days, gates.oldest_as_of_days
    if most is None or days <= most:
        return None
    return Shock(
        gate="freshness",
        zh=f"数据时点早于接收日{days}天，上限{most}天",
        en=f"the data were {days} days old on arrival; at most {most} are allowed",
    )


def _rows(now: Shape, before: Shape | None, gates: Gates) -> Shock | None:
    band = gates.rows_band_percent
    if band is None or before is None or abs(now.rows - before.rows) * PERCENT <= before.rows * band:
        return None
    return Shock(
        gate="rows_band",
        zh=f"记录{now.rows}条，上次{before.rows}条，允许相差{band}%",
        en=f"{now.rows} records after {before.rows} last time; {band} % either way are allowed",
    )


def _ids(now: Shape, before: Shape | None, part: str, points: int | None, *, falls: bool) -> Shock | None:
    """The share of valid ids may fall, that of repeated ones rise, by so many points."""
    found, earlier = _share(now, part), _share(before, part)
    if points is None or found is None or earlier is None:
        return None
    if not (earlier.exceeds(found, points) if falls else found.exceeds(earlier, points)):
        return None
    zh, en = _IDS[part]
    way_zh, way_en = ("降", "a fall") if falls else ("升", "a rise")
    return Shock(
        gate=part,
        zh=f"{zh}{found}，上次{earlier}，最多可{way_zh}{points}个百分点",
        en=f"{en}: {found} after {earlier}; {way_en} of {points} points is allowed",
    )


def _share(shape: Shape | None, part: str) -> Share | None:
    """A part of the persons; None where it was not measured or there is no person."""
    counted = getattr(shape, part, None)
    if shape is None or not shape.person_records or counted is None:
        return None
    return Share(part=counted, whole=shape.person_records)


def _quarantined(now: Shape, gates: Gates) -> Shock | None:
    most = gates.quarantined_permille
    share = Share(part=now.quarantined, whole=now.rows + now.quarantined)
    if most is None or not share.above(most):
        return None
    return Shock(
        gate="quarantined",
        zh=f"隔离{share}条，上限{most}‰",
        en=f"{share} records were put aside; {most} in a thousand are allowed",
    )
