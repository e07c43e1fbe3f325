"""A data map from one file of `stores/`: read, checked for form and for what it refers to.

What needs the live schema (does the column exist, does the row reach a person) is checked elsewhere; here stands what
the map and the policy alone can tell. Pure, like `policy/load.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from belofte.datamap.model import Column, DataMap, KindBy, Link, Table
from belofte.policy.load import Loaded
from belofte.policy.model import Policy
from belofte.policy.problems import Invalid, Place, Problem, choice, quoted
from belofte.policy.references import element_problem, named
from belofte.policy.source import Places, read
from belofte.policy.wording import validated

NOBODY = "none"
"""`about: none`: the rows are about nobody."""


@dataclass(frozen=True, slots=True)
class LoadedMap:
    """A data map that holds together, and where each part of it is written."""

    map: DataMap
    places: Places

    def at(self, path: str) -> Place:
        """Return the place of a part by its path (`tables.contact.columns.name`), or of what is nearest around it."""
        return self.places.at(path)


def load(file: str, data: bytes, policy: Loaded | None) -> LoadedMap:
    """Return the data map in `file`; `policy` None leaves out what refers to it.

    Raises `Invalid` with every problem of the file.
    """
    document, problems = read(file, data)
    if not problems and not isinstance(document.data, dict):
        problems = [Problem(Place(file, 1, 1), "a file is a mapping of keys", "begin lines with `key:`")]
    if problems:
        raise Invalid(problems)
    found, problems = validated(DataMap, document.data, document.places)
    if found is None:
        raise Invalid(problems)
    problems = [*_inner(found, document.places)]
    if policy is not None:
        problems += _outer(found, document.places, policy.policy)
    if problems:
        raise Invalid(problems)
    return LoadedMap(found, document.places)


def _inner(found: DataMap, places: Places) -> Iterator[Problem]:
    """Yield what the map says that contradicts itself."""
    for name in sorted(found.people.keys() & found.organisations.keys()):
        advice = f"it is already at {places.key(f'people.{name}')}: give one of them another name"
        yield Problem(places.key(f"organisations.{name}"), f"{quoted(name)} is both people and organisation", advice)
    for name, table in found.tables.items():
        yield from _targets(found, places, f"tables.{name}", table.about)
        for column, held in table.columns.items():
            yield from _targets(found, places, f"tables.{name}.columns.{column}", held.about)
        if name in found.ignore:
            at = places.at(f"ignore.{found.ignore.index(name)}")
            yield Problem(at, f"the table {quoted(name)} is mapped and ignored", "keep one of the two")
    if found.kind == "sql" and found.url is None:
        advice = "add `url: ${…}` with the name of an environment variable, or `kind: manual`"
        yield Problem(places.key("store"), f"{quoted(found.store)} has no `url`", advice)
    if found.controller is None and (found.role == "processor" or found.passed_on):
        advice = "add `controller:` with whom you process for: requests are passed on to them"
        part = "" if found.role == "processor" else f"tables.{found.passed_on[0]}."
        what = f"{quoted(found.passed_on[0])} in {quoted(found.store)}" if part else quoted(found.store)
        yield Problem(places.at(f"{part}role"), f"{what} is held as processor for nobody", advice)


def _targets(found: DataMap, places: Places, path: str, about: tuple[Link, ...] | None) -> Iterator[Problem]:
    known = {*found.people, *found.organisations, *found.tables, *found.ignore, NOBODY}
    for index, link in enumerate(about or ()):
        if link.of not in known:
            at = _link_place(places, f"{path}.about", index, link)
            advice = choice("the map has", link.of, known - {NOBODY})
            yield Problem(at, f"unknown owner {quoted(link.of)}", advice)


def _link_place(places: Places, path: str, index: int, link: Link) -> Place:
    """Return where a link's target stands, in whichever short form it was written."""
    column = link.columns[0] if link.columns else ""
    forms = (f"{path}.{index}.of", f"{path}.{index}", f"{path}.{column}.of", f"{path}.{column}", f"{path}.of", path)
    return next((places.values[form] for form in forms if form in places.values), places.at(path))


def _outer(found: DataMap, places: Places, policy: Policy) -> Iterator[Problem]:
    """Yield what the map says that the policy does not know."""
    yield from named(places, "enforce", found.enforce or (), policy.purposes, "purpose")
    for name in found.departments or ():
        if name not in policy.departments:
            advice = choice("the policy declares", name, policy.departments)
            yield Problem(places.key(f"departments.{name}"), f"unknown department {quoted(name)}", advice)
    for name, entry in found.people.items():
        path = f"people.{name}.is"
        if isinstance(entry.is_, KindBy):
            for value, kind in entry.is_.values.items():
                yield from _kind(places, f"{path}.values.{value}", kind, policy)
            if entry.is_.else_ is not None:
                yield from _kind(places, f"{path}.else", entry.is_.else_, policy)
        else:
            yield from _kind(places, path, entry.is_, policy)
    for name, table in found.tables.items():
        yield from _table(places, f"tables.{name}", table, policy)
    if found.collected is not None and found.collected.older is not None:
        older = found.collected.older
        if older not in policy.notices:
            advice = choice("`notices` of the policy has", older, policy.notices)
            yield Problem(places.at("collected.older"), f"unknown notice {quoted(older)}", advice)
    if found.transfer is not None and found.transfer not in policy.transfers:
        advice = choice("the policy declares", found.transfer, policy.transfers)
        yield Problem(places.at("transfer"), f"unknown transfer {quoted(found.transfer)}", advice)
    if found.manual is not None:
        for ref in found.manual.holds:
            yield from element_problem(policy, str(ref), "manual.holds", places)


def _kind(places: Places, path: str, kind: str, policy: Policy) -> Iterator[Problem]:
    if kind not in policy.people:
        advice = choice("the policy declares", kind, policy.people)
        yield Problem(places.at(path), f"unknown kind of people {quoted(kind)}", advice)


def _table(places: Places, path: str, table: Table, policy: Policy) -> Iterator[Problem]:
    yield from named(places, f"{path}.for", table.for_, policy.purposes, "purpose")
    if table.row is not None:
        yield from _element(places, f"{path}.row", table.row, policy)
    for name, column in table.columns.items():
        yield from _column(places, f"{path}.columns.{name}", column, policy)


def _column(places: Places, path: str, column: Column, policy: Policy) -> Iterator[Problem]:
    yield from named(places, f"{path}.for", column.for_, policy.purposes, "purpose")
    if column.element is not None:
        at = f"{path}.element" if f"{path}.element" in places.values else path
        yield from _element(places, at, column.element, policy)


def _element(places: Places, path: str, ref: str, policy: Policy) -> Iterator[Problem]:
    """A column holds one element, so a bare category is not enough unless it has only one."""
    wrong = list(element_problem(policy, ref, path, places))
    yield from wrong
    if not wrong and "." not in ref:
        advice = choice("write one of", "", [f"{ref}.{name}" for name in policy.categories[ref].elements])
        yield Problem(places.at(path), f"{quoted(ref)} is a category; a column holds one element", advice)
