"""The tree: the vectors of Certificate Transparency, properties over any tree, and proofs that are forged."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.store.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    prefix_roots,
    root,
)

# Leaves, roots and proofs as published with RFC 6962's reference implementation (which RFC 9162 keeps unchanged).
DATA = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [leaf_hash(data) for data in DATA]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
FIRST = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]
trees = st.lists(st.binary(max_size=4), min_size=1, max_size=70).map(lambda said: [*map(leaf_hash, said)])


def _hex(proof: list[bytes]) -> list[str]:
    return [step.hex() for step in proof]


def test_the_empty_tree_is_the_digest_of_nothing() -> None:
    assert root([]) == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_the_published_ones(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_proofs_are_the_published_ones() -> None:
    assert _hex(inclusion_proof(LEAVES, 0)) == FIRST
    assert _hex(inclusion_proof(LEAVES, 5)) == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert _hex(consistency_proof(LEAVES, 1)) == FIRST
    assert _hex(consistency_proof(LEAVES, 6)) == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert _hex(consistency_proof(LEAVES[:5], 2)) == [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]


@given(trees, st.data())
def test_every_leaf_of_any_tree_proves_to_be_in_it(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion_proof(leaves, index)
    given_ = {"size": len(leaves), "proof": proof, "root_hash": root(leaves)}
    assert includes(index=index, leaf=leaves[index], **given_)
    assert not includes(index=index, leaf=leaf_hash(b"another"), **given_)
    assert not includes(index=len(leaves), leaf=leaves[index], **given_)


@given(trees, st.data())
def test_every_tree_proves_to_extend_each_of_its_beginnings(leaves: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(0, len(leaves)))
    sizes = {"old_size": old, "new_size": len(leaves)}
    proof, begun = consistency_proof(leaves, old), root(leaves[:old])
    assert extends(**sizes, old_root=begun, new_root=root(leaves), proof=proof)
    if old:
        other = [leaf_hash(b"another"), *leaves[1:]]
        assert not extends(**sizes, old_root=begun, new_root=root(other), proof=consistency_proof(other, old))
    assert prefix_roots(leaves, {old, len(leaves)}) == {old: begun, len(leaves): root(leaves)}


def test_a_node_does_not_pass_for_a_leaf() -> None:
    above = [node_hash(LEAVES[0], LEAVES[1]), node_hash(LEAVES[2], LEAVES[3])]
    assert root(above) == root(LEAVES[:4])
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != above[0]
    whole = root(LEAVES[:4])
    assert not includes(index=0, size=4, leaf=above[0], proof=[above[1]], root_hash=whole)


def test_there_is_no_proof_of_a_leaf_or_a_beginning_that_is_not_there() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 9)


def test_of_a_thousand_forged_proofs_none_is_accepted() -> None:
    """Half of inclusion, half of consistency: cut, lengthened, swapped, flipped, of another place, size or root."""
    draw = random.Random(9162)  # noqa: S311
    accepted = 0
    for _ in range(500):
        leaves = [leaf_hash(draw.randbytes(8)) for _ in range(draw.randint(2, 200))]
        index, old = draw.randrange(len(leaves)), draw.randint(1, len(leaves) - 1)
        whole = root(leaves)
        proof = _forged(inclusion_proof(leaves, index), draw)
        accepted += includes(index=index, size=len(leaves), leaf=leaves[index], proof=proof, root_hash=whole)
        proof = _forged(consistency_proof(leaves, old), draw)
        accepted += extends(
            old_size=old, new_size=len(leaves), old_root=root(leaves[:old]), new_root=whole, proof=proof
        )
    assert accepted == 0


def _forged(proof: list[bytes], draw: random.Random) -> list[bytes]:
    way = draw.choice(["cut", "longer", "flip", "swap", "foreign"])
    at = draw.randrange(len(proof))
    if way == "cut":
        return proof[:at] + proof[at + 1 :]
    if way == "longer":
        return [*proof[:at], draw.choice([*proof, EMPTY_ROOT]), *proof[at:]]
    if way == "swap" and len(set(proof)) > 1:
        other = draw.choice([i for i in range(len(proof)) if proof[i] != proof[at]])
        moved = list(proof)
        moved[at], moved[other] = proof[other], proof[at]
        return moved
    if way == "foreign":
        return [*proof[:at], leaf_hash(b"foreign"), *proof[at + 1 :]]
    bit = bytes([proof[at][0] ^ (1 << draw.randrange(8))]) + proof[at][1:]
    return [*proof[:at], bit, *proof[at + 1 :]]


@pytest.mark.parametrize(("old", "new"), [(1, 8), (3, 7), (4, 8), (6, 8)])
def test_sizes_that_are_lied_about_are_not_accepted(old: int, new: int) -> None:
    """Where a proof shows one pair of sizes it shows no other pair with the same roots."""
    proof, roots = consistency_proof(LEAVES[:new], old), (root(LEAVES[:old]), root(LEAVES[:new]))
    for lied in [(old + 1, new), (0, new), (old, old), (new, old), (-1, new)]:
        assert not extends(
            old_size=lied[0], new_size=lied[1], old_root=roots[0], new_root=roots[1], proof=proof
        )
