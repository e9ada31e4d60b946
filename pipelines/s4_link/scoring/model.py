"""What was learned, as whole thousandths of a bit: stored as JSON, named by its digest, used again on other rows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

import numpy as np

from pipelines.base.errors import SpecInvalid
from pipelines.s4_link.scoring.learning import Learned
from pipelines.s4_link.scoring.patterns import GroupShape

_PART = 10**9  # the share of matches is stored as so many in a thousand million pairs


@dataclass(frozen=True, kw_only=True)
class GroupWeights:
    """The weight of every joint level of a group's fields, the last field's level running fastest."""

    fields: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Model:
    """Weights of a schema's groups, matches among a thousand million pairs, and the threshold."""

    schema: str
    groups: tuple[GroupWeights, ...]
    matches_per_1e9: int
    threshold: int

    @property
    def match_share(self) -> float:
        return self.matches_per_1e9 / _PART

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def model_of_json(text: str) -> Model:
    """The model that `to_json` wrote."""
    try:
        loaded = json.loads(text)
        groups = tuple(
            GroupWeights(
                fields=tuple(group["fields"]),
                levels=tuple(tuple(names) for names in group["levels"]),
                weights=tuple(int(weight) for weight in group["weights"]),
            )
            for group in loaded["groups"]
        )
        return Model(
            schema=loaded["schema"],
            groups=groups,
            matches_per_1e9=int(loaded["matches_per_1e9"]),
            threshold=int(loaded["threshold"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise SpecInvalid("not a stored link model", place="link model") from error


def group_weights(
    learned: Learned, shapes: tuple[GroupShape, ...], level_names: dict[str, tuple[str, ...]]
) -> tuple[GroupWeights, ...]:
    """Rounded once, here."""
    return tuple(
        GroupWeights(
            fields=shape.fields,
            levels=tuple(level_names[name] for name in shape.fields),
            weights=tuple(np.rint(1000 * bits).astype(int).tolist()),
        )
        for shape, bits in zip(shapes, learned.weights, strict=True)
    )


def share_in_1e9(share: float) -> int:
    return max(round(share * _PART), 1)
