"""Portability (art. 20): of the person's data, what she provided, under consent or contract, in an open format.

`data.jsonld` is JSON in which each table's `@context` maps its columns to terms of the W3C Data Privacy Vocabulary;
beside it one CSV file per table and a README in the person's language. Provided: given or observed, never inferred.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from belofte.law.rights import available
from belofte.notices.answer import Case, ColumnPart, DatumClass, Hidden, StoreAnswer, TableAnswer
from belofte.notices.letters import portability_letter
from belofte.notices.package import Box, package
from belofte.notices.page import letter_page
from belofte.notices.plain import cell, plain
from belofte.notices.words import words_of
from belofte.policy.model import Policy, Source

PREFIXES = {
    "pd": "https://w3id.org/dpv/pd#",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
}
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_PROVIDED: tuple[Source, ...] = ("provided", "observed")
_CONTEXT: dict[str, object] = {
    "@version": 1.1,
    **PREFIXES,
    "controller": "dpv:hasDataController",
    "name": "http://purl.org/dc/terms/title",
    "request": "http://purl.org/dc/terms/identifier",
    "date": "http://purl.org/dc/terms/date",
    "language": "http://purl.org/dc/terms/language",
    "tables": "dpv:hasPersonalData",
    "store": "http://purl.org/dc/terms/source",
    "table": "http://purl.org/dc/terms/title",
    "rows": "dpv:hasPersonalData",
}


@dataclass(frozen=True)
class PortableColumn:
    """A column that may go along: its name, words and the IRI of its term."""

    name: str
    title: str
    iri: str


@dataclass(frozen=True)
class PortableTable:
    """The portable data of one table; a datum that may not go along is absent from its row."""

    store: str
    name: str
    columns: tuple[PortableColumn, ...]
    rows: Iterable[dict[str, object]]


def term_iri(term: str) -> str:
    """Return the IRI of a term: `pd:Name` in full; an IRI is itself."""
    prefix, colon, name = term.partition(":")
    return PREFIXES[prefix] + name if colon and prefix in PREFIXES else term


def portable_purposes(policy: Policy, kinds: Sequence[str] = ()) -> frozenset[str]:
    """Return the purposes that rest on consent or contract for one of these kinds of people (LAW 2.5)."""
    return frozenset(
        key
        for key, purpose in policy.purposes.items()
        if any(available("portability", basis) for kind in tuple(kinds) or (None,) for basis in purpose.bases(kind))
    )


def portable_tables(
    policy: Policy, stores: Iterable[StoreAnswer], kinds: Sequence[str] = ()
) -> Iterator[PortableTable]:
    """Yield what of an answer is portable, table by table; rows stream.

    A column goes along when its element is provided or observed; a datum of it when a purpose on consent or contract
    keeps or uses it; a row when it has such a datum.
    """
    purposes = portable_purposes(policy, kinds)
    for store in stores:
        for table in store.tables:
            places = {
                place: column
                for place, part in enumerate(table.columns)
                if (column := _portable_column(policy, part)) is not None
            }
            if places:
                rows = _portable_rows(table, places, purposes)
                yield PortableTable(store.name, table.name, tuple(places.values()), rows)


def _portable_column(policy: Policy, part: ColumnPart) -> PortableColumn | None:
    if part.element is None or policy.source(part.element) not in _PROVIDED:
        return None
    return PortableColumn(part.name, part.title, term_iri(policy.element(part.element).term))


def _portable_rows(
    table: TableAnswer, places: dict[int, PortableColumn], purposes: frozenset[str]
) -> Iterator[dict[str, object]]:
    allowed: dict[int, bool] = {-1: False}
    for row in table.rows:
        found: dict[str, object] = {}
        for place, column in places.items():
            index = row.classes[place]
            if index not in allowed:
                allowed[index] = _allows(table.classes[index], purposes)
            if allowed[index] and not isinstance(row.values[place], Hidden):
                found[column.name] = row.values[place]
        if found:
            yield found


def _allows(datum: DatumClass, purposes: frozenset[str]) -> bool:
    return not purposes.isdisjoint((*datum.keep, *datum.use))


def write_portable(
    folder: Path,
    case: Case,
    tables: Iterable[PortableTable],
    *,
    purposes: Sequence[str] = (),
    password: str | None = None,
) -> dict[tuple[str, str], int]:
    """Write the package to `folder`: `data.jsonld`, CSV files, README and cover; return the rows of each table.

    `purposes` are the titles of those that the data is used for. Tables are read once, one after the other.
    """
    counts: dict[tuple[str, str], int] = {}
    with package(folder, password) as box:
        listed: list[tuple[str, PortableTable]] = []
        with box.text("data.jsonld") as out:
            head = {
                "@context": _CONTEXT,
                "request": case.request,
                "date": case.answered,
                "language": case.language,
                "controller": {"name": case.controller.name},
            }
            out.write(_json(head)[:-1] + ', "tables": [')
            for number, table in enumerate(tables):
                name = box.name(table.store, table.name, ending=".csv")
                out.write(",\n" if number else "\n")
                counts[table.store, table.name] = _write_table(box, out, name, table)
                listed.append((name, table))
            out.write("\n]}\n")
        box.write("README.txt", [readme(case, listed)])
        box.write("index.html", letter_page(portability_letter(case, purposes)))
    return counts


def _write_table(box: Box, out: TextIO, name: str, table: PortableTable) -> int:
    # A column's name means something only inside this table's rows: its terms are scoped to `rows`.
    terms: dict[str, object] = {column.name: column.iri for column in table.columns}
    scope = {"rows": {"@id": _CONTEXT["rows"], "@context": terms}}
    out.write(_json({"@context": scope, "store": table.store, "table": table.name})[:-1] + ', "rows": [')
    count = 0
    with ExitStack() as stack:
        lines = csv.writer(stack.enter_context(box.text(name, newline="")))
        lines.writerow([cell(column.name) for column in table.columns])
        for row in table.rows:
            out.write(("," if count else "") + "\n" + _json(row))
            lines.writerow([cell(row.get(column.name)) for column in table.columns])
            count += 1
    out.write("]}")
    return count


def _json(value: object) -> str:
    return _ENCODER.encode(plain(value))


def readme(case: Case, tables: Sequence[tuple[str, PortableTable]]) -> str:
    """Return the README of a package: what each file and column is, in the person's language."""
    words = words_of(case.language)
    parts = [
        words.say("Your data from %(controller)s", controller=case.controller.name),
        words.say(
            "These are the data that you gave us or that we recorded when you dealt with us, "
            "used under your consent or a contract. You may take them to another company."
        ),
        words.say(
            "data.jsonld has all of it, as JSON-LD: JSON in UTF-8, in which “@context” gives each column a fixed "
            "meaning from the Data Privacy Vocabulary of the W3C (https://w3id.org/dpv). Other programs can read it."
        ),
        words.say(
            "The CSV files have the same data, one file per table: UTF-8, commas, the names of the columns first. "
            "Dates are year-month-day. A text that a spreadsheet would take for a formula has ' in front."
        ),
        words.say("These files contain personal data: keep them safe."),
    ]
    for name, table in tables:
        lines = [f"  {column.name}: {column.title} <{column.iri}>" for column in table.columns]
        parts.append("\n".join([name, *lines]))
    return "\n\n".join(parts) + "\n"
