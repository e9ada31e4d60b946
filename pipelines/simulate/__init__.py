"""A fictional city with known truth: its registries' deliveries in realistic mess, and truth tables beside.

The same profile, period and seed give the same bytes on any machine: no clock, no order of sets, no floats kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.base.errors import HeduiError, NotFound, PeriodInvalid
from pipelines.base.period import Period
from pipelines.simulate.city import City, draw_city, draw_pair
from pipelines.simulate.deliver_businesses import deliver_businesses
from pipelines.simulate.deliver_civil import deliver_civil
from pipelines.simulate.deliver_economy import deliver_economy
from pipelines.simulate.deliver_hukou import deliver_hukou
from pipelines.simulate.deliver_lists import deliver_lists
from pipelines.simulate.deliver_persons import deliver_persons
from pipelines.simulate.deliver_property import deliver_property
from pipelines.simulate.deliver_support import deliver_support
from pipelines.simulate.deliver_tekun import deliver_tekun
from pipelines.simulate.deliver_vehicles import deliver_vehicles
from pipelines.simulate.outbox import Outbox
from pipelines.simulate.profile import PROFILES, DemoStandards, Profile, profile_named
from pipelines.simulate.truth import write_truth

OPENING = "opening"
_STEPS: tuple[tuple[str, Callable[[City, Outbox], None]], ...] = (
    ("assistance lists and payments", deliver_lists),
    ("destitute support", deliver_tekun),
    ("vehicles", deliver_vehicles),
    ("real property", deliver_property),
    ("pensions and deaths", deliver_persons),
    ("household register", deliver_hukou),
    ("contributions, funds, accounts and tax", deliver_economy),
    ("businesses", deliver_businesses),
    ("marriages, disability and custody", deliver_civil),
    ("other payments and authorisations", deliver_support),
)


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """Counts of one simulated month."""

    profile: str
    period: str
    seed: int
    residents: int
    households: int
    covered: int
    members: int
    files: int
    rows: int
    truth_links: int
    truth_flags: int


def simulate(
    *, profile: str, period: Period, seed: int, out: Path, progress: Callable[[str], None] | None = None
) -> Simulated:
    """Write `<out>/inbox` and `<out>/truth` of a city by profile name: district or prefecture."""
    return simulate_city(profile=profile_named(profile), period=period, seed=seed, out=out, progress=progress)


def simulate_city(
    *, profile: Profile, period: Period, seed: int, out: Path, progress: Callable[[str], None] | None = None
) -> Simulated:
    """The same for any profile. What an earlier simulation wrote to `out` is replaced; nothing else ever is."""
    tell = progress or (lambda step: None)
    _refuse_foreign(out)
    tell("people, homes and what they own")
    return _written(draw_city(profile, period, seed), out, tell)


def simulate_pair(
    *,
    profile: Profile,
    opening: Period,
    period: Period,
    seed: int,
    out: Path,
    progress: Callable[[str], None] | None = None,
) -> tuple[Simulated, Simulated]:
    """The month in `out` and an earlier one of the same people in `out`/opening, with the planned turnover between."""
    if opening >= period:
        raise PeriodInvalid(f"[{opening}] is not before [{period}]", remedy="name an earlier opening month")
    if not profile.flows:
        raise NotFound(f"the profile [{profile.name}] plans no turnover", remedy="district does")
    tell = progress or (lambda step: None)
    for folder in (out, out / OPENING):
        _refuse_foreign(folder)
    tell("people, homes and what they own, in two months")
    pair = draw_pair(profile, opening, period, seed)
    return _written(pair.opening, out / OPENING, tell), _written(pair.closing, out, tell)


def _written(city: City, out: Path, tell: Callable[[str], None]) -> Simulated:
    draft = out / ".simulated-draft"
    shutil.rmtree(draft, ignore_errors=True)
    outbox = Outbox(draft)
    for step, deliver in _STEPS:
        tell(step)
        deliver(city, outbox)
    tell("truth tables")
    counts = write_truth(city, outbox.bearers, draft / "truth")
    _publish(draft, out)
    return Simulated(
        profile=city.profile.name,
        period=str(city.period),
        seed=city.seed,
        residents=len(city.people.home),
        households=len(city.assisted.home),
        covered=int(city.assisted.covered.sum()),
        members=len(city.assisted.person),
        files=outbox.files,
        rows=outbox.rows,
        truth_links=counts["truth_link"],
        truth_flags=counts["truth_flag"],
    )


def _refuse_foreign(out: Path) -> None:
    """An inbox without truth beside it was not made here: it may hold real deliveries."""
    inbox, truth = out / "inbox", out / "truth" / "truth_link.parquet"
    if inbox.exists() and any(inbox.iterdir()) and not truth.is_file():
        raise HeduiError(
            "the folder holds an inbox that no simulation wrote",
            place=str(inbox),
            remedy="give --out a new or empty folder",
        )


def _publish(draft: Path, out: Path) -> None:
    for name in ("inbox", "truth"):
        shutil.rmtree(out / name, ignore_errors=True)
        (draft / name).rename(out / name)
    draft.rmdir()


__all__ = [
    "OPENING",
    "PROFILES",
    "DemoStandards",
    "Profile",
    "Simulated",
    "profile_named",
    "simulate",
    "simulate_city",
    "simulate_pair",
]
