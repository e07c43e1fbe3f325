"""What stands in a PostgreSQL store for purpose-bound use: each item with a digest of what decides who sees what."""

from __future__ import annotations

from belofte.stores.bound import Reader
from belofte.stores.draft import queries
from belofte.stores.postgres_views import relation_taken, schema_taken, taken
from belofte.stores.session import Row, Session


def has(session: Session, relation: str) -> bool:
    """Return whether a relation of ours is there."""
    return bool(session.execute("SELECT to_regclass('belofte.' || %s) IS NOT NULL", (relation,))[0][0])


def unfit(_: Session) -> str | None:
    """Return why readers of this server cannot be bound: any PostgreSQL can."""
    return None


def live(session: Session) -> dict[str, str]:
    """Return the digest of each item that stands, ours or not."""
    session.execute("SELECT set_config('search_path', 'pg_catalog', true)")
    found = {f"view {name}": digest for name, digest in _rows(session, "bound_views")}
    for name, owner, usage in _rows(session, "bound_schemas"):
        found[f"schema {name}"] = owner
        if usage:
            found[f"usage {name}"] = usage
    found |= {f"relation {name}": digest for name, digest in _rows(session, "bound_relations")}
    found |= {f"watch {name}": digest for name, digest in _rows(session, "bound_watches")}
    for name, digest in _rows(session, "bound_functions"):
        found[f"{'clock' if name.startswith('belofte.') else 'function'} {name}"] = digest
    found |= {f"role {name}": digest for name, digest in _rows(session, "bound_roles")}
    found |= {f"member {account} of {role}": digest for account, role, digest in _rows(session, "bound_accounts_in")}
    found |= {f"account {name}": "" for (name,) in _rows(session, "bound_accounts")}
    session.execute("SET LOCAL search_path TO DEFAULT")
    return found


def given(session: Session) -> dict[str, list[str]]:
    """Return what widens what is ours, by item: as the statements that take it back.

    The roles and the rights that were given to roles of ours, and who may look into the schemas of purposes. What they
    should have is given anew after.
    """
    found: dict[str, list[str]] = {}
    for name, role in _rows(session, "bound_members"):
        found.setdefault(f"role {name}", []).extend(taken(role, name))
    for name, relation in _rows(session, "bound_rights"):
        found.setdefault(f"role {name}", []).extend(relation_taken(relation, name))
    for name, account in _rows(session, "bound_lookers"):
        found.setdefault(f"usage {name}", []).extend(schema_taken(name, account))
    return found


def readers(session: Session) -> list[Reader]:
    """Return the accounts that read base tables past the views, or act through a role of ours."""
    found = [
        Reader(name, superuser, tuple(tables or ()), tuple(through or ()))
        for name, superuser, tables, through in _rows(session, "bound_readers")
    ]
    return [one for one in found if one.tables or one.through]


def _rows(session: Session, query: str) -> list[Row]:
    return session.execute(queries("postgres")[query])
