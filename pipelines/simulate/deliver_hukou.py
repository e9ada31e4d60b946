"""The household register: everyone as of the month's end, then a week's changes with late deaths and moves."""

from __future__ import annotations

import numpy as np

from pipelines.simulate import damage, formats
from pipelines.simulate.city import City
from pipelines.simulate.damage import Written
from pipelines.simulate.draw import Bools, Ints, Texts, chance, mask_of, some, stream
from pipelines.simulate.life import ALIVE, days_of_death
from pipelines.simulate.numbers import compact_dates
from pipelines.simulate.outbox import Outbox, batch
from pipelines.simulate.rates import rates_of

_HEADER = [
    "GMSFHM",
    "XM",
    "CYM",
    "XB",
    "MZ",
    "CSRQ",
    "HH",
    "YHZGX",
    "HB",
    "SSXQ",
    "XZJD",
    "JCWH",
    "ZZ",
    "RYZT",
    "SWRQ",
]
_RELATIONS = np.asarray(["01", "10", "20", "51", "52"])
_NOT_YET, _IN_DELTA = 0.15, 0.60
_MOVED = 0.0025


def deliver_hukou(city: City, outbox: Outbox) -> None:
    """Of the police's deaths some are not yet cancelled; most of these come in the delta."""
    rng = stream(city.seed, "hukou")
    known = city.deaths.person[city.deaths.known_to["police"]]
    open_yet = chance(rng, len(known), _NOT_YET)
    late = known[open_yet & chance(rng, len(known), _IN_DELTA)]
    everyone = np.arange(len(city.people.home))
    moved = some(rng, np.setdiff1d(everyone, city.deaths.person), round(_MOVED * len(everyone)))
    changed = np.sort(np.concatenate([late, moved]))
    written = damage.write_people(city.people, everyone, rates_of("hukou"), rng, today=city.today)
    cancelled = mask_of(len(everyone), known[~open_yet])
    moves = np.zeros(len(everyone), dtype=np.int64)
    day = city.period.last_day
    name = f"CZRK_FULL_{day:%Y%m%d}_001.txt"
    text = formats.delimited(_columns(city, written, everyone, cancelled, moves), header=_HEADER, by="|")
    delivery = outbox.post("hukou", batch(day), name, text.encode("gb18030"), len(everyone))
    stays = np.setdiff1d(everyone, changed)
    outbox.note(delivery, name, stays, written.marks[stays], row_no=stays + 1)
    moves[moved] = 1 + np.arange(len(moved)) % 90
    _delta(city, outbox, written, changed, mask_of(len(everyone), late), moves)


def _delta(city: City, outbox: Outbox, written: Written, changed: Ints, is_dead: Bools, moves: Ints) -> None:
    """The line of the full file that a change replaces counts for nobody any more: truth notes only this one."""
    day = city.period.shift(1).first_day.replace(day=7)
    name = f"CZRK_DELTA_{day:%Y%m%d}.txt"
    columns = _columns(city, written, changed, is_dead, moves)
    text = formats.delimited((["U"] * len(changed), *columns), header=["CZBS", *_HEADER], by="|")
    delivery = outbox.post("hukou", batch(day), name, text.encode("gb18030"), len(changed))
    outbox.note(delivery, name, changed, written.marks[changed])


def _columns(
    city: City, written: Written, person: Ints, cancelled: Bools, moves: Ints
) -> tuple[list[str], ...]:
    people, places = city.people, city.places
    village = people.village(person)
    died = days_of_death(people, city.deaths)[person]
    gone = cancelled[person] & (died != ALIVE)
    left = mask_of(len(people.home), left_the_book(city))[person] & ~gone
    blank = [""] * len(person)
    book = np.strings.add("7318", np.strings.zfill(people.home[person].astype(str), 7))
    town = np.strings.add(places.county_code[village].astype(str), _town_codes(village))
    return (
        written.numbers[person].tolist(),
        written.names[person].tolist(),
        blank,
        np.where(people.is_male[person], "1", "2").tolist(),
        ["01"] * len(person),
        compact_dates(people.birth[person]).astype(str).tolist(),
        book.tolist(),
        _RELATIONS[people.role[person]].tolist(),
        np.where(places.is_urban[village], "非农业", "农业").tolist(),
        places.county_code[village].astype(str).tolist(),
        town.tolist(),
        places.village[village].tolist(),
        places.location(village, people.homes.house_no[people.home[person]] + moves[person]).tolist(),
        np.where(gone, "死亡注销", np.where(left, "迁出", "正常")).tolist(),
        np.where(gone, compact_dates(np.where(gone, died, 0)).astype(str), "").tolist(),
    )


def left_the_book(city: City) -> Ints:
    """One member of each household where it is planned, whose hukou reads as moved out."""
    households = np.flatnonzero(city.plans.hukou_left)
    last: Ints = city.assisted.person[city.assisted.first[households] + city.assisted.size[households] - 1]
    return last


def _town_codes(village: Ints) -> Texts:
    return np.strings.zfill((100 + village // 3).astype(str), 3)
