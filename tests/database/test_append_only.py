"""What was recorded stays as it was recorded: for whoever works on the database, and for its owner too."""

import psycopg
import pytest
from tests.database.fixtures import conninfo

from belofte.database.open import open_database

EVENT = (
    "INSERT INTO belofte.event (kind, subject_id, valid_from, origin) "
    "SELECT 'hold:set', id, now(), 'staff' FROM belofte.subject"
)
CHANGES = (
    "UPDATE belofte.event SET purpose = 'x'",
    "DELETE FROM belofte.event",
    "TRUNCATE belofte.event",
    "TRUNCATE belofte.subject CASCADE",
    "MERGE INTO belofte.event e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "UPDATE belofte.policy_version SET version = 'x'",
    "DELETE FROM belofte.policy_version",
)


@pytest.fixture
def filled(db):
    db.connection.execute("INSERT INTO belofte.subject (id) VALUES (gen_random_uuid())")
    db.connection.execute(EVENT)
    return db.connection


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_refused_also_to_a_superuser(filled, change):
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        filled.execute(change)


def test_a_session_that_replays_a_log_is_refused_too(filled):
    filled.execute("SET session_replication_role = replica")
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        filled.execute("DELETE FROM belofte.event")


def test_an_owner_who_is_no_superuser_has_no_right_to_change_it(postgres_running):
    name = postgres_running.fresh()
    with psycopg.connect(conninfo(postgres_running, name), autocommit=True) as root:
        root.execute(f"CREATE ROLE {name}_owner LOGIN")
        root.execute(f"GRANT CREATE ON DATABASE {name} TO {name}_owner")
    address = conninfo(postgres_running, name).replace("user=postgres", f"user={name}_owner")
    with open_database(address) as own:
        own.connection.execute("INSERT INTO belofte.subject (id) VALUES (gen_random_uuid())")
        own.connection.execute(EVENT)
        for change in CHANGES[:3]:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                own.connection.execute(change)
        own.connection.execute("ALTER TABLE belofte.event DISABLE TRIGGER event_append_only")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            own.connection.execute("DELETE FROM belofte.event")
    with psycopg.connect(conninfo(postgres_running, name), autocommit=True) as root:
        root.execute(f"DROP OWNED BY {name}_owner CASCADE")
        root.execute(f"DROP ROLE {name}_owner")
    postgres_running.drop(name)
