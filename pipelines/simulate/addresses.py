"""Where registries think people live."""

from __future__ import annotations

import numpy as np

from pipelines.simulate.city import City
from pipelines.simulate.draw import Ints, Rng, Texts, chance, whole

_MOVED_SHARE = 0.12


def home_addresses(city: City, person: Ints, rng: Rng) -> Texts:
    """Where a registry thinks a person lives: at home, as a rule; a few at an older address."""
    homes = city.people.homes
    home = city.people.home[person]
    moved = chance(rng, len(person), _MOVED_SHARE)
    home = np.where(moved, whole(rng, 0, len(homes.size) - 1, len(person)), home)
    return city.places.location(homes.village[home], homes.house_no[home])
