"""When a condition of a purpose was first seen not to hold."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the sightings."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
CREATE TABLE belofte.sighting (
    store text NOT NULL,
    purpose text NOT NULL,
    digest bytea NOT NULL,
    first_seen timestamptz NOT NULL,
    PRIMARY KEY (store, purpose, digest)
);
"""
