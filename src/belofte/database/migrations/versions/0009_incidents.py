"""The register of breaches; and what is sealed may belong to a request or to a breach."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the register, and let go of the link from sealed parts to requests."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
CREATE TABLE belofte.sealing_key (
    matter_id uuid PRIMARY KEY,
    salt bytea NOT NULL CHECK (octet_length(salt) = 32)
);
INSERT INTO belofte.sealing_key SELECT request_id, salt FROM belofte.request_key;
DROP TABLE belofte.request_key;
CREATE TEMPORARY TABLE sealed_before ON COMMIT DROP AS TABLE belofte.sealed;
DROP TABLE belofte.sealed;
CREATE TABLE belofte.sealed (
    matter_id uuid NOT NULL,
    part text NOT NULL,
    nonce bytea NOT NULL CHECK (octet_length(nonce) = 12),
    ciphertext bytea NOT NULL,
    PRIMARY KEY (matter_id, part)
);
INSERT INTO belofte.sealed SELECT request_id, part, nonce, ciphertext FROM sealed_before;

CREATE TABLE belofte.incident (
    id uuid PRIMARY KEY,
    short text NOT NULL UNIQUE,
    recorded_at timestamptz NOT NULL
);
CREATE TABLE belofte.incident_entry (
    incident_id uuid NOT NULL REFERENCES belofte.incident (id),
    number integer NOT NULL CHECK (number > 0),
    kind text NOT NULL CHECK (
        kind IN ('facts', 'words', 'affected', 'assessment', 'decision', 'notification', 'follow-up', 'closing')
    ),
    said jsonb NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamptz NOT NULL,
    PRIMARY KEY (incident_id, number)
);
CREATE TRIGGER incident_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.incident
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.incident ENABLE ALWAYS TRIGGER incident_append_only;
CREATE TRIGGER incident_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.incident_entry
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.incident_entry ENABLE ALWAYS TRIGGER incident_entry_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.incident, belofte.incident_entry FROM CURRENT_USER;

SELECT belofte.log_rows('belofte.incident', 'incidents', 'breach', added => 'opened');
SELECT belofte.log_rows('belofte.incident_entry', 'incidents', 'entry', covered => '{entered_by,said}');
"""
