"""The migrations lead to the schema, whole; and opening what is up to date does not run them."""

import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from tests.database.fixtures import conninfo

import belofte.database
from belofte.database.errors import DatabaseTooNew, DatabaseUnavailable
from belofte.database.migrations import HEAD
from belofte.database.open import open_database, statement

HOME = Path(belofte.database.__file__).parent

CATALOGUE = """
SELECT 'column', table_name || '.' || column_name, concat_ws(' ', ordinal_position, data_type, is_nullable,
       column_default, identity_generation)
FROM information_schema.columns WHERE table_schema = 'belofte' AND table_name <> 'migration'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'belofte'::regnamespace AND conrelid::regclass::text <> 'belofte.migration'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes
WHERE schemaname = 'belofte' AND tablename <> 'migration'
UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'belofte'::regnamespace
ORDER BY 1, 2, 3
"""


def test_the_migrations_lead_to_the_schema(postgres_running, db):
    name = postgres_running.fresh()
    with psycopg.connect(conninfo(postgres_running, name), autocommit=True) as whole:
        whole.execute((HOME / "schema.sql").read_text())
        expected = whole.execute(CATALOGUE).fetchall()
    postgres_running.drop(name)
    assert db.connection.execute(CATALOGUE).fetchall() == expected
    assert len(expected) > 100


def test_the_newest_migration_is_the_one_that_opening_looks_for():
    config = Config()
    config.set_main_option("script_location", str(HOME / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_opening_what_is_up_to_date_does_not_load_the_migrations(postgres_running, db):
    address = conninfo(postgres_running, db.connection.info.dbname)
    code = f"""
import sys
from belofte.database.open import open_database
open_database({address!r}).close()
print(sorted(name for name in sys.modules if name.partition(".")[0] in ("alembic", "sqlalchemy")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_many_that_open_a_new_database_at_once_migrate_it_once(postgres_running):
    name = postgres_running.fresh()
    code = f"from belofte.database.open import open_database; open_database({conninfo(postgres_running, name)!r})"
    running = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)]
    assert [(one.communicate()[1], one.returncode) for one in running] == [(b"", 0)] * 3
    postgres_running.drop(name)


def test_a_database_of_a_newer_version_is_left_alone(postgres_running, db):
    db.connection.execute("UPDATE belofte.migration SET version_num = '9999'")
    with pytest.raises(DatabaseTooNew, match="a newer Belofte made this database"):
        open_database(conninfo(postgres_running, db.connection.info.dbname))
    assert db.connection.execute("SELECT version_num FROM belofte.migration").fetchone() == ("9999",)


def test_a_database_that_does_not_answer_says_so_without_its_password():
    with pytest.raises(DatabaseUnavailable, match="does not answer") as refused:
        open_database("host=/nowhere user=belofte password=s3cret")
    assert "s3cret" not in str(refused.value)


def test_every_named_query_says_what_it_is_for_and_runs(db):
    text = "\n".join(path.read_text() for path in sorted((HOME / "queries").glob("*.sql")))
    queries = re.findall(r"-- name: (\w+)\(([^)]*)\)[!^]?\n(-- [A-Z].*\.\n)?", text)
    assert len(queries) > 40
    assert [name for name, _, purpose in queries if not purpose] == []
    for name, _, _ in queries:
        sql = statement(name)
        if not sql.startswith("COPY"):
            db.connection.execute(f"PREPARE q AS {re.sub(r'%[(]([a-z_]+)[)]s', _numbered(sql), sql)}")
            db.connection.execute("DEALLOCATE q")


def _numbered(sql: str):
    names = list(dict.fromkeys(re.findall(r"%\(([a-z_]+)\)s", sql)))
    return lambda found: f"${names.index(found[1]) + 1}"


def test_an_unknown_query_is_an_error(db):
    with pytest.raises(KeyError):
        db.run("no_such_query")
