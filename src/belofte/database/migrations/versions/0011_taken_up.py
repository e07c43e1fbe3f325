"""When policies were taken up and notices put out, also again after another one."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add what says so; of the time before, the first time of each is what is known."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
-- That a company takes up a policy: for the first time, or again after another one.
CREATE TABLE belofte.policy_adoption (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest bytea NOT NULL REFERENCES belofte.policy_version (digest),
    adopted_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER policy_adoption_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.policy_adoption
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.policy_adoption ENABLE ALWAYS TRIGGER policy_adoption_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.policy_adoption FROM CURRENT_USER;

-- That a version of the notice is put out for a policy: for the first time, or again after another one.
CREATE TABLE belofte.notice_publication (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version text NOT NULL,
    holds_from date NOT NULL,
    policy_digest bytea NOT NULL REFERENCES belofte.policy_version (digest),
    published_at timestamptz NOT NULL
);
CREATE TRIGGER notice_publication_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.notice_publication
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.notice_publication ENABLE ALWAYS TRIGGER notice_publication_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.notice_publication FROM CURRENT_USER;

INSERT INTO belofte.policy_adoption (digest, adopted_at)
SELECT digest, recorded_at FROM belofte.policy_version ORDER BY recorded_at, digest;
INSERT INTO belofte.notice_publication (version, holds_from, policy_digest, published_at)
SELECT version, holds_from, policy_digest, min(published_at) FROM belofte.notice
GROUP BY version, holds_from, policy_digest ORDER BY min(published_at), version;

SELECT belofte.log_rows('belofte.policy_adoption', 'policy', 'adoption');
SELECT belofte.log_rows('belofte.notice_publication', 'notices', 'publication');
"""
