"""What was written freely of a disclosure can be taken back, and that it was is evidence."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add what says so."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
-- That what was written freely of a disclosure was taken back: of which, why and by whom. The text itself is nowhere.
CREATE TABLE belofte.redaction (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    disclosure_id bigint NOT NULL REFERENCES belofte.disclosure (id),
    why text NOT NULL,
    redacted_by text NOT NULL,
    redacted_at timestamptz NOT NULL
);
CREATE TRIGGER redaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.redaction
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.redaction ENABLE ALWAYS TRIGGER redaction_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.redaction FROM CURRENT_USER;

SELECT belofte.log_rows('belofte.redaction', 'sharing', 'redaction', covered => '{redacted_by,why}');
"""
