# ruff: noqa: SIM905, E501 (word lists read best as words)
"""Links that no foreign key states: candidates by names and identifiers, judged by the inclusion of sampled values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from belofte.datamap.recognise.findings import Candidate, FoundLink, Hint, Inclusion
from belofte.datamap.recognise.nouns import PEOPLE, kind
from belofte.datamap.recognise.sample import EMPTY, Samples
from belofte.datamap.recognise.words import KEY_WORDS, alike, stems, subject, words
from belofte.datamap.schema import ColumnInfo, ForeignKey, Schema, TableInfo

_GROUPS = {"integer": "number", "numeric": "number", "text": "text", "uuid": "text", "enum": "text", "other": "text"}
_SELF = frozenset("parent reports manager supervisor boss chef leader mentor predecessor ouder overste superieur "
                  "vorgesetzter introduced referred referrer merged duplicate".split())  # fmt: skip
_OFFICE = frozenset("rep representative agent manager seller sales salesperson handler handled assigned assignee approver "
                    "approved support advisor verkoper behandelaar vendeur gestionnaire bearbeiter".split())  # fmt: skip
_ANYONE = frozenset("sender recipient receiver author owner creator created updated modified requester assigned "
                    "afzender ontvanger auteur eigenaar expediteur destinataire absender empfanger besitzer".split())  # fmt: skip
NEAREST = 5
"""At most so many tables are compared with a column by name: of `log_2019` … `log_2031` the nearest."""
_TAILS = frozenset({"by", "to", "door", "aan", "par", "von", "an"})


def _key(table: TableInfo) -> ColumnInfo | None:
    """Return the one column that identifies a row, if one does."""
    for key in (table.primary_key, *table.unique):
        if len(key) == 1:
            return table.columns.get(key[0])
    return None


def _comparable(one: ColumnInfo, other: ColumnInfo) -> bool:
    group = _GROUPS.get(one.family)
    return group is not None and group == _GROUPS.get(other.family)


def _stated(table: TableInfo) -> set[str]:
    return {column for fk in table.foreign_keys for column in fk.columns}


def real_tables(schema: Schema) -> list[TableInfo]:
    """Return the tables that hold rows of their own: no views, no partitions (their rows are the parent's)."""
    return [table for table in schema.tables.values() if table.kind != "view" and table.child_of is None]


def _split(name: str) -> tuple[list[str], bool]:
    """Return the words of a column's name before its key words, and whether it had one."""
    found = [word for word in words(name) if not word.isdigit()]
    had = False
    while found and found[-1] in KEY_WORDS:
        found.pop()
        had = True
    if len(found) > 1 and found[0] in KEY_WORDS:
        found.pop(0)
        had = True
    if len(found) == 1 and not had:
        for ending in ("id", "nr", "nummer", "code"):
            if found[0].endswith(ending) and len(found[0]) > len(ending) + 3:
                return [found[0][: -len(ending)]], True
    return found, had


def _digits(name: str) -> list[str]:
    return [word for word in words(name) if word.isdigit()]


def _names_table(base: list[str], target: TableInfo) -> float:
    """Return how far the words name the table: all of them, or its name at their end (`shipping address`)."""
    wanted = list(subject(target.name))
    if not base or not wanted:
        return 0.0
    if len(base) >= len(wanted) and all(alike(a, b) for a, b in zip(base[-len(wanted) :], wanted, strict=True)):
        return 0.8 if len(base) == len(wanted) else 0.68
    if len(base) == 1 and alike(base[0], "".join(wanted)):
        return 0.78
    if len(wanted) > 1 and len(base) == 1 and alike(base[0], wanted[-1]) and wanted[0] not in PEOPLE:
        return 0.5
    return 0.0


def candidates(schema: Schema, samples: Samples, emails: Iterable[tuple[str, str]],
               people: Mapping[str, str]) -> list[Candidate]:  # fmt: skip
    """Return the links worth comparing values for.

    `emails` are (table, column) that hold e-mail addresses; `people` maps people tables to their kind.
    """
    found: list[Candidate] = []
    tables = real_tables(schema)
    keys = [(target, key) for target in tables if (key := _key(target)) is not None]
    named = _index(keys)
    persons = [(target, key) for target, key in keys if target.name in people]
    for table in tables:
        stated = _stated(table)
        for column in table.columns.values():
            if column.name in stated or column.family not in _GROUPS:
                continue
            if table.primary_key == (column.name,) and column.family == "integer" and not _borrowed(table, column):
                continue
            base, _ = _split(column.name)
            near = {t.name: (t, k) for stem in (stems(base[-1]) if base else ()) for t, k in named.get(stem, ())}
            near |= {target.name: (target, key) for target, key in persons if _names_role(base)}
            itself = _key(table)
            if itself is not None:
                near[table.name] = (table, itself)
            own = [
                c for target, key in near.values() if (c := _by_name(table, column, target, key, people)) is not None
            ]
            own.sort(key=lambda one: (-one.prior, one.target))
            found += own[:NEAREST] or _by_values(table, column, keys, samples)
    mailboxes = list(emails)
    for table_name, column_name in mailboxes:
        for target, target_column in mailboxes:
            if table_name != target and target in people and table_name not in people:
                reason = "both hold e-mail addresses"
                found.append(Candidate(table_name, column_name, target, target_column, 0.3, reason, "identifier"))
    return found


def _index(keys: Iterable[tuple[TableInfo, ColumnInfo]]) -> dict[str, list[tuple[TableInfo, ColumnInfo]]]:
    """Return the tables by the stems of what they are named after, so that a thousand tables take no million looks."""
    index: dict[str, list[tuple[TableInfo, ColumnInfo]]] = {}
    for target, key in keys:
        named = subject(target.name)
        for stem in (stems(named[-1]) | stems("".join(named))) if named else ():
            index.setdefault(stem, []).append((target, key))
    return index


def _names_role(base: list[str]) -> bool:
    return bool(set(base) & (_OFFICE | _ANYONE))


def _borrowed(table: TableInfo, column: ColumnInfo) -> bool:
    """Return whether a key is probably another table's (`customer_id` as the key of `customer_profile`)."""
    base, had = _split(column.name)
    own = subject(table.name)
    return had and bool(base) and not alike(base[-1], own[-1] if own else "") and base != list(own)


def _by_name(table: TableInfo, column: ColumnInfo, target: TableInfo, key: ColumnInfo,
             people: Mapping[str, str]) -> Candidate | None:  # fmt: skip
    if not _comparable(column, key) or (table.name == target.name and key.name == column.name):
        return None
    if "." in table.name + target.name and table.name.rpartition(".")[0] != target.name.rpartition(".")[0]:
        return None
    base, had = _split(column.name)
    if not base:
        return None
    if table.name == target.name:
        if set(base) & _SELF:
            return Candidate(
                table.name, column.name, target.name, key.name, 0.45, "name points at its own table", "self"
            )
        return None
    named = _names_table(base, target)
    if named and _digits(column.name) != _digits(target.name):
        named -= 0.05
    same_as_key = words(column.name) == words(key.name) and words(key.name) not in (("id",), ("code",), ("name",))
    if same_as_key and named:
        return Candidate(table.name, column.name, target.name, key.name, 0.88, "named as the key of the other table")
    if named and (had or column.family in ("integer", "uuid")):
        return Candidate(table.name, column.name, target.name, key.name, named, "named after the other table")
    if target.name in people and (had or column.family == "integer" or base[-1] in _TAILS):
        office = bool(set(base) & _OFFICE) and people[target.name] == "employee"
        if office or set(base) & _ANYONE:
            return Candidate(
                table.name, column.name, target.name, key.name, 0.5 if office else 0.35, "named after a role", "role"
            )
    return None


def _by_values(table: TableInfo, column: ColumnInfo, keys: list[tuple[TableInfo, ColumnInfo]],
               samples: Samples) -> list[Candidate]:  # fmt: skip
    """Return candidates by values alone, for text keys only: small integers occur in every table."""
    if column.family not in ("text", "uuid") or table.primary_key == (column.name,):
        return []
    sample = samples.get(table.name, {}).get(column.name, EMPTY)
    texts = sample.distinct
    if len(texts) < 5 or max(map(len, texts)) > 64 or any(" " in text for text in texts[:20]):
        return []
    if column.family == "text" and "uuid" not in sample.shapes and not any(c.isdigit() for c in "".join(texts[:20])):
        return []
    return [
        Candidate(table.name, column.name, target.name, key.name, 0.1, "values alone", "values")
        for target, key in keys
        if target.name != table.name and _comparable(column, key)
    ]


def _confidence(candidate: Candidate, inclusion: Inclusion | None) -> tuple[float, str | None]:
    if inclusion is None or inclusion.of == 0:
        return (candidate.prior if candidate.prior >= 0.6 else 0.0), None
    share = inclusion.share
    text = f"{inclusion.hits} of {inclusion.of} sampled values exist in `{candidate.target}.{candidate.target_column}`"
    if candidate.by == "identifier":
        return (0.0 if not inclusion.hits else 0.85 if share >= 0.8 else 0.7), text
    if candidate.by == "values":
        return (0.75 if share >= 0.95 and inclusion.of >= 5 else 0.0), text
    if share < 0.5:
        return (candidate.prior * share if candidate.prior >= 0.6 else 0.0), text
    if candidate.by in ("self", "role"):
        return (candidate.prior + 0.2 if share >= 0.95 else 0.0), text
    return 1 - (1 - candidate.prior) * (0.4 if share >= 0.9 else 0.8), text


def links(found: Iterable[Candidate], inclusions: Mapping[Candidate, Inclusion]) -> list[FoundLink]:
    """Return the likely links: per column the best candidate, when names and values together convince."""
    best: dict[tuple[str, str], FoundLink] = {}
    for candidate in found:
        confidence, compared = _confidence(candidate, inclusions.get(candidate))
        if confidence < 0.5:
            continue
        reasons = (candidate.reason, compared) if compared else (candidate.reason, "no values to compare")
        place = (candidate.table, candidate.column)
        if place not in best or best[place].confidence < confidence:
            best[place] = FoundLink(
                candidate.table,
                candidate.column,
                candidate.target,
                candidate.target_column,
                round(confidence, 2),
                reasons,
                "email" if candidate.by == "identifier" else "exact",
            )
    return sorted(best.values(), key=lambda link: (link.table, link.column))


def polymorphic(schema: Schema) -> list[Hint]:
    """Return the pairs `<thing>_type`, `<thing>_id`: which table the id means is told by the type."""
    found = []
    for table in real_tables(schema):
        stated = _stated(table)
        for name in table.columns:
            base, had = _split(name)
            if not had or not base or name in stated:
                continue
            for other, column in table.columns.items():
                spelled = list(words(other))
                if (
                    spelled[:-1] == base
                    and spelled[-1] in ("type", "class", "kind", "soort")
                    and kind(base[-1]) is None
                ):
                    if column.family not in ("text", "enum", "integer"):
                        continue
                    text = f"`{other}` probably says which table `{name}` means: one link per kind, with `when`"
                    found.append(Hint(table.name, (other, name), "polymorphic", text))
    return found


def edges(schema: Schema, found: Iterable[FoundLink]) -> list[tuple[str, ForeignKey]]:
    """Return every edge child → parent: the declared foreign keys and the likely links."""
    declared = [(table.name, fk) for table in real_tables(schema) for fk in table.foreign_keys]
    likely = [(link.table, ForeignKey((link.column,), link.target, (link.target_column,))) for link in found]
    return declared + likely
