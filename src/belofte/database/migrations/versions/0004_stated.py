"""What readers of stores said that they read for."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the log of stated purposes."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
CREATE TABLE belofte.stated (
    store text NOT NULL,
    number bigint NOT NULL,
    account text NOT NULL,
    client text,
    purpose text NOT NULL,
    reason text NOT NULL,
    stated_at timestamptz NOT NULL,
    collected_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (store, stated_at, number)
);
CREATE TRIGGER stated_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.stated
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.stated ENABLE ALWAYS TRIGGER stated_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.stated FROM CURRENT_USER;
"""
