"""The whole truth of a city in one month: who lives there, who is assisted, what everyone has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines.base.period import Period
from pipelines.simulate import (
    assistance,
    benefits,
    businesses,
    civil,
    consent,
    economy,
    houses,
    life,
    lookalikes,
    places,
    population,
    turnover,
    vehicles,
)
from pipelines.simulate.dated import in_month
from pipelines.simulate.draw import Ints, whole
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
    couples: civil.Couples
    disabled: civil.Disabled
    held: civil.Held
    payments: civil.StandingPayments


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A city in two months, with the turnover its profile plans between them."""

    opening: City
    closing: City


def draw_city(profile: Profile, period: Period, seed: int) -> City:
    """Every step has its own random stream; see draw.stream."""
    return _city(_draw_scene(profile, period, seed), period)


def draw_pair(profile: Profile, opening: Period, closing: Period, seed: int) -> Pair:
    """Two months of the same people; the later one's joined households start after the earlier month."""
    later = _draw_scene(profile, closing, seed, born_by=population.day_number(opening.last_day))
    then = in_month(profile, opening)
    turned = turnover.draw_turnover(then, later.places, later.people, later.assisted, seed)
    today = population.day_number(opening.last_day)
    plans = assistance.plan(then, later.people, turned.opening, today, seed)
    earlier = replace(later, profile=then, assisted=turned.opening, plans=plans, today=today)
    return Pair(
        opening=_city(earlier, opening), closing=_started(_city(later, closing), opening, turned.joined)
    )


def _started(city: City, opening: Period, joined: Ints) -> City:
    """Households that joined were granted after the opening month, the others before."""
    gap = (city.period.year - opening.year) * 12 + city.period.month - opening.month
    months = city.benefits.months_since_start + gap
    months[joined] = whole(city.stream("new starts"), 0, gap - 1, len(joined))
    return replace(city, benefits=replace(city.benefits, months_since_start=months))


def _city(scene: Scene, period: Period) -> City:
    profile = scene.profile
    deaths = life.draw_deaths(scene, period)
    employee = life.draw_employee_pensions(scene)
    resident = life.draw_resident_pensions(scene, employee)
    disabled = civil.draw_disabled(scene)
    return City(
        profile=profile,
        places=scene.places,
        people=scene.people,
        assisted=scene.assisted,
        plans=scene.plans,
        today=scene.today,
        seed=scene.seed,
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
        couples=civil.draw_couples(scene),
        disabled=disabled,
        held=civil.draw_held(scene),
        payments=civil.draw_payments(scene, disabled, life.days_of_death(scene.people, deaths)),
    )


def _draw_scene(profile: Profile, period: Period, seed: int, born_by: int | None = None) -> Scene:
    profile = in_month(profile, period)
    today = population.day_number(period.last_day)
    where = places.draw_places(profile, seed)
    people = population.draw_people(profile, where, today, seed, born_by)
    assisted = assistance.choose_assisted(profile, where, people, today, seed)
    plans = assistance.plan(profile, people, assisted, today, seed)
    scene = Scene(
        profile=profile, places=where, people=people, assisted=assisted, plans=plans, today=today, seed=seed
    )
    return replace(scene, people=replace(people, name=lookalikes.rename(scene)))
