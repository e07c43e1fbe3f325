"""What somebody was told is found by who she is: an access answers with it, and she is one among a million told."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Let tellings be found by person."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = "CREATE INDEX telling_subject ON belofte.telling (subject_id) WHERE subject_id IS NOT NULL"
