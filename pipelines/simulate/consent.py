"""Who has signed that he may be looked up, for how long, and for which sources. The bank may be left out.

Besides the many with one valid form: forms that have run out, were withdrawn or never signed, and an old form
beside its renewal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulate.draw import Bools, Ints, chance, whole
from pipelines.simulate.scene import Scene

VALID_DAYS = 730
BANK = "bank"
_NEVER, _EXPIRED, _WITHDRAWN, _RENEWED, _NOT_BANK = 0.006, 0.006, 0.004, 0.03, 0.008
_WITHDRAWN_DAYS_AGO = 35


@dataclass(frozen=True, kw_only=True)
class Consent:
    """One entry a member of the assisted households, in their order; days as everywhere in the city."""

    is_signed: Bools
    signed: Ints
    is_withdrawn: Bools
    withdrawn: Ints
    is_renewed: Bools
    """An older form that has run out lies beside the valid one."""
    without_bank: Bools
    is_valid: Bools

    def opens(self, source: str) -> Bools:
        """Members who may be looked up in a source."""
        return self.is_valid & ~self.without_bank if source == BANK else self.is_valid


def draw_consent(scene: Scene) -> Consent:
    """Forms as they stand on the month's last day."""
    rng, rows, today = scene.stream("authorisation forms"), len(scene.assisted.person), scene.today
    draw = rng.random(rows)
    never = draw < _NEVER
    expired = (draw >= _NEVER) & (draw < _NEVER + _EXPIRED)
    withdrawn = (draw >= _NEVER + _EXPIRED) & (draw < _NEVER + _EXPIRED + _WITHDRAWN)
    is_valid = ~(never | expired | withdrawn)
    signed = today - whole(rng, 40, VALID_DAYS - 60, rows)
    signed[expired] = today - VALID_DAYS - whole(rng, 40, 200, int(expired.sum()))
    return Consent(
        is_signed=~never,
        signed=signed,
        is_withdrawn=withdrawn,
        withdrawn=np.full(rows, today - _WITHDRAWN_DAYS_AGO, dtype=np.int64),
        is_renewed=is_valid & chance(rng, rows, _RENEWED),
        without_bank=is_valid & chance(rng, rows, _NOT_BANK),
        is_valid=is_valid,
    )
