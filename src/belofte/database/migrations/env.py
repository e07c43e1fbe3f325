"""Runs the migrations on the connection that `open_database` hands over; each in the one transaction of the run."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema="belofte", version_table="migration")
with context.begin_transaction():
    context.run_migrations()
