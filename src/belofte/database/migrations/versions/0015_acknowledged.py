"""What is said of findings of `log fsck` that are to stay as they are."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add what says so."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
-- What somebody of the company says of a finding of `log fsck` that is to stay as it is: which, why, and who. It is of
-- that finding alone: what is found is another one as soon as it is not the very same any more.
CREATE TABLE belofte.acknowledgement (
    finding bytea PRIMARY KEY CHECK (octet_length(finding) = 32),
    reason text NOT NULL,
    acknowledged_by text NOT NULL,
    acknowledged_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER acknowledgement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.acknowledgement
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.acknowledgement ENABLE ALWAYS TRIGGER acknowledgement_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.acknowledgement FROM CURRENT_USER;

SELECT belofte.log_rows(
    'belofte.acknowledgement', 'evidence', 'finding', added => 'acknowledged', covered => '{acknowledged_by,reason}'
);
"""
