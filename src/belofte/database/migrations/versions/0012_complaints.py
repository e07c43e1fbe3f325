"""The register of complaints to the company."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the register."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
CREATE TABLE belofte.complaint (
    id uuid PRIMARY KEY,
    short text NOT NULL UNIQUE,
    state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'acknowledged', 'answered', 'requested')),
    way text NOT NULL CHECK (way IN ('desk', 'email', 'fax', 'phone', 'post', 'web')),
    about text CHECK (about ~ '^(purpose|right|incident|request):'),
    language text NOT NULL,
    received_at timestamptz NOT NULL,
    due date NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by text,
    outcome text CHECK (outcome IN ('upheld', 'partly', 'rejected')),
    closed_at timestamptz,
    answered_by text,
    keep_until date,
    request_id uuid REFERENCES belofte.request (id),
    CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
    CHECK ((state = 'answered') = (outcome IS NOT NULL) AND (state = 'requested') = (request_id IS NOT NULL)),
    CHECK ((state IN ('answered', 'requested')) = (closed_at IS NOT NULL)),
    CHECK ((closed_at IS NULL) = (answered_by IS NULL) AND (closed_at IS NULL) = (keep_until IS NULL))
);
CREATE TABLE belofte.complaint_subject (
    complaint_id uuid NOT NULL REFERENCES belofte.complaint (id),
    subject_id uuid NOT NULL REFERENCES belofte.subject (id) ON DELETE CASCADE,
    PRIMARY KEY (complaint_id, subject_id)
);
CREATE INDEX complaint_subject_subject ON belofte.complaint_subject (subject_id);

SELECT belofte.log_rows(
    'belofte.complaint', 'incidents', 'complaint', action => 'state',
    covered => '{acknowledged_by,answered_by,recorded_by}'
);
SELECT belofte.log_rows('belofte.complaint_subject', 'incidents', 'complainant', added => 'named');
"""
