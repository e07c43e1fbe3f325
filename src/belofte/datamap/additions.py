"""What scan adds to a data map that a company has written: new people, tables and columns, nothing else.

The company's own lines, comments and order stay; what is gone or changed is reported and left to a person.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, MutableMapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from belofte.datamap.draft import Draft, comment
from belofte.datamap.recognise.difference import Difference

Tree = MutableMapping[str, Any]


def _yaml() -> YAML:
    made = YAML(typ="rt")
    made.preserve_quotes = True
    made.width = 120
    made.indent(mapping=2, sequence=4, offset=2)
    return made


def extended(text: str, draft: Draft, differences: Iterable[Difference]) -> tuple[str, tuple[Difference, ...]]:
    """Return the map's text with what is new in it, and the differences that were taken up.

    A table that the map lacks is taken from the draft as a whole; a column is added to its table. What the policy has
    no element for is not taken up.
    """
    tree: Tree = _yaml().load(text)
    drafted: Tree = _yaml().load(draft.text)
    taken = []
    for difference in differences:
        if difference.change == "new" and _taken(tree, drafted, difference):
            taken.append(difference)
    stream = io.StringIO()
    _yaml().dump(tree, stream)
    return stream.getvalue(), tuple(taken)


def _taken(tree: Tree, drafted: Tree, difference: Difference) -> bool:
    if difference.column is None:
        return _people(tree, drafted, difference.table) or _rows(tree, drafted, difference.table)
    source = (drafted.get("tables") or {}).get(difference.table) or {}
    held = (source.get("columns") or {}).get(difference.column)
    if held is None:
        return False
    tables = _under(tree, "tables")
    if tables.get(difference.table) is None:
        # The draft's other keys (about, row) come along; its columns are added as their differences are met.
        tables[difference.table] = CommentedMap({key: value for key, value in source.items() if key != "columns"})
    columns = _under(tables[difference.table], "columns")
    columns[difference.column] = held
    if isinstance(columns, CommentedMap):
        said = comment(f"new, {difference.confidence:.2f}: {'; '.join(difference.reasons)}")
        columns.yaml_add_eol_comment(said, difference.column)
    return True


def _rows(tree: Tree, drafted: Tree, table: str) -> bool:
    found = drafted.get("tables") or {}
    if table not in found:
        return False
    _under(tree, "tables")[table] = found[table]
    return True


def _people(tree: Tree, drafted: Tree, table: str) -> bool:
    if any(entry["table"] == table for entry in (tree.get("people") or {}).values()):
        return False
    for name, entry in (drafted.get("people") or {}).items():
        if entry["table"] == table:
            _under(tree, "people")[name] = entry
            return True
    return False


def _under(tree: Tree, key: str) -> Tree:
    if tree.get(key) is None:
        tree[key] = CommentedMap()
    found: Tree = tree[key]
    return found
