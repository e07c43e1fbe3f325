"""Do purposes on consent reach only people with a live consent? As somebody imaginary, and in each bound store.

In a store, each person whom such a purpose's view shows has to be one whose consent is live by Belofte's own record:
read back from the view, not from what the store was told.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlglot import exp

from belofte.choices.present import allowed
from belofte.compiler.closure import column, table_of
from belofte.compiler.statement import Statement
from belofte.compiler.views import view_name
from belofte.promises.imagined import consent_tried, on_consent
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.promises.sentence import Sentence, of_store, sentence
from belofte.purposes.applying import unfit
from belofte.purposes.desk import bound, enforced
from belofte.purposes.projecting import entries, handle, key_types, people
from belofte.rights.desk import Opened
from belofte.stores.binding import binding
from belofte.stores.bound import PersonKey
from belofte.stores.session import Failed, Session, session

NAMED = 3
"""People who are shown without consent are named so many times, by a digest of their key."""


def reached(matter: Matter, scope: Scope) -> Outcome:
    """Try purposes on consent without one; and count whom views show whose consent is not live."""
    tries, found = consent_tried(matter, scope)
    unclear: list[Sentence] = []
    figures = {"tries": tries, "people shown": 0}
    for name in enforced(matter.desk):
        opened = matter.opened(name)
        if isinstance(opened, str):
            unclear.append(opened)
            continue
        try:
            if unfit(opened) is None:
                _store(matter, scope, opened, figures, found)
        except Failed as silent:
            unclear.append(of_store(name, silent.why))
    return outcome(figures, found, unclear)


def _store(matter: Matter, scope: Scope, opened: Opened, figures: dict[str, int], found: list[Sentence]) -> None:
    consented = [one for one in on_consent(matter, scope) if one in bound(matter.desk, opened.name)]
    for purpose in consented:
        shown, wrong = matter.once(("shown", opened.name, purpose), lambda: _shown(matter, opened, purpose))  # noqa: B023
        figures["people shown"] += shown
        found += wrong


def _shown(matter: Matter, opened: Opened, purpose: str) -> tuple[int, list[Sentence]]:
    """Return how many people a purpose's views of people show, and those of them whose consent is not live."""
    live = {handle(one) for one in _live(matter, purpose)}
    count, wrong = 0, 0
    named: list[str] = []
    for entry in entries(opened.graph):
        with session(opened.store) as reading:
            shown = _keys(reading, opened, purpose, entry)
            if not shown:
                continue
            known = binding(reading).telling.persons(reading, entry, key_types(opened.graph, entry), sorted(live))
            rest = set(shown).difference(*known.values())
            country = matter.policy.organisation.country
            # a table of people and organisations shows the others as well: they consent to nothing
            closed = [one.key for one in people(opened.graph, reading, entry, country, sorted(rest, key=repr))]
        count += len(shown) - len(rest) + len(closed)
        wrong += len(closed)
        named += [f"{entry} {matter.desk.key.row(opened.name, entry, key).hex()[:16]}" for key in closed[:NAMED]]
    if not wrong:
        return count, []
    said = sentence("`%(purpose)s` shows people without a live consent: %(count)s", purpose=purpose, count=wrong)
    return count, [of_store(opened.name, one) for one in (said, *named[:NAMED])]


def _live(matter: Matter, purpose: str) -> Iterator[UUID]:
    """Yield the people whom a purpose may reach, over some channel or none."""
    for channel in (None, *matter.policy.purposes[purpose].channels):
        yield from allowed(matter.desk.db, matter.policy, purpose, channel, matter.at)


def _keys(reading: Session, opened: Opened, purpose: str, entry: str) -> list[PersonKey]:
    """Return the keys of an entry's people whom a purpose's view of their table shows."""
    stated = opened.graph.map.people[entry]
    view = f"{binding(reading).making.schema(opened.name, purpose)}.{view_name(stated.table)}"
    if f"view {view}" not in binding(reading).looking.live(reading):
        return []
    query = exp.select(*(column(name, "v") for name in stated.key)).distinct().from_(table_of(view, "v"))
    rows: list[PersonKey] = reading.rows(Statement(query), {})
    return rows
