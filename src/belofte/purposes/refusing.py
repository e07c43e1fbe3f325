"""What would be refused, of the queries that accounts really ask, if they read through their purposes alone.

A dry run before readers are bound. It tells tables and columns, never a value; which rows would be left out it does not
tell, for a view leaves them out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from belofte.compiler.queries import touched
from belofte.compiler.views import view
from belofte.purposes.desk import Desk, Opened, bound, standing
from belofte.stores.binding import binding
from belofte.stores.postgres_queries import Query
from belofte.stores.session import session


@dataclass
class Refused:
    """What of one table would be refused to an account: columns, or the whole of it, or writing; in how many calls."""

    columns: set[str] = field(default_factory=set)
    whole: bool = False
    writes: bool = False
    calls: int = 0


@dataclass
class Account:
    """An account: for which purposes it would read, how many calls were looked at, refused, and not understood."""

    name: str
    purposes: tuple[str, ...]
    calls: int = 0
    refused: int = 0
    unread: int = 0
    tables: dict[str, Refused] = field(default_factory=dict)


def refused(desk: Desk, opened: Opened, queries: Iterable[Query]) -> list[Account]:
    """Return, per account, what of these queries its purposes would refuse; who reads for none is refused all."""
    allowed = _allowed(desk, opened)
    named, found = _purposes(desk, opened), dict[str, Account]()
    for query in queries:
        purposes = tuple(named.get(query.account, ()))
        account = found.setdefault(query.account, Account(query.account, purposes))
        account.calls += query.calls
        _judge(account, query, opened, allowed)
    return sorted(found.values(), key=lambda one: (-one.refused, one.name))


def _judge(account: Account, query: Query, opened: Opened, allowed: Mapping[tuple[str, str], frozenset[str]]) -> None:
    what = touched(query.sql, opened.graph.schema)
    if what is None:
        account.unread += query.calls
        return
    hit = False
    for table, columns in what.reads.items():
        if table not in opened.graph.mapped:
            continue
        views = [allowed[purpose, table] for purpose in account.purposes if (purpose, table) in allowed]
        beyond = columns - frozenset().union(*views)
        writes = table in what.writes
        if not views or beyond or writes:
            one = account.tables.setdefault(table, Refused())
            one.columns |= beyond
            one.whole |= not views
            one.writes |= writes
            one.calls += query.calls
            hit = True
    account.refused += query.calls if hit else 0


def _allowed(desk: Desk, opened: Opened) -> dict[tuple[str, str], frozenset[str]]:
    """Return the columns that each purpose's view of each table has."""
    setting = standing(desk, opened.graph)
    made = [view(setting, purpose, table) for purpose in bound(desk, opened.name) for table in opened.graph.mapped]
    return {(one.purpose, one.table): frozenset(one.columns) for one in made if one is not None}


def _purposes(desk: Desk, opened: Opened) -> dict[str, list[str]]:
    """Return for which purposes accounts read: by the map's departments, and by roles of ours that they have now."""
    found: dict[str, list[str]] = {}
    for department, accounts in (opened.graph.map.departments or {}).items():
        for account in accounts:
            found.setdefault(account, []).extend(desk.policy.departments[department].purposes)
    binds = binding(opened.store.dialect)
    with session(opened.store) as looking:
        for name in binds.looking.live(looking):
            account, _, role = name.removeprefix("member ").rpartition(" of ")
            for purpose in bound(desk, opened.name) if name.startswith("member ") else ():
                if binds.making.member(opened.name, purpose, account).name == f"{account} of {role}":
                    found.setdefault(account, []).append(purpose)
    return {account: sorted(set(purposes)) for account, purposes in found.items()}
