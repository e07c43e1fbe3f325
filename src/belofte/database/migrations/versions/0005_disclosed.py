"""Whose rows a disclosure held, and the order by which an authority asked."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the people of disclosures."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
ALTER TABLE belofte.disclosure
    ADD COLUMN reference text,
    ADD COLUMN people integer,
    ADD COLUMN people_digest bytea CHECK (octet_length(people_digest) = 32),
    ADD CHECK ((people IS NULL) = (people_digest IS NULL));
CREATE TABLE belofte.disclosure_person (
    disclosure_id bigint NOT NULL,
    key_digest bytea CHECK (octet_length(key_digest) = 32),
    subject_id uuid
);
CREATE INDEX disclosure_person_key ON belofte.disclosure_person (key_digest);
CREATE INDEX disclosure_person_subject ON belofte.disclosure_person (subject_id) WHERE subject_id IS NOT NULL;
"""
