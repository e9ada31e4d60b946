"""People near an assisted household who are easily taken for a member: namesakes next door and kin elsewhere."""

from __future__ import annotations

import numpy as np

from pipelines.simulate.draw import NOBODY, Ints, Texts, some
from pipelines.simulate.scene import Scene

_NAMESAKE_DOORS, _KIN_DOORS = 3, 5
_DOT = "·"


def namesakes(scene: Scene) -> tuple[Ints, Ints]:
    """Neighbours who bear exactly an assisted head's name, and those heads."""
    return _neighbours(scene, "namesakes", scene.profile.traps.namesake_neighbour, _NAMESAKE_DOORS)


def kin(scene: Scene) -> tuple[Ints, Ints]:
    """Relatives in the village with a name one character away from an assisted head's, and those heads."""
    return _neighbours(scene, "kin", scene.profile.traps.kin_outside, _KIN_DOORS)


def _neighbours(scene: Scene, name: str, share: float, doors: int) -> tuple[Ints, Ints]:
    """Heads of homes a few doors on, in the same village, who are not assisted themselves."""
    assisted, homes = scene.assisted, scene.people.homes
    households = some(scene.stream(name), np.arange(len(assisted.home)), round(share * len(assisted.home)))
    home = assisted.home[households]
    near = np.minimum(home + doors, len(homes.size) - 1)
    neighbour = homes.first[near]
    fits = (homes.village[near] == homes.village[home]) & (assisted.household_of[neighbour] == NOBODY)
    return neighbour[fits], homes.first[home][fits]


def rename(scene: Scene) -> Texts:
    """The names of everyone once namesakes and kin bear theirs."""
    names = scene.people.name
    renamed = names.copy()
    neighbour, head = namesakes(scene)
    renamed[neighbour] = names[head]
    for relative, of in zip(*(people.tolist() for people in kin(scene)), strict=True):
        if _DOT not in names[of]:
            renamed[relative] = str(names[of])[:2] + str(names[relative])[-1]
    return renamed
