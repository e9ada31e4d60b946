"""The whole truth of a city in one month: who lives there, who is assisted, what everyone has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines.base.period import Period
from pipelines.simulate import assistance, benefits, houses, life, places, population, vehicles
from pipelines.simulate.profile import Profile


@dataclass(frozen=True, kw_only=True)
class City:
    """Immutable, and the same for the same profile, period and seed."""

    profile: Profile
    period: Period
    seed: int
    today: int
    places: places.Places
    people: population.People
    assisted: assistance.Assisted
    plans: assistance.Plans
    deaths: life.Deaths
    employee: life.Pensions
    resident: life.Pensions
    vehicles: vehicles.Vehicles
    houses: houses.Houses
    benefits: benefits.Benefits


def draw_city(profile: Profile, period: Period, seed: int) -> City:
    """Every step has its own random stream; see draw.stream."""
    today = population.day_number(period.last_day)
    where = places.draw_places(profile, seed)
    people = population.draw_people(profile, where, today, seed)
    assisted = assistance.choose_assisted(profile, where, people, seed)
    people = replace(people, name=vehicles.rename_lookalikes(profile, people, assisted, seed))
    plans = assistance.plan(profile, people, assisted, today, seed)
    deaths = life.draw_deaths(people, assisted, plans, period, seed)
    employee = life.draw_employee_pensions(where, people, assisted, plans, today, seed)
    resident = life.draw_resident_pensions(profile, where, people, assisted, plans, employee, today, seed)
    return City(
        profile=profile,
        period=period,
        seed=seed,
        today=today,
        places=where,
        people=people,
        assisted=assisted,
        plans=plans,
        deaths=deaths,
        employee=life.without_the_dead(employee, people, deaths, today - 31, seed, "pension_emp"),
        resident=life.without_the_dead(resident, people, deaths, today - 31, seed, "pension_res"),
        vehicles=vehicles.draw_vehicles(profile, people, assisted, plans, today, seed),
        houses=houses.draw_houses(profile, people, assisted, plans, today, seed),
        benefits=benefits.grant(profile, assisted, plans, employee, resident, seed),
    )
