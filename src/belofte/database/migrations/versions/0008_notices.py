"""The notices that were published, whole: what a version said is kept as it was read."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the published notices, and have each written to the log."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
-- The notices that were published: per version and language the files as they went out. They hold no personal data.
-- `digest` is of `content`: the same that a consent given under that notice refers to.
CREATE TABLE belofte.notice (
    version text NOT NULL,
    language text NOT NULL,
    form text NOT NULL CHECK (form IN ('html', 'pdf', 'md', 'jsonld')),
    digest bytea NOT NULL CHECK (digest = sha256(content)),
    content bytea NOT NULL,
    holds_from date NOT NULL,
    policy_digest bytea NOT NULL REFERENCES belofte.policy_version (digest),
    published_at timestamptz NOT NULL,
    PRIMARY KEY (version, language, form)
);
CREATE TRIGGER notice_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.notice
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.notice ENABLE ALWAYS TRIGGER notice_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.notice FROM CURRENT_USER;

SELECT belofte.log_rows('belofte.notice', 'notices', 'notice', added => 'published', covered => '{content}');
"""
