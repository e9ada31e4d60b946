"""A Merkle tree over the leaves of a log (RFC 9162, section 2.1): roots, proofs and their verification. Pure.

SHA-256; a leaf is hashed behind a byte 0, a node behind a byte 1, so that no node passes for a leaf.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from functools import reduce

_LEAF, _NODE = b"\x00", b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf's data."""
    return hashlib.sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(_NODE + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes. Level by level; a lone node at a level's end goes up as it is."""
    level = list(leaves)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        paired = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) & ~1 :]
    return level[0]


def prefix_roots(leaves: Sequence[bytes], sizes: Collection[int]) -> dict[int, bytes]:
    """The roots over the first so many leaves, for each of the sizes there are; one pass over the leaves."""
    found = {0: EMPTY_ROOT} if 0 in sizes else {}
    peaks: list[tuple[int, bytes]] = []  # whole subtrees from left to right: leaves below, hash
    for at, leaf in enumerate(leaves, start=1):
        peaks.append((1, leaf))
        while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
            (below, right), (_, left) = peaks.pop(), peaks.pop()
            peaks.append((2 * below, node_hash(left, right)))
        if at in sizes:
            found[at] = reduce(
                lambda right, left: node_hash(left, right), [peak for _, peak in reversed(peaks)]
            )
    return found


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from the leaf at `index` to the root, lowest first."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} among {len(leaves)}")
    proof, level, at = [], list(leaves), index
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            proof.append(level[beside])
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level, at = paired + level[len(level) & ~1 :], at >> 1
    return proof


def includes(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether the proof leads from the leaf at `index` to the root of a tree of `size` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, reached = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            reached = node_hash(beside, reached)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            reached = node_hash(reached, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and reached == root_hash


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes that show the tree over all leaves to extend the one over the first `old_size`."""
    if not 0 <= old_size <= len(leaves):
        raise IndexError(f"no tree of {old_size} within {len(leaves)}")
    if old_size in (0, len(leaves)):
        return []
    return _subproof(leaves, old_size, is_whole=True)


def _subproof(leaves: Sequence[bytes], old_size: int, *, is_whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162, 2.1.4.1."""
    if old_size == len(leaves):
        return [] if is_whole else [root(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = leaves[:split], leaves[split:]
    if old_size <= split:
        return [*_subproof(left, old_size, is_whole=is_whole), root(right)]
    return [*_subproof(right, old_size - split, is_whole=False), root(left)]


def extends(
    *, old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows the new tree to hold the old one unchanged at its beginning (RFC 9162, 2.1.4.2)."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    if old_size == new_size:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    return bool(path) and _reaches(old_size - 1, new_size - 1, path) == (old_root, new_root)


def _reaches(at: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The old and the new root that a path leads to; nothing when its length does not fit the sizes."""
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        at, last = at >> 1, last >> 1
    return (old, new) if last == 0 else None
