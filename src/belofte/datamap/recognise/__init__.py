# ruff: noqa: SIM905, E501 (word lists read best as words)
"""Recognisers: from a schema and sampled values to proposals with evidence (`belofte scan`). Pure.

In two steps, because comparing values takes the database: `candidates` says which links to compare,
`findings` judges everything. No value that was looked at is part of what comes out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from belofte.datamap.recognise.columns import Context, proposal
from belofte.datamap.recognise.findings import (
    Candidate,
    Findings,
    FoundLink,
    Hint,
    Identifier,
    Inclusion,
    People,
    Proposal,
)
from belofte.datamap.recognise.links import candidates as link_candidates
from belofte.datamap.recognise.links import edges, links, polymorphic, real_tables
from belofte.datamap.recognise.names import matches
from belofte.datamap.recognise.nouns import sort
from belofte.datamap.recognise.people import ENOUGH, STAFF, Score, identifiers, score, strays
from belofte.datamap.recognise.sample import EMPTY, ColumnSample, Samples
from belofte.datamap.schema import Schema, TableInfo

__all__ = [
    "Candidate", "ColumnSample", "Findings", "FoundLink", "Hint", "Identifier", "Inclusion", "People", "Proposal",
    "Samples", "candidates", "findings",
]  # fmt: skip

_TOWNS = frozenset(
    "city town zip zipcode postcode postalcode suburb stad gemeente plaats ville commune localite ort plz stadt "
    "postleitzahl".split()
) | {"postal code", "zip code", "code postal"}
_ADDRESS_HEADS = frozenset("street address adres adresse anschrift straat rue strasse".split())


def _has_street(table: TableInfo, proposals: Iterable[Proposal]) -> bool:
    if any(p.element == "identity.address" and p.confidence >= 0.7 for p in proposals):
        return True
    return any(
        match.element == "identity.address" and match.phrase in _ADDRESS_HEADS and column.family == "text"
        for column in table.columns.values()
        for match in matches(column.name)[:1]
    )


def _has_town(table: TableInfo) -> bool:
    return any(
        match.phrase in _TOWNS or match.phrase.removeprefix("billing ").removeprefix("ship ") in _TOWNS
        for name in table.columns
        for match in matches(name)[:1]
    )


def _proposals(table: TableInfo, samples: Samples, context: Context) -> list[Proposal]:
    looked = samples.get(table.name, {})
    found = (proposal(table, column, looked.get(name, EMPTY), context) for name, column in table.columns.items())
    return [one for one in found if one is not None]


def _first(tables: Sequence[TableInfo], samples: Samples) -> dict[str, list[Proposal]]:
    return {table.name: _proposals(table, samples, Context(sort(table.name))) for table in tables}


def _scores(tables: Sequence[TableInfo], first: Mapping[str, list[Proposal]], samples: Samples,
            linked: frozenset[str]) -> dict[str, Score]:  # fmt: skip
    return {
        table.name: score(table, first[table.name], samples.get(table.name, {}), table.name in linked)
        for table in tables
    }


def _emails(proposals: Mapping[str, list[Proposal]]) -> list[tuple[str, str]]:
    return [
        (table, one.column) for table, found in proposals.items() for one in found if one.element == "identity.email"
    ]


def candidates(schema: Schema, samples: Samples) -> list[Candidate]:
    """Return the links without a foreign key that are worth comparing sampled values for."""
    tables = real_tables(schema)
    first = _first(tables, samples)
    scores = _scores(tables, first, samples, frozenset())
    people = {name: found.kind for name, found in scores.items() if found.confidence >= ENOUGH}
    return link_candidates(schema, samples, _emails(first), people)


def _reaching(schema: Schema, found: Iterable[FoundLink], people: frozenset[str]) -> frozenset[str]:
    """Return the tables whose rows are about people: they point at them, directly or through dealings.

    Not through organisations and things: stock that lies in a shop with a manager is not about the manager.
    """
    reached = set(people)
    all_edges = edges(schema, found)
    grown = True
    while grown:
        grown = False
        for child, fk in all_edges:
            through = fk.parent in people or sort(fk.parent) in ("dealing", "unknown", "person")
            if child not in reached and fk.parent in reached and through:
                reached.add(child)
                grown = True
    return frozenset(reached)


def findings(
    schema: Schema,
    samples: Samples,
    compared: Mapping[Candidate, Inclusion] | None = None,
    unread: Sequence[str] = (),
) -> Findings:
    """Return everything found: `compared` holds the inclusions of `candidates(schema, samples)`."""
    tables = real_tables(schema)
    first = _first(tables, samples)
    guessed = _scores(tables, first, samples, frozenset())
    likely = {name: found.kind for name, found in guessed.items() if found.confidence >= ENOUGH}
    joined = links(link_candidates(schema, samples, _emails(first), likely), compared or {})
    linked = frozenset(child for child, fk in edges(schema, joined) if fk.parent in likely and fk.parent != child)
    scores = _scores(tables, first, samples, linked)
    people = frozenset(name for name, found in scores.items() if found.confidence >= ENOUGH)
    about = _reaching(schema, joined, people)
    final: dict[str, list[Proposal]] = {}
    contexts: dict[str, Context] = {}
    for table in tables:
        person = scores[table.name].confidence if table.name in people else 0.0
        street = _has_street(table, first[table.name])
        contexts[table.name] = Context(sort(table.name), person, table.name in about - people, street, _has_town(table))
        final[table.name] = _proposals(table, samples, contexts[table.name])
    entries = [_people(table, scores[table.name], final, samples) for table in tables if table.name in people]
    pointed = frozenset(fk.parent for child, fk in edges(schema, joined) if child in about)
    customers = frozenset(name for name in people if scores[name].kind != STAFF)
    # A visit that a member of staff receives is the visitor's: reaching only staff is no owner for a dealing.
    received = {name for name in about - people if sort(name) == "dealing"} - _reaching(schema, joined, customers)
    alone = strays(tables, final, samples, (about - received) | pointed)
    for entry in alone:
        named = replace(contexts[entry.table], person=ENOUGH)
        final[entry.table] = _proposals(schema.tables[entry.table], samples, named)
    entries += alone
    hints = [*polymorphic(schema), *_inside_json(tables, samples), *_organisations(tables, people, schema)]
    return Findings(
        tuple(one for found in final.values() for one in found),
        tuple(entries),
        tuple(joined),
        tuple(hints),
        tuple(unread),
    )


def _people(table: TableInfo, found: Score, final: Mapping[str, list[Proposal]], samples: Samples) -> People:
    known = identifiers(table, final[table.name], samples.get(table.name, {}))
    key = table.primary_key or (table.unique[0] if table.unique else ())
    key = key or tuple(one.column for one in known[:1]) or tuple(table.columns)[:1]
    return People(table.name, found.kind, key, found.confidence, found.reasons, known)


def _organisations(tables: Iterable[TableInfo], people: frozenset[str], schema: Schema) -> list[Hint]:
    return [
        Hint(table.name, table.primary_key, "organisation", "rows are probably organisations: they own rows, and are not people")
        for table in tables
        if sort(table.name) == "organisation" and table.name not in people and table.primary_key and schema.children(table.name)
    ]  # fmt: skip


def _inside_json(tables: Iterable[TableInfo], samples: Samples) -> list[Hint]:
    """Return the JSON columns with personal-looking keys, told by the words of our lexicon, never by their own."""
    hints = []
    for table in tables:
        for name, sample in samples.get(table.name, {}).items():
            if name not in table.columns or table.columns[name].family not in ("json", "text"):
                continue
            phrases = sorted({phrase for value in sample.values[:50] for phrase in _json_phrases(value)})
            if phrases:
                text = f"holds JSON with keys like `{'`, `'.join(phrases[:6])}`: name the path with `json` where it is about a person"
                hints.append(Hint(table.name, (name,), "json", text))
    return hints


def _json_phrases(value: object) -> set[str]:
    if isinstance(value, str):
        if not value.lstrip().startswith(("{", "[")):
            return set()
        try:
            value = json.loads(value)
        except ValueError:
            return set()
    keys: list[str] = []
    stack = [value]
    while stack and len(keys) < 200:
        at = stack.pop()
        if isinstance(at, dict):
            keys += [str(key) for key in at]
            stack += list(at.values())
        elif isinstance(at, list):
            stack += at[:20]
    return {
        match.phrase
        for key in keys
        if len(key) <= 40
        for match in matches(key)[:1]
        if match.weight >= 0.8 and not match.needs
    }
