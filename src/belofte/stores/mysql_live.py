"""What stands in a MariaDB store for purpose-bound use: each item with a digest of what decides who sees what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from belofte.compiler.digests import digest_of
from belofte.stores import mysql_names as ddl
from belofte.stores.bound import Reader
from belofte.stores.draft import queries
from belofte.stores.session import Row, Session

OLDEST = (10, 11)
"""The version of MariaDB from which on this is tried; MySQL has roles of another kind."""
READS = "Select"


@dataclass(frozen=True)
class Right:
    """A right of an account or role on a database (its name is a pattern), a table, a column or a routine."""

    user: str
    host: str
    kind: str
    """`DATABASE`, `TABLE` (or a column of one: `table.column`), `FUNCTION` or `PROCEDURE`."""
    database: str
    on: str
    what: str

    @property
    def wide(self) -> bool:
        """It is on all of a database, or of several."""
        return self.kind == "DATABASE"


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
    found = {f"schema {name}": "" for name in _schemas(session)}
    found |= _views(session)
    found |= _told(session)
    found |= _usage(session, rights)
    own = ddl.place(session.store.name)
    for name, *parts in _rows(session, "bound_functions"):
        found[f"clock {own}.{name}"] = digest_of([str(part) for part in parts]).hex()
    return found | _roles(session, rights) | _accounts(session)


def _accounts(session: Session) -> dict[str, str]:
    """Return the accounts and roles that a map may name, and which of them has a role of ours; not who makes roles."""
    found = {}
    by = _by(session)
    for user, host in _rows(session, "bound_names"):
        found[f"account {ddl.account_name(str(user), str(host))}"] = ""
    for user, host, role, hands_on in _rows(session, "bound_members"):
        if _is_ours(session, str(role)) and not _is_ours(session, str(user)) and by != (user, host):
            found[f"member {ddl.account_name(str(user), str(host))} of {role}"] = str(hands_on)
    return found


def _by(session: Session) -> tuple[str, str]:
    """Return the account that looks: it applies as well, and has what that takes."""
    user, _, host = str(session.execute("SELECT current_user()")[0][0]).rpartition("@")
    return user, host


def _is_ours(session: Session, role: str) -> bool:
    store = session.store.name
    return role == ddl.owner_role(store) or role.startswith(ddl.purpose_role(store, ""))


def _schemas(session: Session) -> list[str]:
    return [str(name) for (name,) in _rows(session, "bound_schemas")]


def _views(session: Session) -> dict[str, str]:
    """Return views and routines, and what else is in a database that holds one of ours.

    Another store's name may begin alike.
    """
    tables, routines = _rows(session, "bound_tables"), _rows(session, "bound_routines")
    ours = _defined(session, (*tables, *routines))
    return {
        f"{kind} {schema}.{name}": digest_of([str(part) for part in parts]).hex()
        for kind, rows in (("view", tables), ("function", routines))
        for schema, name, *parts in rows
        if schema in ours
    }


def _defined(session: Session, rows: Iterable[Row]) -> set[str]:
    """Return the databases in which a view or routine (database, name, definer, …) is this store's."""
    owner = ddl.owner_role(session.store.name)
    return {str(schema) for schema, _, by, *_ in rows if str(by).rstrip("@") == owner}


def _usage(session: Session, rights: Iterable[Right]) -> dict[str, str]:
    """Return who may do what in each database of a purpose, and where the store is told, as digests."""
    own = ddl.place(session.store.name)
    found = {}
    for name, some in _past(session, rights).items():
        said = [[one.user, one.host, one.on, one.what] for one in some]
        found[f"{'rights' if name == own else 'usage'} {name}"] = digest_of(said).hex()
    return found


def _told(session: Session) -> dict[str, str]:
    """Return the columns of what the store is told in; nobody has rights there where nothing says so."""
    own = ddl.place(session.store.name)
    columns: dict[str, list[list[str]]] = {}
    for table, *parts in _rows(session, "bound_columns"):
        columns.setdefault(str(table), []).append([str(part) for part in parts])
    found = {f"relation {own}.{table}": digest_of(parts).hex() for table, parts in columns.items()}
    return found | ({f"rights {own}": ""} if columns else {})


def _past(session: Session, rights: Iterable[Right]) -> dict[str, list[Right]]:
    """Return the rights in each database of ours, but those of the account that applies, and of the views' definer.

    One on several databases of ours counts where the store is told; one that reaches any other database is the
    company's own, or of a store whose name begins alike, and is only listed.
    """
    store, by = session.store.name, _by(session)
    own, begins = ddl.place(store), ddl.schema(store, "")
    ours = _defined(session, _rows(session, "bound_tables"))
    found: dict[str, list[Right]] = {}
    for one in rights:
        name, wild = _plainly(one.database) if one.wide else (one.database, False)
        if wild:
            reaches = name.startswith(begins) and any(_fits(one.database, schema) for schema in ours)
            name = own if reaches or name in (own, begins) else ""
        definers = one.user == ddl.owner_role(store)
        if (name == own or name.startswith(begins)) and (one.user, one.host) != by and not definers:
            found.setdefault(name, []).append(one)
    return found


def _plainly(pattern: str) -> tuple[str, bool]:
    """Return the name with which a pattern begins, and whether anything may follow it.

    `_` is read as itself: who writes a name seldom escapes it.
    """
    name, *more = re.split(r"(?<!\\)%", pattern, maxsplit=1)
    return re.sub(r"\\(.)", r"\1", name), bool(more)


def _roles(session: Session, rights: Iterable[Right]) -> dict[str, str]:
    """Return roles of ours: what they may do, and which roles they were given. Rights on views are their usage's.

    Of the views' definer all that it may do, and who may act as it and not hand that on: nobody should.
    """
    begins, owner = ddl.schema(session.store.name, ""), ddl.owner_role(session.store.name)
    given, holders = _members(session), _holders(session)
    found = {}
    for name, access in _rows(session, "bound_roles"):
        own = [
            [one.database, one.on, one.what]
            for one in rights
            if one.user == name and (name == owner or one.wide or not one.database.startswith(begins))
        ]
        held = [f"{user}@{host}" for user, host in holders] if name == owner else []
        parts = [str(access), own, sorted(given.get((str(name), ""), ())), *held]
        found[f"role {name}"] = digest_of(parts).hex()
    return found


def _holders(session: Session) -> list[tuple[str, str]]:
    """Return who may act as the views' definer and not hand that on, roles of ours aside."""
    owner, by = ddl.owner_role(session.store.name), _by(session)
    return [
        (str(user), str(host))
        for user, host, role, hands_on in _rows(session, "bound_members")
        if role == owner and hands_on != "Y" and (user, host) != by and not _is_ours(session, str(user))
    ]


def given(session: Session) -> dict[str, list[str]]:
    """Return what was given that widens what is ours, by item: as the statements that take it back.

    The roles and the rights of roles of ours, who may act as the views' definer, and whatever anybody may do in our
    databases. What they should have is given anew after.
    """
    own, owner = ddl.place(session.store.name), ddl.owner_role(session.store.name)
    found: dict[str, list[str]] = {}
    for (user, host), roles in _members(session).items():
        if host == "" and _is_ours(session, user):
            found[f"role {user}"] = [ddl.role_taken(role, user) for role in roles]
    for user, host in _holders(session):
        found.setdefault(f"role {owner}", []).append(ddl.role_taken(owner, ddl.account_name(user, host)))
    for name, some in _past(session, _rights(session)).items():
        taken = (statement for one in some for statement in _taken(one))
        found[f"{'rights' if name == own else 'usage'} {name}"] = list(dict.fromkeys(taken))
    return found


def _taken(one: Right) -> tuple[str, ...]:
    """Return what takes a right back, and everything else on the same thing."""
    by = ddl.account_name(one.user, one.host)
    if one.wide:
        return ddl.database_taken(one.database, by)
    name = one.on.partition(".")[0] if one.kind == "TABLE" else one.on
    return ddl.right_taken(one.kind, f"{one.database}.{name}", by)


def readers(session: Session) -> list[Reader]:
    """Return the accounts that read base tables past the views, or act through a role of ours."""
    here = str(session.execute("SELECT database()")[0][0])
    ours = (here, ddl.place(session.store.name), *_schemas(session))
    members, rights = _members(session), _rights(session)
    all_reading = {name for name, access in _rows(session, "bound_all_roles") if access}
    past = [one for one in rights if _reads_past(one, session.store.name, ours)]
    found = []
    for user, host, everything in _rows(session, "bound_accounts"):
        acts = _reached(members, str(user), str(host))
        own = [one for one in past if (one.user, one.host) == (user, host) or (one.user in acts and not one.host)]
        tables = {one.on if one.database == here else f"{one.database}.{one.on}" for one in own}
        reads_all = bool(everything) or bool(acts & all_reading)
        through = sorted(role for role in acts if _is_ours(session, role)) if not reads_all else ()
        found.append(Reader(f"{user}@{host}", reads_all, tuple(sorted(tables)), tuple(through)))
    return [one for one in found if one.tables or one.through or one.superuser]


def _reads_past(one: Right, store: str, databases: Sequence[str]) -> bool:
    """Return whether a right lets somebody read the company's tables, or what the store was told.

    `databases`: the company's, ours, and those of purposes. A right on a view is no reading past it; one on all of a
    database of views is listed, for it may reach further.
    """
    if one.wide:
        return one.what.startswith("Y") and any(_fits(one.database, name) for name in databases)
    return READS in one.what and one.database in databases[:2] and one.user != ddl.owner_role(store)


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
