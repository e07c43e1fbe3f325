"""The tree over the acts (RFC 9162, 2.1): roots, and the proofs that `evidence/verify.py` checks. Pure.

The tree is never held whole: `Nodes` gives the hash of any full subtree, by its height and its number from the left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from belofte.evidence.verify import node_hash

EMPTY = hashlib.sha256().digest()
"""The root of a tree without leaves."""

Nodes = Callable[[int, int], bytes]
"""The hash of the full subtree of 2**height leaves that is the n-th from the left: `nodes(height, n)`."""


def root_over(hashes: Sequence[bytes]) -> bytes:
    """Return the root over hashes of equal, full subtrees; the last may be of a smaller one (MTH)."""
    level = list(hashes)
    while len(level) > 1:
        paired = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(paired) * 2 :]
    return level[0] if level else EMPTY


def pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the full subtrees that cover the leaves from `start` (where a subtree begins) to `end`, from the left."""
    while start < end:
        height = (end - start).bit_length() - 1
        if start:
            height = min(height, (start & -start).bit_length() - 1)
        yield height, start >> height
        start += 1 << height


def needed(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the full subtrees that the hashes of these ranges are made of."""
    return [piece for start, end in ranges for piece in pieces(start, end)]


def subtree(nodes: Nodes, start: int, end: int) -> bytes:
    """Return the hash over the leaves from `start` to `end`: one of the ranges that a tree is split into."""
    found: bytes | None = None
    for height, number in reversed(list(pieces(start, end))):
        one = nodes(height, number)
        found = one if found is None else node_hash(one, found)
    return EMPTY if found is None else found


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return int(1 << (size - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Return the ranges of leaves whose hashes prove a leaf's place (PATH, 2.1.3.1), from the leaf up."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    found: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(older: int, size: int) -> list[tuple[int, int]]:
    """Return the ranges of leaves whose hashes prove that a tree grew from a smaller one (PROOF, 2.1.4.1)."""
    if not 0 < older <= size:
        raise ValueError("the older tree is empty, or larger")
    found: list[tuple[int, int]] = []
    start, end, whole = 0, size, True
    while older != end:
        middle = start + _split(end - start)
        if older <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, whole = middle, False
    if not whole:
        found.append((start, end))
    return found[::-1]


def proof(nodes: Nodes, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    """Return the hashes of a proof."""
    return [subtree(nodes, start, end) for start, end in ranges]
