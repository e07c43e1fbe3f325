"""The population of a closure: the cohort and everybody else on its rows, by what their choices leave open.

People in the same state are one key set, so that a plan for a thousand people who asked the same reads like a plan for
one. Nobody's state is looked up by name: keys and identifiers are digested on their way to Belofte's own database.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from belofte.choices.state import strictest
from belofte.choices.subjects import Identifier, candidates, states, states_of
from belofte.compiler.closure import Closure
from belofte.compiler.pseudonym import halves, names
from belofte.compiler.search import found_of, locked, others
from belofte.compiler.setting import People, Setting, moments
from belofte.compiler.statement import Keys
from belofte.datamap.graph import Graph
from belofte.datamap.schema import Family
from belofte.policy.person import PersonState, nobody
from belofte.rights.desk import Desk, Opened
from belofte.rights.identify import Place, records_of
from belofte.rights.intake import Intake, Meeting
from belofte.stores.session import Session

PersonKey = tuple[Any, ...]


@dataclass
class Population:
    """What a plan on a cohort is compiled with: the setting, the closure, and the key sets that they name."""

    setting: Setting
    closure: Closure
    keysets: dict[str, Keys] = field(default_factory=dict)
    secrets: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """The keys of the map's pseudonyms: bound values that are in no plan and nowhere kept."""
    met: frozenset[str] | None = None
    """The entries of which somebody else is on the cohort's rows; None: that was not asked."""

    @property
    def given(self) -> dict[str, object]:
        """What a plan that was compiled before is run with: the present moment, and the keys of pseudonyms."""
        return {**moments(self.setting.now, self.setting.zone), **self.secrets}

    @property
    def shape(self) -> Hashable:
        """What of a population a plan depends on: which entries, and who is in which state; not who they are."""
        setting = self.setting
        classes = tuple(
            (entry, tuple((_canonical(one.state, setting.now), one.keys) for one in people))
            for entry, people in setting.population.items()
        )
        sure = (setting.covered, setting.alone)
        return (tuple(self.closure.cohort), classes, setting.held_tables, sure, setting.today)


def _canonical(state: PersonState, now: datetime) -> Hashable:
    """Return a state in which the present moment has no date: what closes now closes all that is there."""
    closed = frozenset((key, None if moment == now else moment) for key, moment in state.closed_before.items())
    return (closed, state.consent_closed, state.unusable, state.restricted, state.held, state.over)


def families_of(graph: Graph, entry: str) -> tuple[Family, ...]:
    """Return the families of the columns of an entry's key."""
    people = graph.entry(entry)
    return tuple(graph.schema.tables[people.table].columns[name].family for name in people.key)


def cohort_name(entry: str) -> str:
    """Return the name of the key set of an entry's cohort."""
    return f"cohort_{entry}"


def population(
    desk: Desk, opened: Opened, reading: Session, cohort: Mapping[str, Mapping[PersonKey, PersonState]], at: datetime,
    kept_at: datetime | None = None,
) -> Population:  # fmt: skip
    """Return the population of one store: `cohort` gives, per people entry, each person's state.

    `reading` is a session on the store. Everyone else on the rows touched is found there and looked up. `kept_at`: a
    later moment, up to which what was ordered kept is kept.
    """
    found = _asked(desk, opened, cohort, at, kept_at)
    asked = {entry: list(people) for entry, people in cohort.items() if people}
    known: dict[str, dict[PersonKey, PersonState]] = {entry: dict(cohort[entry]) for entry in asked}
    met = _others(desk, opened, found, reading)
    for entry, keys in met.items():
        others_then = looked_up(desk, opened, reading, entry, keys, at)
        if kept_at is not None:
            later = looked_up(desk, opened, reading, entry, keys, kept_at)
            others_then = {key: state.kept_as(later[key]) for key, state in others_then.items()}
        known.setdefault(entry, {}).update(others_then)
    found.setting = _with_people(found, known, asked)
    found.met = frozenset(entry for entry, keys in met.items() if keys)
    return found


def population_alone(
    desk: Desk, opened: Opened, cohort: Mapping[str, Mapping[PersonKey, PersonState]], at: datetime
) -> Population:
    """Return the population of a cohort where nobody else on its rows matters."""
    found = _asked(desk, opened, cohort, at)
    found.setting = _with_people(found, cohort, {entry: list(people) for entry, people in cohort.items() if people})
    return found


def among_themselves(desk: Desk, opened: Opened, found: Population, reading: Session) -> None:
    """Let a population know of which entries nobody else is on the cohort's rows, where its plan is carried out now.

    INVARIANT: `reading` is the transaction that carries it out, in which the population was made, and sees one
    picture of the store (`alone`).
    """
    if found.met is None:
        found.met = frozenset(entry for entry, keys in _others(desk, opened, found, reading).items() if keys)
    found.setting = replace(found.setting, alone=found_of(found.closure) - found.met)


def lock(desk: Desk, opened: Opened, found: Population, changing: Session) -> None:
    """Lock the rows of the cohort's people, until the transaction ends: whoever changes them too waits."""
    for entry, name in found.closure.cohort.items():
        statement = desk.once(("locked", opened.name, entry), partial(locked, opened.graph, entry, name))
        changing.rows(statement, {name: found.keysets[name]})


def _asked(
    desk: Desk, opened: Opened, cohort: Mapping[str, Mapping[PersonKey, PersonState]], at: datetime,
    kept_at: datetime | None = None,
) -> Population:  # fmt: skip
    graph = opened.graph
    asked = {entry: list(people) for entry, people in cohort.items() if people}
    held = desk.held_tables(opened.name, at)
    if kept_at is not None:
        held |= desk.held_tables(opened.name, kept_at)
    found = Population(
        Setting(desk.policy, graph, at, {}, nobody(desk.policy), held),
        Closure(graph, {entry: cohort_name(entry) for entry in asked}),
        secrets=halves({name: desk.key.pseudonym(name) for name in names(graph.map)}),
    )
    for entry, keys in asked.items():
        found.keysets[cohort_name(entry)] = Keys(families_of(graph, entry), keys)
    return found


def population_now(desk: Desk, intake: Intake, opened: Opened, reading: Session) -> Population:
    """Return the population of one store for the people of an intake, as their choices stand now."""
    now = desk.clock()
    subjects = [subject for person in intake.people for subject in person.subjects]
    known = states(desk.db, desk.policy, subjects, now)
    return population(desk, opened, reading, cohort_of(intake, opened.name, known), now)


def cohort_of(
    meeting: Meeting, store: str, known: Mapping[UUID, PersonState]
) -> dict[str, dict[PersonKey, PersonState]]:
    """Return, per people entry of a store, each person's state: the strictest of her subjects'."""
    return {
        entry: {key: strictest([known[subject] for subject in subjects]) for key, subjects in people.items()}
        for entry, people in meeting.cohort(store).items()
    }


def _others(desk: Desk, opened: Opened, found: Population, reading: Session) -> dict[str, list[PersonKey]]:
    everyone: dict[str, dict[PersonKey, None]] = {}
    key = ("others", opened.name, tuple(found.closure.cohort))
    for other in desk.once(key, lambda: others(found.setting, found.closure)):
        for row in reading.rows(other.statement, found.keysets):
            everyone.setdefault(other.entry, {})[row] = None
    return {entry: list(keys) for entry, keys in everyone.items()}


def looked_up(
    desk: Desk, opened: Opened, reading: Session, entry: str, keys: Sequence[PersonKey], at: datetime
) -> dict[PersonKey, PersonState]:
    """Return the states of people of an entry by their keys: by links where there are, else by their identifiers."""
    by_key = states_of(desk.db, desk.key, desk.policy, opened.name, entry, list(keys), at)
    records = records_of(Place(opened.graph, reading, desk.once), opened.name, entry, keys, desk.country)
    named = [record for record in records if record.identifiers]
    people = [[Identifier(one.kind, one.normal) for one in sorted(r.identifiers, key=str)] for r in named]
    led_to = candidates(desk.db, desk.key, people) if people else []
    of_subject = states(desk.db, desk.policy, list({s for subjects in led_to for s in subjects}), at)
    unknown = nobody(desk.policy)
    for record, subjects in zip(named, led_to, strict=True):
        options = [of_subject[subject] for subject in subjects]
        if by_key.get(record.key, unknown) != unknown:
            options.append(by_key[record.key])
        if options:
            by_key[record.key] = strictest(options)
    return by_key


def _with_people(
    found: Population, known: Mapping[str, Mapping[PersonKey, PersonState]], asked: Mapping[str, Sequence[PersonKey]]
) -> Setting:
    """Return the setting with people in classes; a class that is the whole cohort of an entry shares its key set."""
    classes: dict[str, list[People]] = {}
    for entry, people in known.items():
        by_state: dict[PersonState, list[PersonKey]] = {}
        alike: dict[int, list[PersonKey]] = {}  # of thousands in the very same state, it is not weighed for each
        for key, state in people.items():
            if id(state) not in alike:
                alike[id(state)] = by_state.setdefault(state, [])
            alike[id(state)].append(key)
        mine = set(asked.get(entry, ()))
        for number, (state, keys) in enumerate(by_state.items()):
            if state == found.setting.nobody and not mine.intersection(keys):
                continue
            name = cohort_name(entry) if mine and set(keys) == mine else f"{cohort_name(entry)}/{number}"
            found.keysets.setdefault(name, Keys(families_of(found.setting.graph, entry), keys))
            classes.setdefault(entry, []).append(People(state, name))
    setting = found.setting
    return Setting(
        setting.policy, setting.graph, setting.now, classes, setting.nobody, setting.held_tables, setting.zone,
        frozenset(asked),
    )  # fmt: skip
