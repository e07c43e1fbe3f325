"""What readers of a MariaDB store say they read for: two procedures per purpose, and the log that one of them adds to.

`CALL for_crm_mailing.state_purpose('why')` writes who, from where, for which purpose, why and when, and makes the
session that purpose's alone; where that cannot be written, it leaves the session no role at all.
The log is no part of the reader's transaction (Aria): ROLLBACK takes nothing back. Who, where and when are the server's
word, and so are the numbers: no setting of a session (`timestamp`, `insert_id`) moves them. A reader may give nothing
but the reason. That everybody states a purpose this does not force: who has a role may `SET ROLE` himself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import LiteralString

from belofte.stores import mysql_names as ddl
from belofte.stores.bound import Item, Statements
from belofte.stores.session import Row, Session

NOTE, STATE = "note_purpose", "state_purpose"
LONGEST = "500"
"""Characters of a reason."""

LOG: LiteralString = """CREATE TABLE IF NOT EXISTS {stated} (
    id BIGINT PRIMARY KEY, at DATETIME(6) NOT NULL, account VARCHAR(128) NOT NULL, client VARCHAR(255) NOT NULL,
    purpose VARCHAR(63) NOT NULL, reason VARCHAR(500) NOT NULL
) ENGINE Aria DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin"""
NOTES: LiteralString = """CREATE OR REPLACE DEFINER = {owner} PROCEDURE {note}(reason TEXT CHARACTER SET utf8mb4)
MODIFIES SQL DATA SQL SECURITY DEFINER BEGIN
    DECLARE client VARCHAR(255) DEFAULT SUBSTRING_INDEX(USER(), '@', -1);
    IF reason IS NULL OR TRIM(reason) = '' OR CHAR_LENGTH(reason) > {longest} THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'say why you read, in at most {longest} characters';
    END IF;
    INSERT INTO {stated} (id, at, account, client, purpose, reason) VALUES (
        UUID_SHORT() & 0x7FFFFFFFFFFFFFFF, {moment}(), LEFT(USER(), CHAR_LENGTH(USER()) - CHAR_LENGTH(client) - 1),
        client, {purpose}, reason
    );
END"""
STATES: LiteralString = """CREATE OR REPLACE DEFINER = {owner} PROCEDURE {state}(reason TEXT CHARACTER SET utf8mb4)
MODIFIES SQL DATA SQL SECURITY INVOKER BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN
        SET ROLE NONE;
        RESIGNAL;
    END;
    CALL {note}(reason);
    SET ROLE {role};
END"""


def log(own: str) -> tuple[str, str]:
    """Return the name of the log of what readers state, and what makes it."""
    return f"{own}.stated", ddl.put_together(LOG, stated=ddl.named(f"{own}.stated"))


def written(own: str, owner: str) -> Item:
    """Return that the views' definer adds to the log: whoever calls the procedure does it through him."""
    parts = {"stated": ddl.named(f"{own}.stated"), "owner": ddl.quoted(owner)}
    make = ddl.put_together("GRANT INSERT ON {stated} TO {owner}", **parts)
    drop = ddl.put_together("REVOKE INSERT ON {stated} FROM {owner}", **parts)
    return Item("reads", f"{own}.stated", (make,), (drop,))


def procedures(store: str, purpose: str) -> Iterator[Item]:
    """Yield the procedures by which a purpose is stated; who may call them is the purpose's usage."""
    own, schema, owner = ddl.place(store), ddl.schema(store, purpose), ddl.quoted(ddl.owner_role(store))
    names = {"note": ddl.named(f"{schema}.{NOTE}"), "state": ddl.named(f"{schema}.{STATE}"), "owner": owner}
    parts = {
        "stated": ddl.named(f"{own}.stated"), "moment": ddl.named(f"{own}.moment"), "purpose": ddl.literal(purpose),
        "longest": LONGEST,
    }  # fmt: skip
    note = ddl.put_together(NOTES, **names, **parts)
    role = ddl.quoted(ddl.purpose_role(store, purpose))
    # a procedure is run by its definer only where he may call it too
    called = ddl.put_together("GRANT EXECUTE ON PROCEDURE {note} TO {owner}", **names)
    for name, make in ((NOTE, (note, called)), (STATE, (ddl.put_together(STATES, **names, role=role),))):
        drop = ddl.put_together("DROP PROCEDURE IF EXISTS {name}", name=ddl.named(f"{schema}.{name}"))
        yield Item("function", f"{schema}.{name}", make, (drop,), purpose)


def called(store: str, purpose: str) -> tuple[Statements, Statements]:
    """Return what lets a purpose's readers state it, and what takes that back."""
    schema, role = ddl.schema(store, purpose), ddl.quoted(ddl.purpose_role(store, purpose))
    parts = [{"name": ddl.named(f"{schema}.{name}"), "role": role} for name in (NOTE, STATE)]
    give = tuple(ddl.put_together("GRANT EXECUTE ON PROCEDURE {name} TO {role}", **one) for one in parts)
    take = tuple(ddl.put_together("REVOKE EXECUTE ON PROCEDURE {name} FROM {role}", **one) for one in parts)
    return give, take


def stated(session: Session, most: int) -> list[Row]:
    """Return (number, account, client, purpose, reason, at) of the first statements in the log."""
    log = ddl.named(f"{ddl.place(session.store.name)}.stated")
    query = ddl.put_together("SELECT id, account, client, purpose, reason, at FROM {log} ORDER BY id LIMIT %s", log=log)
    return [(*said, at.replace(tzinfo=UTC)) for *said, at in session.execute(query, (most,))]


def let_go(session: Session, numbers: Sequence[int]) -> None:
    """Delete statements from the log: they stand in Belofte's own database."""
    log = ddl.named(f"{ddl.place(session.store.name)}.stated")
    session.execute(ddl.put_together("DELETE FROM {log} WHERE id IN %s", log=log), (list(numbers),))
