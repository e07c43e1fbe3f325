"""Choices in full: policies in force, imports that wait for a word, and the present state that sets are read from."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what the choices need. Straight to the driver: the text holds colons and per cents that are PostgreSQL's."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
ALTER TABLE belofte.event ENABLE ALWAYS TRIGGER event_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.event FROM CURRENT_USER;

CREATE TABLE belofte.policy_version (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    version text,
    holds_from date,
    document jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER policy_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.policy_version
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.policy_version ENABLE ALWAYS TRIGGER policy_version_append_only;

CREATE TABLE belofte.consent_import (
    id uuid PRIMARY KEY,
    short text NOT NULL UNIQUE,
    source text NOT NULL,
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    imported_by text NOT NULL,
    imported_at timestamptz NOT NULL,
    given integer NOT NULL DEFAULT 0,
    quarantined integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    signed_off_by text,
    signed_off_at timestamptz,
    word text CHECK (word IN ('proven', 'let-go')),
    CHECK ((signed_off_at IS NULL) = (signed_off_by IS NULL) AND (signed_off_at IS NULL) = (word IS NULL)),
    CHECK (signed_off_by <> imported_by)
);

CREATE TABLE belofte.standing (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    keys text[] NOT NULL,
    consented text[] NOT NULL
);
CREATE TABLE belofte.present (
    subject_id uuid PRIMARY KEY,
    standing integer NOT NULL REFERENCES belofte.standing (id),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL
);
CREATE TABLE belofte.present_policy (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    digest bytea NOT NULL CHECK (octet_length(digest) = 32)
);
CREATE TABLE belofte.unsettled (
    subject_id uuid NOT NULL
);

CREATE FUNCTION belofte.unsettle_subjects() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO belofte.unsettled (subject_id) SELECT id FROM fresh;
    RETURN NULL;
END
$$;
CREATE TRIGGER subject_unsettles AFTER INSERT ON belofte.subject REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.unsettle_subjects();

CREATE FUNCTION belofte.unsettle_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO belofte.unsettled (subject_id)
    SELECT DISTINCT subject_id FROM fresh WHERE subject_id IS NOT NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER event_unsettles AFTER INSERT ON belofte.event REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.unsettle_events();

INSERT INTO belofte.unsettled (subject_id) SELECT id FROM belofte.subject;
"""
