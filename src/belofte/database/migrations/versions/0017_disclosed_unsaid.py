"""What was written freely of a disclosure leaves the log: it is there as a digest, as other free text is.

The log has it in clear until now. Its acts about disclosures say nothing any more (their places and proofs stay, and an
act names them), after what each row says was written to it anew. Lists of people commit to who is not forgotten.
"""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Write each disclosure to the log anew, and erase what was said of it before."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = r"""
SET LOCAL timezone = 'UTC';
DO $unsay$
DECLARE
    moment timestamptz := clock_timestamp();
    fresh_salt bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    before bigint;
    forgotten uuid[];
    gone bigint[];
    said text;
BEGIN
    UPDATE belofte.disclosure d SET people_digest = (
        SELECT sha256(coalesce(string_agg(key_digest, ''::bytea ORDER BY key_digest), ''::bytea))
        FROM (SELECT DISTINCT key_digest FROM belofte.disclosure_person
              WHERE disclosure_id = d.id AND key_digest IS NOT NULL) p
    ) WHERE id IN (SELECT disclosure_id FROM belofte.disclosure_person WHERE key_digest IS NULL);
    before := (SELECT coalesce(max(id), 0) FROM belofte.act);
    PERFORM belofte.log_rows('belofte.disclosure', 'sharing', 'disclosure', covered => '{ground,reference}');
    forgotten := ARRAY(
        SELECT DISTINCT s::uuid FROM belofte.act, json_array_elements_text(content::json #> '{payload,subjects}') s
        WHERE name = 'evidence:acts:erased'
    );
    WITH erased AS (
        UPDATE belofte.act SET name = NULL, at = NULL, about = NULL, content = NULL, salt = NULL
        WHERE name LIKE 'sharing:disclosure:%' AND (id <= before OR about = ANY (forgotten)) RETURNING id
    ) SELECT array_agg(id ORDER BY id) INTO gone FROM erased;
    IF gone IS NOT NULL THEN
        said := format('{"about":null,"act":"evidence:acts:erased","at":%s,"outside":false,"payload":{"acts":%s,'
            '"subjects":[]}}', to_json(moment), to_json(gone));
        INSERT INTO belofte.act (name, at, content, salt, commitment) VALUES (
            'evidence:acts:erased', moment, said, fresh_salt, sha256(fresh_salt || convert_to(said, 'UTF8'))
        );
    END IF;
END
$unsay$;
"""
