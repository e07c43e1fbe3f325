"""The watch on a PostgreSQL store's people: triggers that say whose row went, or is somebody else's now.

They only add a line: nobody's transaction waits for another because of them, and none fails. Whoever has a line is
closed for what rests on what the store was told of her, until it is told anew. Lines that were there before somebody
looked at the rows are settled by telling; later ones stay (decision 0018).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import LiteralString

from psycopg.sql import SQL, Composed, Identifier, Literal

from belofte.compiler.standing import NAME_BYTES, SCHEMA, allowed_table, changed_table, open_table, watch_function
from belofte.stores.bound import Item, PersonKey, Watch
from belofte.stores.postgres_views import Statements, key_columns, named, owner_role, relation_dropped, texts
from belofte.stores.session import Session

OPEN: LiteralString = """CREATE TABLE {table} (
    slot integer NOT NULL, block integer NOT NULL, bits bytea STORAGE PLAIN NOT NULL,
    more boolean NOT NULL DEFAULT false, PRIMARY KEY (slot, block)
) WITH (fillfactor = 50)"""
CHANGED: LiteralString = "CREATE TABLE {table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {columns})"
BODY: LiteralString = """
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        {emptied}
        UPDATE {allowed} SET shut = true;
        RETURN NULL;
    END IF;
    INSERT INTO {changed} ({keys}) SELECT {old} WHERE ({old}) IS NOT NULL;
    IF TG_OP = 'UPDATE' AND ({old}) IS DISTINCT FROM ({new}) AND ({new}) IS NOT NULL THEN
        INSERT INTO {changed} ({keys}) SELECT {new};
        INSERT INTO {allowed} (slot, {keys}, consent, shut)
            SELECT slot, {new}, false, true FROM {allowed} WHERE ({keys}) = ({old})
            ON CONFLICT (slot, {keys}) DO UPDATE SET shut = true;
    END IF;
    RETURN NULL;
END
"""
FUNCTION: LiteralString = """CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS {body}"""
TRIGGERS: tuple[tuple[str, LiteralString], ...] = (
    ("update", "CREATE TRIGGER {name} AFTER UPDATE ON {table} FOR EACH ROW WHEN ({other}) EXECUTE FUNCTION {call}()"),
    ("delete", "CREATE TRIGGER {name} AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {call}()"),
    ("truncate", "CREATE TRIGGER {name} AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {call}()"),
)
STANDS = """SELECT count(*) FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = %s AND p.proname = %s AND g.tgenabled = 'A'"""


def items(store: str, watch: Watch) -> Iterator[Item]:
    """Yield what stands for the watch on an entry's people."""
    changed, bits = changed_table(watch.entry), open_table(watch.entry)
    _, columns = key_columns(watch.types)
    yield Item("relation", changed, texts(SQL(CHANGED).format(table=named(changed), columns=columns)),
               relation_dropped(changed))  # fmt: skip
    if watch.bits:
        yield Item("relation", bits, texts(SQL(OPEN).format(table=named(bits))), relation_dropped(bits))
    yield Item("watch", watch_function(watch.entry), _made(watch, owner_role(store)), _dropped(watch))


def _made(watch: Watch, owner: str) -> Statements:
    call, table = named(watch_function(watch.entry)), named(watch.table)
    allowed, changed = named(allowed_table(watch.entry)), named(changed_table(watch.entry))
    role, bits = named(owner), named(open_table(watch.entry))
    emptied = SQL("DELETE FROM {};").format(bits) if watch.bits else SQL("")
    keys, _ = key_columns(watch.types)
    old, new = _named("OLD", watch.key), _named("NEW", watch.key)
    body = SQL(BODY).format(emptied=emptied, allowed=allowed, changed=changed, keys=keys, old=old, new=new)
    given = [SQL("GRANT SELECT, INSERT, UPDATE ON {} TO {}").format(allowed, role)]
    given += [SQL("GRANT INSERT ON {} TO {}").format(changed, role)]
    given += [SQL("GRANT DELETE ON {} TO {}").format(bits, role)] if watch.bits else []
    made = [
        SQL(FUNCTION).format(name=call, body=Literal(body.as_string(None))),
        SQL("REVOKE ALL ON FUNCTION {}() FROM PUBLIC").format(call),
        # whoever owns a function must be able to make one where it stands, for as long as it is given
        SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(named(SCHEMA), role),
        SQL("ALTER FUNCTION {}() OWNER TO {}").format(call, role),
        SQL("REVOKE CREATE ON SCHEMA {} FROM {}").format(named(SCHEMA), role),
    ]
    for when, statement in TRIGGERS:
        name = _trigger(watch, when)
        made.append(SQL(statement).format(name=name, table=table, other=_other(watch), call=call))
        made.append(SQL("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}").format(table, name))
    return texts(*given, *made)


def _dropped(watch: Watch) -> Statements:
    drop = SQL("DROP TRIGGER IF EXISTS {} ON {}")
    triggers = (drop.format(_trigger(watch, when), named(watch.table)) for when, _ in TRIGGERS)
    return texts(*triggers, SQL("DROP FUNCTION IF EXISTS {}()").format(named(watch_function(watch.entry))))


def _trigger(watch: Watch, when: str) -> Identifier:
    return Identifier(f"{watch_function(watch.entry).rpartition('.')[2]}_{when}"[:NAME_BYTES])


def _other(watch: Watch) -> Composed:
    """Return whether a row tells of somebody else than before, to the letter."""
    one = SQL('CAST(OLD.{0} AS text) COLLATE "C" IS DISTINCT FROM CAST(NEW.{0} AS text) COLLATE "C"')
    return SQL(" OR ").join(one.format(Identifier(name)) for name in (*watch.key, *watch.identity))


def _named(row: LiteralString, columns: Sequence[str]) -> Composed:
    return SQL(", ").join(SQL("{}.{}").format(SQL(row), Identifier(name)) for name in columns)


def stands(session: Session, entry: str) -> bool:
    """Return whether the watch on an entry's people stands and is on."""
    function = watch_function(entry).split(".")
    return int(session.execute(STANDS, function)[0][0]) == len(TRIGGERS)


def changes(session: Session, entry: str, keys: Sequence[PersonKey] | None = None) -> list[int]:
    """Return the lines of an entry's people who changed, all or of these; read before the rows are."""
    columns = SQL(", ").join(Identifier(f"k{number}") for number, _ in enumerate(keys[0] if keys else ()))
    query = SQL("SELECT id{} FROM {}").format(SQL(", ") + columns if keys else SQL(""), named(changed_table(entry)))
    wanted = set(keys or ())
    return [row[0] for row in session.execute(query.as_string(None)) if keys is None or row[1:] in wanted]


def settle(session: Session, entry: str, lines: Sequence[int]) -> None:
    """Let go of lines about people whom the store was told of since."""
    delete = SQL("DELETE FROM {} WHERE id = ANY(%(ids)s)").format(named(changed_table(entry)))
    session.execute(delete.as_string(None), {"ids": list(lines)})
