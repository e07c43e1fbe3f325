"""Nobody is taken for somebody by what several people share: tried with a shared identifier of each live store."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from belofte.compiler.closure import column, table_of
from belofte.compiler.statement import Statement
from belofte.promises.mapped import answering
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.promises.sentence import Sentence, of_store, sentence
from belofte.rights.desk import Opened
from belofte.rights.identify import NotAnIdentifier, Place, asked, identify
from belofte.stores.session import Failed, session


def identified(matter: Matter, _scope: Scope) -> Outcome:
    """Ask who somebody is by an identifier that the map calls shared or an organisation's: nobody may be found sure."""
    unclear: list[Sentence] = []
    found: list[Sentence] = []
    tried = 0
    for opened in answering(matter, unclear):
        try:
            for entry, kind in _tried(matter, opened):
                tried += 1
                if entry:
                    said = sentence("a shared %(kind)s leads to one `%(entry)s`", kind=kind, entry=entry)
                    found.append(of_store(opened.name, said))
        except Failed as silent:
            unclear.append(of_store(opened.name, silent.why))
    return outcome({"identifiers tried": tried}, found, unclear)


def _tried(matter: Matter, opened: Opened) -> list[tuple[str | None, str]]:
    """Return each kind of shared identifier that was tried, with the people that it led to; None: it led to nobody."""
    country = matter.policy.organisation.country
    done: list[tuple[str | None, str]] = []
    with session(opened.store) as reading:
        place = Place(opened.graph, reading)
        for entry, stated in opened.graph.map.people.items():
            for kind, one in stated.identified_by():
                if one.identifies == "person" or stated.table not in opened.graph.schema.tables:
                    continue
                for value in _values(place, stated.table, one.column):
                    try:
                        given = asked(kind, str(value), country)
                    except NotAnIdentifier:
                        continue
                    sure = identify({opened.name: place}, [given], country).confirmed
                    hers = [record for record in sure if record.entry == entry]
                    done.append((entry if hers else None, kind))
    return done


def _values(place: Place, table: str, name: str) -> list[Any]:
    """Return one value of a column: who has it is not looked at."""
    query = exp.select(column(name, "t")).from_(table_of(table, "t"))
    query = query.where(exp.Not(this=exp.Is(this=column(name, "t"), expression=exp.null()))).limit(1)
    return [value for (value,) in place.session.rows(Statement(query), {})]
