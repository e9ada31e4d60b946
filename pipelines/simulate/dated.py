"""A profile as it was in a month: standards from its policy pack, top-ups the source documents name for the year."""

from __future__ import annotations

from dataclasses import replace

from pipelines.base.period import Period
from pipelines.policy import load_pack
from pipelines.simulate.profile import Profile


def in_month(profile: Profile, period: Period) -> Profile:
    """The profile itself where it follows no pack; PackNotInForce for a month before the pack's first standards."""
    if not profile.pack:
        return profile
    pack = load_pack(profile.pack)
    urban, rural = (pack.standard(name, period).number for name in ("dibao_urban", "dibao_rural"))
    standards = replace(
        profile.standards,
        urban_fen=urban,
        rural_fen=rural,
        support_basic_fen=pack.value("support.basic", period).number,
    )
    year = max((known for known in profile.top_ups if known <= period.year), default=min(profile.top_ups))
    urban_top_up, rural_top_up = profile.top_ups[year]
    return replace(
        profile,
        standards=standards,
        urban=replace(profile.urban, top_up_fen=urban_top_up),
        rural=replace(profile.rural, top_up_fen=rural_top_up),
    )
