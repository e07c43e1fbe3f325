"""What `log fsck` holds rows against the log with: of few acts where a table has few; with a mark of each finding."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Put the function anew."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = r"""
DROP FUNCTION belofte.log_compared(regclass, text[], uuid[]);

-- Hold a table's rows against the last act about each: which were changed, added or removed without the log. Rows about
-- people whose acts were erased are left out. `acts`: those that may be about the table; NULL: all. `mark`: a digest of
-- what was found, another one as soon as it is not the very same any more.
CREATE FUNCTION belofte.log_compared(logged regclass, covered text[], forgotten uuid[], acts bigint[])
RETURNS TABLE (key text, finding text, mark bytea) LANGUAGE plpgsql STABLE
SET search_path = pg_catalog SET timezone = 'UTC' SET bytea_output = 'hex' AS $compare$
DECLARE
    ending text := (SELECT format(',"table":"%s"}}', relname) FROM pg_class WHERE oid = logged);
    named text := (
        SELECT string_agg(format('j ->> %L', attname), ', ') FROM pg_index
        JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey) WHERE indrelid = logged AND indisprimary
    );
    about text := (SELECT 'subject_id' FROM pg_attribute WHERE attrelid = logged AND attname = 'subject_id');
BEGIN
    RETURN QUERY EXECUTE format($query$
        WITH said AS (
            SELECT DISTINCT ON (k) ARRAY[%1$s] AS k, j::text AS state, salt, name LIKE '%%:removed' AS gone
            FROM (SELECT id, name, salt, content::json #> '{payload,row}' AS j FROM belofte.act
                  WHERE ($2 IS NULL OR id = ANY ($2)) AND right(content, length(%2$L)) = %2$L) a ORDER BY k, id DESC
        ), there AS (
            SELECT r, ARRAY[%1$s] AS k
            FROM %3$s r, LATERAL (SELECT row_to_json(c) AS j FROM (SELECT %4$s) c) s WHERE %5$s
        )
        SELECT coalesce(t.k, s.k)::text,
               CASE WHEN s.k IS NULL THEN 'added' WHEN t.k IS NULL THEN 'removed' ELSE 'changed' END,
               sha256(convert_to(coalesce(s.state, '') || coalesce(n.state, ''), 'UTF8'))
        FROM there t FULL JOIN (SELECT * FROM said WHERE NOT gone) s ON s.k = t.k,
        LATERAL (
            SELECT CASE WHEN t.k IS NOT NULL THEN (SELECT row_to_json(c)::text FROM (SELECT %6$s) c) END AS state
        ) n
        WHERE s.k IS NULL OR t.k IS NULL OR s.state <> n.state
        $query$,
        named, ending, logged, belofte.log_columns(logged, covered, 'r', '''''::bytea'),
        coalesce(about || ' IS NULL OR ' || about || ' <> ALL ($1)', 'true'),
        belofte.log_columns(logged, covered, '(t.r)', 'coalesce(s.salt, ''''::bytea)')) USING forgotten, acts;
END
$compare$;
"""
