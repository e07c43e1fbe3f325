"""What stands in a MariaDB store for purpose-bound use: each item with a digest of what decides who sees what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from belofte.compiler.digests import digest_of
from belofte.stores import mysql_views as ddl
from belofte.stores.bound import Reader
from belofte.stores.draft import queries
from belofte.stores.session import Row, Session

OLDEST = (10, 11)
"""The version of MariaDB from which on this is tried; MySQL has roles of another kind."""
READS = "Select"


@dataclass(frozen=True)
class Right:
    """A right of an account or role on a database (`*`), a table, a column (`table.column`) or a function."""

    user: str
    host: str
    database: str
    on: str
    what: str


def has(session: Session, relation: str) -> bool:
    """Return whether a relation of ours is there."""
    query = "SELECT count(*) FROM information_schema.tables WHERE table_schema = %s AND table_name = %s"
    return bool(session.execute(query, (ddl.place(session.store.name), relation))[0][0])


def unfit(session: Session) -> str | None:
    """Return why readers of this server cannot be bound, None where they can."""
    version = str(session.execute("SELECT version()")[0][0])
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if "mariadb" not in version.lower() or numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST:
        return f"readers are bound on MariaDB from 10.11 on, and this is {version}; `belofte extract` reads it"
    session.execute("SET SESSION timestamp = 1")
    moved = session.execute("SELECT year(sysdate()) < 2000")[0][0]
    session.execute("SET SESSION timestamp = DEFAULT")
    if moved:
        return "its server runs with `--sysdate-is-now`: every reader could move the clock that views go by"
    kept = [str(name) for (name,) in _rows(session, "versioned")]
    if kept:
        return f"`{kept[0]}` keeps its history, and a view would show it to whoever asks (`FOR SYSTEM_TIME ALL`)"
    return None


def live(session: Session) -> dict[str, str]:
    """Return the digest of each item that stands, ours or not."""
    rights = _rights(session)
    found = {f"schema {name}": "" for (name,) in _rows(session, "bound_schemas")}
    found |= _views(session)
    found |= _usage(session, rights)
    found |= _relations(session, rights)
    own = ddl.place(session.store.name)
    for name, *parts in _rows(session, "bound_functions"):
        found[f"clock {own}.{name}"] = digest_of([str(part) for part in parts]).hex()
    return found | _roles(session, rights) | _accounts(session)


def _accounts(session: Session) -> dict[str, str]:
    """Return the accounts and roles that a map may name, and which of them has a role of ours; not who makes roles."""
    found = {}
    by = str(session.execute("SELECT current_user()")[0][0])
    for user, host in _rows(session, "bound_names"):
        found[f"account {ddl.account_name(str(user), str(host))}"] = ""
    for user, host, role, hands_on in _rows(session, "bound_members"):
        if _is_ours(session, str(role)) and not _is_ours(session, str(user)) and by != f"{user}@{host}":
            found[f"member {ddl.account_name(str(user), str(host))} of {role}"] = str(hands_on)
    return found


def _is_ours(session: Session, role: str) -> bool:
    store = session.store.name
    return role == ddl.owner_role(store) or role.startswith(ddl.purpose_role(store, ""))


def _views(session: Session) -> dict[str, str]:
    """Return views, and what else is in a database that holds a view of ours: another store's name may begin alike."""
    definer = f"{ddl.owner_role(session.store.name)}@"
    rows = _rows(session, "bound_tables")
    ours = {schema for schema, _, by, *_ in rows if by == definer}
    return {
        f"view {schema}.{name}": digest_of([str(part) for part in parts]).hex()
        for schema, name, *parts in rows
        if schema in ours
    }


def _usage(session: Session, rights: Iterable[Right]) -> dict[str, str]:
    """Return who may read what in each database of a purpose."""
    begins = ddl.schema(session.store.name, "")
    found: dict[str, list[list[str]]] = {}
    for one in rights:
        if one.database.startswith(begins) and one.on != "*":
            found.setdefault(f"usage {one.database}", []).append([one.user, one.host, one.on, one.what])
    return {name: digest_of(some).hex() for name, some in found.items()}


def _relations(session: Session, rights: Iterable[Right]) -> dict[str, str]:
    """Return what the store is told in: columns, and who has rights on them beside the views' definer."""
    own, definer = ddl.place(session.store.name), ddl.owner_role(session.store.name)
    found: dict[str, list[list[str]]] = {}
    for table, *parts in _rows(session, "bound_columns"):
        found.setdefault(str(table), []).append([str(part) for part in parts])
    for one in rights:
        table = one.on.partition(".")[0]
        if one.database == own and one.user != definer and table in found:
            found[table].append([one.user, one.host, one.on, one.what])
    return {f"relation {own}.{table}": digest_of(parts).hex() for table, parts in found.items()}


def _roles(session: Session, rights: Iterable[Right]) -> dict[str, str]:
    """Return roles of ours: what they may do, and which roles they were given. Rights on views are their usage's."""
    begins = ddl.schema(session.store.name, "")
    given = _members(session)
    found = {}
    for name, access in _rows(session, "bound_roles"):
        own = [
            [one.database, one.on, one.what]
            for one in rights
            if one.user == name and not (one.database.startswith(begins) and one.on != "*")
        ]
        found[f"role {name}"] = digest_of([str(access), own, sorted(given.get((str(name), ""), ()))]).hex()
    return found


def given(session: Session) -> dict[str, list[str]]:
    """Return what was given that widens what is ours, by item: as the statements that take it back."""
    store = session.store.name
    begins = ddl.schema(store, "")
    found: dict[str, list[str]] = {}
    for (user, host), roles in _members(session).items():
        if host == "" and _is_ours(session, user):
            found[f"role {user}"] = [ddl.role_taken(role, user) for role in roles]
    for one in _rights(session):
        if one.database.startswith(begins) and one.on != "*":
            taken = ddl.right_taken(f"{one.database}.{one.on.partition('.')[0]}", one.user, one.host)
            found.setdefault(f"usage {one.database}", []).append(taken)
    return {item: list(dict.fromkeys(taken)) for item, taken in found.items()}


def readers(session: Session) -> list[Reader]:
    """Return the accounts that read base tables past the views, or act through a role of ours."""
    here = str(session.execute("SELECT database()")[0][0])
    members, rights = _members(session), _rights(session)
    all_reading = {name for name, access in _rows(session, "bound_all_roles") if access}
    past = [one for one in rights if _reads_past(one, session.store.name, here)]
    found = []
    for user, host, everything in _rows(session, "bound_accounts"):
        acts = _reached(members, str(user), str(host))
        own = [one for one in past if (one.user, one.host) == (user, host) or (one.user in acts and not one.host)]
        tables = {one.on if one.database == here else f"{one.database}.{one.on}" for one in own}
        reads_all = bool(everything) or bool(acts & all_reading)
        through = sorted(role for role in acts if _is_ours(session, role)) if not reads_all else ()
        found.append(Reader(f"{user}@{host}", reads_all, tuple(sorted(tables)), tuple(through)))
    return [one for one in found if one.tables or one.through or one.superuser]


def _reads_past(one: Right, store: str, here: str) -> bool:
    """Return whether a right lets somebody read the company's tables, or what the store was told.

    The name of a database in a right on all of it is a pattern.
    """
    if one.on == "*":
        reads = one.what.startswith("Y")
        return reads and any(_fits(one.database, name) for name in (here, ddl.place(store)))
    return READS in one.what and one.database in (here, ddl.place(store)) and one.user != ddl.owner_role(store)


def _fits(pattern: str, name: str) -> bool:
    parts = re.findall(r"\\.|.", pattern)
    wild = {"%": ".*", "_": "."}
    return re.fullmatch("".join(wild.get(part) or re.escape(part[-1]) for part in parts), name) is not None


def _reached(members: Mapping[tuple[str, str], list[str]], user: str, host: str) -> set[str]:
    """Return the roles that an account can act through; everybody has what PUBLIC was given."""
    found: set[str] = set()
    waiting = ["PUBLIC", *members.get((user, host), ())]
    while waiting:
        role = waiting.pop()
        if role not in found:
            found.add(role)
            waiting += members.get((role, ""), ())
    return found


def _members(session: Session) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for user, host, role, _ in _rows(session, "bound_members"):
        found.setdefault((str(user), str(host)), []).append(str(role))
    return found


def _rights(session: Session) -> list[Right]:
    return [Right(*(str(part) for part in row)) for row in _rows(session, "bound_rights")]


def _rows(session: Session, query: str) -> list[Row]:
    store = session.store.name
    prefix = ddl.owner_role(store).removesuffix("views")
    patterns = {"place": ddl.place(store), "schemas": _begins(ddl.schema(store, "")), "roles": _begins(prefix)}
    return session.execute(queries("mysql")[query], patterns)


def _begins(name: str) -> str:
    """Return the pattern of what begins with a name."""
    return "".join(f"\\{one}" if one in "\\%_" else one for one in name) + "%"
