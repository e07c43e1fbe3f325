"""What readers stated goes when its term is over, and what the log said of it goes along."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Let old statements be deleted, and have what acts say of a deleted row forgotten in the same statement."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = """
DROP TRIGGER stated_append_only ON belofte.stated;
CREATE TRIGGER stated_append_only BEFORE UPDATE OR TRUNCATE ON belofte.stated
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.stated ENABLE ALWAYS TRIGGER stated_append_only;
CREATE TRIGGER stated_kept BEFORE DELETE ON belofte.stated FOR EACH ROW
    WHEN (OLD.stated_at > now() - interval '90 days') EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.stated ENABLE ALWAYS TRIGGER stated_kept;
GRANT DELETE ON belofte.stated TO CURRENT_USER;

CREATE FUNCTION belofte.unsay() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog SET timezone = 'UTC' SET bytea_output = 'hex' AS $unsay$
DECLARE
    moment timestamptz := clock_timestamp();
    ending text := format(',"table":"%s"}}', TG_TABLE_NAME);
    salt bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    gone bigint[] := ARRAY(
        SELECT a.id FROM belofte.act a
        JOIN former f ON ARRAY(SELECT a.content::json #>> ARRAY['payload', 'row', k] FROM unnest(TG_ARGV) k)
            = ARRAY(SELECT row_to_json(f) ->> k FROM unnest(TG_ARGV) k)
        WHERE right(a.content, length(ending)) = ending ORDER BY a.id
    );
    said text;
BEGIN
    IF gone = '{}' THEN
        RETURN NULL;
    END IF;
    UPDATE belofte.act SET name = NULL, at = NULL, about = NULL, content = NULL, salt = NULL WHERE id = ANY (gone);
    said := '{"about":null,"act":"evidence:acts:erased","at":' || to_json(moment) || ',"outside":'
        || (current_setting('belofte.writer', true) IS DISTINCT FROM 'belofte') || ',"payload":{"acts":'
        || to_json(gone) || ',"subjects":[],"table":"' || TG_TABLE_NAME || '","unsaid":'
        || (SELECT count(*) FROM former) || '}}';
    INSERT INTO belofte.act (name, at, content, salt, commitment)
    VALUES ('evidence:acts:erased', moment, said, salt, sha256(salt || convert_to(said, 'UTF8')));
    RETURN NULL;
END
$unsay$;
CREATE TRIGGER stated_unsaid AFTER DELETE ON belofte.stated REFERENCING OLD TABLE AS former
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.unsay('store', 'stated_at', 'number');
ALTER TABLE belofte.stated ENABLE ALWAYS TRIGGER stated_unsaid;
"""
