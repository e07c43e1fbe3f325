"""Sweeps and what people do by hand besides: runs per store, and tasks of retention."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables of retention."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
CREATE TABLE belofte.sweep (
    id uuid PRIMARY KEY,
    short text NOT NULL UNIQUE,
    store text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'stale')),
    digest bytea NOT NULL,
    policy_digest bytea NOT NULL,
    map_digest bytea NOT NULL,
    purposes text[] NOT NULL,
    asks text[] NOT NULL DEFAULT '{}',
    people bigint NOT NULL,
    counts jsonb NOT NULL DEFAULT '{}',
    reason text,
    started_by text NOT NULL,
    planned_at timestamptz NOT NULL,
    finished_at timestamptz,
    CHECK ((state IN ('done', 'stale')) = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX sweep_open ON belofte.sweep (store) WHERE finished_at IS NULL;

CREATE TABLE belofte.retention_task (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('manual', 'notice', 'replay')),
    store text NOT NULL,
    recipient text,
    what text NOT NULL,
    request_id uuid REFERENCES belofte.request (id),
    opened_at timestamptz NOT NULL,
    closed_by text,
    evidence text,
    closed_at timestamptz,
    CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (evidence IS NULL))
);
CREATE UNIQUE INDEX retention_task_open ON belofte.retention_task (kind, store, recipient, request_id)
    NULLS NOT DISTINCT WHERE closed_at IS NULL;
"""
