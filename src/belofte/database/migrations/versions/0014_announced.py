"""Announcements of a changed policy, and what became of telling each."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add them."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
-- Announcements of a changed policy: who is to be told, as a mailing that a second person approves by `digest`. The
-- list itself, with its addresses, is in a file of the company and nowhere here.
CREATE TABLE belofte.announcement (
    id uuid PRIMARY KEY,
    short text NOT NULL UNIQUE,
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    from_policy bytea NOT NULL CHECK (octet_length(from_policy) = 32),
    to_policy bytea NOT NULL REFERENCES belofte.policy_version (digest),
    kinds text[] NOT NULL,
    people integer NOT NULL,
    silent text[] NOT NULL,
    by_hand text[] NOT NULL,
    prepared_by text NOT NULL,
    prepared_at timestamptz NOT NULL
);
-- What became of telling each: a keyed digest of her address, or of her row where there is none (`recipient`), or of a
-- store whose people are told by hand (`store`). The last row of a recipient says how it stands; an `attempted` one
-- that nothing follows may have reached her, and is not sent again by itself.
CREATE TABLE belofte.telling (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    announcement_id uuid NOT NULL REFERENCES belofte.announcement (id),
    recipient bytea CHECK (octet_length(recipient) = 32),
    store text,
    subject_id uuid REFERENCES belofte.subject (id),
    state text NOT NULL CHECK (state IN ('attempted', 'told', 'failed')),
    way text NOT NULL CHECK (way IN ('smtp', 'mailer', 'hand', 'before')),
    reason text,
    at timestamptz NOT NULL,
    CHECK ((recipient IS NULL) <> (store IS NULL))
);
CREATE INDEX telling_recipient ON belofte.telling (announcement_id, recipient);
CREATE TRIGGER announcement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.announcement
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.announcement ENABLE ALWAYS TRIGGER announcement_append_only;
CREATE TRIGGER telling_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.telling
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.telling ENABLE ALWAYS TRIGGER telling_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.announcement, belofte.telling FROM CURRENT_USER;

SELECT belofte.log_rows(
    'belofte.announcement', 'notices', 'announcement', added => 'prepared', covered => '{prepared_by}'
);
SELECT belofte.log_rows('belofte.telling', 'notices', 'telling', action => 'state', covered => '{reason}');
"""
