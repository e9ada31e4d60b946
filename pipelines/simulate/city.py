"""The whole truth of a city in one month: who lives there, who is assisted, what everyone has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines.base.period import Period
from pipelines.simulate import (
    assistance,
    benefits,
    businesses,
    consent,
    economy,
    houses,
    life,
    lookalikes,
    places,
    population,
    vehicles,
)
from pipelines.simulate.profile import Profile
from pipelines.simulate.scene import Scene


@dataclass(frozen=True, kw_only=True)
class City(Scene):
    """Immutable, and the same for the same profile, period and seed."""

    period: Period
    deaths: life.Deaths
    employee: life.Pensions
    resident: life.Pensions
    vehicles: vehicles.Vehicles
    houses: houses.Houses
    benefits: benefits.Benefits
    wages: economy.Wages
    accounts: economy.Accounts
    businesses: businesses.Businesses
    consent: consent.Consent


def draw_city(profile: Profile, period: Period, seed: int) -> City:
    """Every step has its own random stream; see draw.stream."""
    scene = _draw_scene(profile, period, seed)
    deaths = life.draw_deaths(scene, period)
    employee = life.draw_employee_pensions(scene)
    resident = life.draw_resident_pensions(scene, employee)
    return City(
        profile=profile,
        places=scene.places,
        people=scene.people,
        assisted=scene.assisted,
        plans=scene.plans,
        today=scene.today,
        seed=seed,
        period=period,
        deaths=deaths,
        employee=life.without_the_dead(scene, employee, deaths, "pension_emp"),
        resident=life.without_the_dead(scene, resident, deaths, "pension_res"),
        vehicles=vehicles.draw_vehicles(scene),
        houses=houses.draw_houses(scene),
        benefits=benefits.grant(scene, employee, resident),
        wages=economy.draw_wages(scene),
        accounts=economy.draw_accounts(scene, deaths),
        businesses=businesses.draw_businesses(scene),
        consent=consent.draw_consent(scene),
    )


def _draw_scene(profile: Profile, period: Period, seed: int) -> Scene:
    today = population.day_number(period.last_day)
    where = places.draw_places(profile, seed)
    people = population.draw_people(profile, where, today, seed)
    assisted = assistance.choose_assisted(profile, where, people, today, seed)
    plans = assistance.plan(profile, people, assisted, today, seed)
    scene = Scene(
        profile=profile, places=where, people=people, assisted=assisted, plans=plans, today=today, seed=seed
    )
    return replace(scene, people=replace(people, name=lookalikes.rename(scene)))
