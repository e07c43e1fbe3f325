"""The tree kept in tiles of 256 hashes (C2SP tlog-tiles). Pure: tiles in, tiles out.

A tile of level 0 holds leaf hashes; a hash of a tile of a higher level is the root over one full tile below. The last
tile of a level may be partial. A partial tile is never hashed into the level above.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from belofte.evidence import tree
from belofte.evidence.tree import root_over

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH = 32


class Place(NamedTuple):
    """Which tile: its level and its number from the left."""

    level: int
    number: int

    def path(self, width: int = WIDTH) -> str:
        """Return the tile's path as it is served: `tile/0/x001/234`, with `.p/W` where it is partial."""
        groups = []
        number = self.number
        while True:
            groups.append(f"{number % 1000:03}")
            number //= 1000
            if not number:
                break
        named = "/".join([f"x{one}" for one in reversed(groups[1:])] + [groups[0]])
        return f"tile/{self.level}/{named}" + (f".p/{width}" if width < WIDTH else "")


class Tiles(NamedTuple):
    """Tiles that a tree grew by: those that are new or fuller, and the root over the whole tree."""

    changed: Mapping[Place, bytes]
    size: int
    root: bytes


def last_places(size: int) -> list[Place]:
    """Return the partial tiles of a tree, from level 0 up: what is to be read before it can grow."""
    found = []
    level = 0
    while size:
        if size % WIDTH:
            found.append(Place(level, size // WIDTH))
        size //= WIDTH
        level += 1
    return found


def grown(size: int, last: Mapping[Place, bytes], leaves: Sequence[bytes]) -> Tiles:
    """Return what becomes of a tree when leaf hashes are appended. `last`: its partial tiles, by `last_places`."""
    changed: dict[Place, bytes] = {}
    level, below, added = 0, size, list(leaves)
    while added or below:
        number, width = divmod(below, WIDTH)
        hashes = _hashes(last[Place(level, number)]) if width else []
        if len(hashes) != width:
            raise ValueError("a partial tile is not as wide as the tree's size says")
        full: list[bytes] = []
        hashes += added
        if added:
            for at in range(0, len(hashes), WIDTH):
                part = hashes[at : at + WIDTH]
                changed[Place(level, number + at // WIDTH)] = b"".join(part)
                if len(part) == WIDTH:
                    full.append(root_over(part))
        level, below, added = level + 1, below // WIDTH, full
    total = size + len(leaves)
    return Tiles(changed, total, root(total, {**last, **changed}))


def root(size: int, tiles: Mapping[Place, bytes]) -> bytes:
    """Return the root of a tree from its partial tiles (`last_places`)."""
    ragged: list[bytes] = []
    for place in last_places(size):
        width = (size >> HEIGHT * place.level) % WIDTH
        ragged = [root_over(_hashes(tiles[place])[:width] + ragged)]
    return root_over(ragged)


def holding(pieces: Iterable[tuple[int, int]]) -> list[Place]:
    """Return the tiles that these full subtrees (height, number) are in."""
    return sorted({_place(height, number) for height, number in pieces})


def nodes_of(tiles: Mapping[Place, bytes]) -> tree.Nodes:
    """Return what gives the hash of a full subtree, from the tiles that hold it."""

    def node(height: int, number: int) -> bytes:
        place = _place(height, number)
        inside = height % HEIGHT
        first = (number << inside) % WIDTH
        hashes = _hashes(tiles[place][first * HASH : (first + (1 << inside)) * HASH])
        if len(hashes) != 1 << inside:
            raise ValueError("a tile is narrower than the tree's size says")
        return root_over(hashes)

    return node


def _place(height: int, number: int) -> Place:
    return Place(height // HEIGHT, (number << height % HEIGHT) // WIDTH)


def _hashes(tile: bytes) -> list[bytes]:
    return [tile[at : at + HASH] for at in range(0, len(tile), HASH)]
