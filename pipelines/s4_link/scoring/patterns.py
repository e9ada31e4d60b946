"""Pairs counted by their pattern of levels: millions of pairs are a few thousand patterns, so learning costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.s4_link.scoring.coding import Ints
from pipelines.s4_link.scoring.schema import LinkSchema

Levels = npt.NDArray[np.int8]


@dataclass(frozen=True, kw_only=True)
class GroupShape:
    """The joint levels of a group's fields as one number; `mask` tells joint levels with the same missing fields."""

    fields: tuple[str, ...]
    sizes: tuple[int, ...]
    mask: Ints

    @property
    def size(self) -> int:
        return len(self.mask)


@dataclass(frozen=True, kw_only=True)
class Patterns:
    """Distinct patterns: per group the joint level of each, how many pairs have it, and the pattern of each pair."""

    joint: tuple[Ints, ...]
    counts: Ints
    of_pair: Ints


def shapes(schema: LinkSchema) -> tuple[GroupShape, ...]:
    return tuple(_shape(schema, group) for group in schema.groups)


def _shape(schema: LinkSchema, group: tuple[str, ...]) -> GroupShape:
    sizes = tuple(len(schema.field(name).level_names) for name in group)
    places = np.unravel_index(np.arange(np.prod(sizes)), sizes)
    mask = np.zeros(len(places[0]), dtype=np.int64)
    for bit, place in enumerate(places):
        mask |= (place == 0).astype(np.int64) << bit
    return GroupShape(fields=group, sizes=sizes, mask=mask)


def joint_levels(shape: GroupShape, levels: Mapping[str, Levels]) -> npt.NDArray[np.int32]:
    joint = np.zeros(len(levels[shape.fields[0]]), dtype=np.int32)
    for name, size in zip(shape.fields, shape.sizes, strict=True):
        joint = joint * np.int32(size) + levels[name]
    return joint


def patterns(shapes_: tuple[GroupShape, ...], levels: Mapping[str, Levels]) -> Patterns:
    joints = [joint_levels(shape, levels) for shape in shapes_]
    code = np.zeros(len(joints[0]), dtype=np.int64)
    for shape, joint in zip(shapes_, joints, strict=True):
        code = code * shape.size + joint
    _, first, of_pair, counts = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    return Patterns(
        joint=tuple(joint[first].astype(np.int64) for joint in joints),
        counts=counts.astype(np.int64),
        of_pair=of_pair.astype(np.int64),
    )
