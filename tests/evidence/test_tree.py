"""The tree over the acts: against the vectors of transparency-dev/merkle, and against RFC 9162 read aloud."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belofte.evidence import tiles, tree
from belofte.evidence.tiles import Place
from belofte.evidence.verify import NotVerified, leaf_hash, node_hash, verify_consistency, verify_inclusion

VECTORS = sorted((Path(__file__).parents[3] / "shared" / "data" / "merkle").rglob("*.json"))


def raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def judged(vector: dict) -> bool:
    proof = [raw(one) for one in vector["proof"] or []]
    try:
        if "leafIdx" in vector:
            place = vector["leafIdx"], vector["treeSize"]
            verify_inclusion(*place, raw(vector["leafHash"]), proof, raw(vector["root"]))
        else:
            sizes = vector["size1"], vector["size2"]
            verify_consistency(*sizes, raw(vector["root1"]), raw(vector["root2"]), proof)
    except NotVerified:
        return False
    return True


def test_every_vector_of_others_is_judged_as_they_judge_it():
    vectors = [json.loads(path.read_text()) for path in VECTORS]
    wrong = [one["desc"] for one in vectors if judged(one) == one["wantErr"]]
    assert wrong == []
    assert len(vectors) == 196


def aloud(leaves: list[bytes]) -> bytes:
    """The root as RFC 9162, 2.1.1 defines it."""
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return node_hash(aloud(leaves[:middle]), aloud(leaves[middle:]))


LEAVES = [leaf_hash(str(one).encode()) for one in range(1200)]
STEPS = st.lists(st.sampled_from([1, 2, 3, 5, 255, 256, 257, 300]), min_size=1, max_size=4)


def grown_by(steps: list[int]) -> tuple[dict[Place, bytes], int, bytes]:
    kept: dict[Place, bytes] = {}
    size, root = 0, tree.EMPTY
    for step in steps:
        found = tiles.grown(size, {one: kept[one] for one in tiles.last_places(size)}, LEAVES[size : size + step])
        kept.update(found.changed)
        size, root = found.size, found.root
    return kept, size, root


@given(STEPS, st.integers(0, 2**20), st.integers(0, 2**20))
def test_a_tree_that_grew_in_steps_is_the_tree_of_all_leaves_and_proves_each(steps, leaf, before):
    kept, size, root = grown_by(steps)
    assert root == aloud(LEAVES[:size])
    nodes = tiles.nodes_of(kept)
    index, older = leaf % size, before % size + 1
    proof = tree.proof(nodes, tree.inclusion_ranges(index, size))
    verify_inclusion(index, size, LEAVES[index], proof, root)
    proof = tree.proof(nodes, tree.consistency_ranges(older, size))
    verify_consistency(older, size, aloud(LEAVES[:older]), root, proof)


@pytest.mark.parametrize(
    ("size", "widths"),
    [(70_000, {(0, 273): 112, (1, 1): 17, (2, 0): 1}), (256, {(1, 0): 1}), (1, {(0, 0): 1}), (65_536, {(2, 0): 1})],
)
def test_partial_tiles_are_those_that_the_specification_names(size, widths):
    assert {(one.level, one.number): (size >> 8 * one.level) % 256 for one in tiles.last_places(size)} == widths


def test_tiles_are_served_where_the_specification_says():
    assert Place(0, 1234067).path() == "tile/0/x001/x234/067"
    assert Place(1, 5).path(17) == "tile/1/005.p/17"
