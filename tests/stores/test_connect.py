"""Connecting: plain URLs, sessions that really are read-only, refusals in words without secrets."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from belofte.stores.connect import Unreachable, connect, reason


def make(url: str) -> None:
    store = connect(url, read_only=False)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE person (id INTEGER PRIMARY KEY, email VARCHAR(40) UNIQUE)"))
        connection.execute(text("INSERT INTO person VALUES (1, 'alice@example.com')"))
    store.close()


def emails(url: str) -> list[str]:
    store = connect(url, read_only=True)
    with store.engine.connect() as connection:
        found = list(connection.execute(text("SELECT email FROM person ORDER BY id")).scalars())
    store.close()
    return found


@pytest.mark.parametrize(
    "write",
    [
        "INSERT INTO person VALUES (2, 'bob@example.com')",
        "UPDATE person SET email = 'bob@example.com'",
        "DELETE FROM person",
        "CREATE TABLE other (id INTEGER)",
        "DROP TABLE person",
    ],
)
def test_a_read_only_session_is_refused_every_write(store_url, write):
    make(store_url)
    store = connect(store_url, read_only=True)
    with store.engine.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.execute(text(write))
    assert reason(refused.value) == "the session is read-only"
    store.close()
    assert emails(store_url) == ["alice@example.com"]


def test_a_read_only_session_stays_so_after_a_commit_and_a_rollback(store_url):
    make(store_url)
    store = connect(store_url, read_only=True)
    with store.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.commit()
        connection.execute(text("SELECT 1"))
        connection.rollback()
        with pytest.raises(DBAPIError):
            connection.execute(text("DELETE FROM person"))
    store.close()


def test_a_writing_session_rolls_back_what_is_not_committed(store_url):
    make(store_url)
    store = connect(store_url, read_only=False)
    with store.engine.connect() as connection:
        connection.execute(text("DELETE FROM person"))
        connection.rollback()
    store.close()
    assert emails(store_url) == ["alice@example.com"]


def test_reading_sees_one_picture_while_others_write(store_url):
    make(store_url)
    reader, writer = connect(store_url, read_only=True), connect(store_url, read_only=False)
    if reader.dialect == "sqlite":
        with writer.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA journal_mode = WAL")
    with reader.engine.connect() as reading:
        before = reading.execute(text("SELECT count(*) FROM person")).scalar()
        with writer.engine.begin() as writing:
            writing.execute(text("INSERT INTO person VALUES (2, 'bob@example.com')"))
        assert reading.execute(text("SELECT count(*) FROM person")).scalar() == before
    reader.close()
    writer.close()
    assert len(emails(store_url)) == 2


@pytest.mark.parametrize(
    ("fixture", "scheme"),
    [("postgres", "postgresql"), ("postgres", "postgres"), ("mariadb", "mysql"), ("mariadb", "mariadb")],
)
def test_a_plain_url_gets_its_driver(fixture, scheme, request):
    url = make_url(request.getfixturevalue(fixture)()).set(drivername="postgresql" if scheme == "postgres" else scheme)
    shown = url.render_as_string(hide_password=False)
    store = connect(scheme + shown[shown.index(":") :], read_only=True, name="crm")
    assert (store.dialect, store.name) == ({"postgres": "postgres", "mariadb": "mysql"}[fixture], "crm")
    store.close()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "postgresql://dora:geheim@127.0.0.1:1/crm",
            "store `crm` cannot be reached (postgresql at `127.0.0.1:1`, database `crm`): "
            "nothing listens there; is the server running?",
        ),
        (
            "mysql://dora:geheim@127.0.0.1:1/crm",
            "store `crm` cannot be reached (mysql at `127.0.0.1:1`, database `crm`): "
            "nothing listens there; is the server running?",
        ),
        (
            "postgresql://dora:geheim@nowhere.invalid/crm",
            "store `crm` cannot be reached (postgresql at `nowhere.invalid`, database `crm`): "
            "no machine of that name is known",
        ),
        (
            "sqlite:////no/such/file.db",
            "store `crm` cannot be reached (sqlite, file `/no/such/file.db`): "
            "there is no such file, or it may not be read",
        ),
        (
            "sqlite://",
            "store `crm` cannot be reached (sqlite, file ``): a SQLite store is a file: `sqlite:///path/to/file`",
        ),
        (
            "oracle://dora:geheim@db/crm",
            "store `crm` cannot be reached (`oracle`): "
            "belofte speaks `postgresql`, `mysql`, `mariadb` or `sqlite`; other stores are `kind: manual`",
        ),
        (
            "geheim@db/crm",
            "store `crm` cannot be reached (no address): the URL cannot be read; write `postgresql://host/database`",
        ),
    ],
)
def test_what_cannot_be_reached_says_why_without_secrets(url, message):
    with pytest.raises(Unreachable) as caught:
        connect(url, read_only=True, name="crm")
    assert str(caught.value) == message
    assert "geheim" not in repr(caught.value) + repr(caught.value.__cause__)


@pytest.mark.parametrize("fixture", ["postgres", "mariadb"])
def test_a_database_that_is_not_there_is_said_to_be_so(fixture, request):
    url = make_url(request.getfixturevalue(fixture)()).set(database="gone").render_as_string()
    with pytest.raises(Unreachable, match="it has no database of that name"):
        connect(url, read_only=True)


@pytest.mark.parametrize("fixture", ["postgres", "mariadb"])
def test_an_unknown_account_is_refused_without_being_named(fixture, request):
    url = make_url(request.getfixturevalue(fixture)()).set(username="dora").render_as_string()
    with pytest.raises(Unreachable, match="it refused the account or its password") as caught:
        connect(url, read_only=True)
    assert "dora" not in str(caught.value)


def test_a_sqlite_file_that_is_missing_is_not_made(tmp_path):
    with pytest.raises(Unreachable):
        connect(f"sqlite:///{tmp_path / 'new.db'}", read_only=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_said_to_be_so(tmp_path):
    (tmp_path / "notes.txt").write_text("notes " * 100)
    with pytest.raises(Unreachable, match="the file is not a SQLite database"):
        connect(f"sqlite:///{tmp_path / 'notes.txt'}", read_only=True).engine.connect()


def test_an_error_of_the_database_is_told_without_values(store_url):
    make(store_url)
    store = connect(store_url, read_only=False)
    with store.engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("INSERT INTO person VALUES (2, :email)"), {"email": "alice@example.com"})
    assert reason(caught.value) == "a constraint of the database forbids it"
    store.close()


def test_foreign_keys_are_enforced(store_url):
    store = connect(store_url, read_only=False)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE p (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE c (p_id INTEGER, FOREIGN KEY (p_id) REFERENCES p (id))"))
    with store.engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("INSERT INTO c VALUES (1)"))
    store.close()


def test_dates_that_never_come_are_the_last_that_python_knows(postgres):
    store = connect(postgres(), read_only=True)
    wanted = (
        "SELECT date 'infinity', timestamp '-infinity', timestamptz 'infinity', date '20000-01-01', date '1-1-1 BC'"
    )
    with store.engine.connect() as connection:
        found = tuple(connection.execute(text(wanted)).one())
        plain = connection.execute(text("SELECT date '2024-02-29', timestamptz '2024-02-29 12:00+02'")).one()
    assert found == (date.max, datetime.min, datetime.max.replace(tzinfo=UTC), date.max, date.min)
    assert tuple(plain) == (date(2024, 2, 29), datetime(2024, 2, 29, 10, tzinfo=UTC))
    store.close()


def test_mariadb_refuses_what_does_not_fit_instead_of_cutting_it(mariadb):
    store = connect(mariadb(), read_only=False)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (name VARCHAR(3))"))
    with store.engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("INSERT INTO t VALUES ('alice')"))
    assert reason(caught.value) == "a value does not fit its column"
    store.close()
