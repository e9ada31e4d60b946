"""What every later step of the city starts from: the people, who of them is assisted, and what is planned."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.simulate.assistance import Assisted, Plans
from pipelines.simulate.draw import Rng, stream
from pipelines.simulate.places import Places
from pipelines.simulate.population import People
from pipelines.simulate.profile import Profile


@dataclass(frozen=True, kw_only=True)
class Scene:
    """`today` is the month's last day, in days since 1970-01-01."""

    profile: Profile
    places: Places
    people: People
    assisted: Assisted
    plans: Plans
    today: int
    seed: int

    def stream(self, name: str) -> Rng:
        """The random stream of one named sub-step."""
        return stream(self.seed, name)
