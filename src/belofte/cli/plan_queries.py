"""`belofte plan --queries FILE|live --store STORE`: what of real queries would be refused if readers were bound.

Exit 2 when something would be, 3 when there are no queries to be read, 4 when the store does not answer, else 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from rich.text import Text

from belofte.cli.ending import Code, Ending
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.purposes.refusing import Account, refused
from belofte.stores.connect import Unreachable
from belofte.stores.postgres_queries import LIVE, NoQueries, live, logged
from belofte.stores.session import session


def run(directory: Path, store: str | None, queries: str, *, as_json: bool) -> None:
    """Show what would be refused, per account: tables and columns, never a value of a query."""
    with desk_of(directory) as desk:
        names = [name for name in desk.sql_stores if store in (None, name)]
        if len(names) != 1:
            known = ", ".join(desk.sql_stores)
            raise Ending(Code.INVALID, "say whose queries they are", f"`--store STORE` names one of: {known}")
        try:
            opened = desk.open(names[0])
            if opened.store.dialect != "postgres":
                raise NoQueries(f"`{names[0]}` is no PostgreSQL: its queries are not looked at")
            if queries == LIVE:
                with session(opened.store) as reading:
                    asked = live(reading)
            else:
                asked = list(logged(Path(queries), opened.store.engine.url.database or ""))
            found = refused(desk, opened, asked)
        except NoQueries as none:
            raise Ending(Code.INVALID, str(none)) from None
        except Unreachable as silent:
            raise Ending(Code.CANNOT_TELL, str(silent)) from None
    if as_json:
        json_result({"accounts": [document(one) for one in found]})
    for one in found if not as_json else ():
        for line in lines(one):
            console().print(Text(line))
    if not found and not as_json:
        console().print("no queries of this database were found")
    if any(one.refused for one in found):
        raise Ending(Code.CHANGES)


def lines(one: Account) -> Iterator[str]:
    """Yield an account's lines: how much would be refused, and of which tables."""
    reads = ", ".join(one.purposes) or "no purpose"
    unread = f", {one.unread:,} not understood" if one.unread else ""
    yield f"{one.name} ({reads}): {one.refused:,} of {one.calls:,} calls would be refused{unread}"
    for table, what in sorted(one.tables.items()):
        parts = ["the whole table"] if what.whole else [", ".join(sorted(what.columns))] if what.columns else []
        parts += ["writing"] if what.writes else []
        yield f"  {table}: {'; '.join(parts)} ({what.calls:,} calls)"


def document(one: Account) -> dict[str, object]:
    """Return an account as JSON."""
    tables = {name: {**asdict(what), "columns": sorted(what.columns)} for name, what in sorted(one.tables.items())}
    return {**asdict(one), "tables": tables}
