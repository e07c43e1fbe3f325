"""What promises came to, run by run."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add runs of proofs, and what they remember."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
CREATE TABLE belofte.proof_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    policy_digest bytea NOT NULL CHECK (octet_length(policy_digest) = 32),
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL
);
CREATE TABLE belofte.proof (
    run_id bigint NOT NULL REFERENCES belofte.proof_run (id),
    promise text NOT NULL,
    state text NOT NULL CHECK (state IN ('kept', 'broken', 'cannot-tell')),
    holds text NOT NULL CHECK (holds IN ('enforced', 'proven', 'attested', 'planned')),
    since timestamptz NOT NULL,
    figures jsonb NOT NULL DEFAULT '{}',
    found text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (promise, run_id)
);
CREATE TRIGGER proof_run_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.proof_run
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.proof_run ENABLE ALWAYS TRIGGER proof_run_append_only;
CREATE TRIGGER proof_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.proof
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.proof ENABLE ALWAYS TRIGGER proof_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.proof_run, belofte.proof FROM CURRENT_USER;

CREATE TABLE belofte.measured (
    part text PRIMARY KEY,
    marker bytea NOT NULL CHECK (octet_length(marker) = 32),
    at timestamptz NOT NULL,
    outcome jsonb NOT NULL
);

SELECT belofte.log_rows('belofte.proof_run', 'promises', 'run');
SELECT belofte.log_rows('belofte.proof', 'promises', 'proof', action => 'state');
"""
