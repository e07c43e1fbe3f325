"""Files of one policy become one: merged by top-level key.

Mappings are joined by their entries, lists by appending. The same entry in two files, or the same plain value, is a
problem that names both places: a policy says a thing once.
"""

from __future__ import annotations

from collections.abc import Sequence

from belofte.policy.problems import Place, Problem, quoted
from belofte.policy.source import Data, Document, Places


def merged(documents: Sequence[Document], folder: str) -> tuple[Document, list[Problem]]:
    """Return one document of all of them, its places those of the files, and what they contradict each other in."""
    whole: dict[str, Data] = {}
    values: dict[str, Place] = {}
    keys: dict[str, Place] = {}
    inside: set[str] = set()
    problems: list[Problem] = []
    for document in documents:
        if not isinstance(document.data, dict):
            place = Place(document.file, 1, 1)
            problems.append(Problem(place, "a file is a mapping of keys", "begin lines with `key:`"))
            continue
        moved: dict[str, str] = {}
        for key, value in document.data.items():
            there = whole.get(key)
            if key not in whole or there is None:
                whole[key] = _copied(value)
            elif isinstance(there, dict) and isinstance(value, dict):
                problems += _join(there, value, key, keys, document.places)
            elif isinstance(there, list) and isinstance(value, list):
                moved |= {f"{key}.{n}": f"{key}.{n + len(there)}" for n in range(len(value))}
                there += value
            else:
                problems.append(_twice(key, document.places.key(key), keys[key]))
        for table, found in ((values, document.places.values), (keys, document.places.keys)):
            for path, place in found.items():
                if path:  # the whole is the folder's, no file's
                    table.setdefault(_moved(path, moved), place)
        inside |= {_moved(path, moved) for path in document.places.inside}
    return Document(folder, whole, Places(folder, values, keys, frozenset(inside))), problems


def _copied(value: Data) -> Data:
    if isinstance(value, dict):
        return dict(value)
    return list(value) if isinstance(value, list) else value


def _join(
    there: dict[str, Data], value: dict[str, Data], key: str, keys: dict[str, Place], places: Places
) -> list[Problem]:
    problems = []
    for name, entry in value.items():
        if name in there:
            path = f"{key}.{name}"
            problems.append(_twice(path, places.key(path), keys[path]))
        else:
            there[name] = entry
    return problems


def _twice(path: str, place: Place, first: Place) -> Problem:
    return Problem(place, f"{quoted(path)} is declared twice", f"it is already at {first}: keep one of the two")


def _moved(path: str, moved: dict[str, str]) -> str:
    if not moved:
        return path
    parts = path.split(".", 2)
    head = ".".join(parts[:2])
    if head not in moved:
        return path
    return ".".join([moved[head], *parts[2:]])
