"""The log: acts, the tree over them, its checkpoints and keys; and every table of evidence writes itself to it."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the log. A later table of evidence adds itself with a line of `belofte.log_rows` in its own migration."""
    op.get_bind().connection.cursor().execute(SCHEMA)


SCHEMA = r"""
-- Acts: what was done and decided, each committed to in the moment it is written. `content` is canonical JSON (RFC
-- 8785); `commitment` is SHA-256 over salt and content, and the leaf of the log. An erased act keeps that only.
CREATE TABLE belofte.act (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text,
    at timestamptz,
    about uuid,
    content text,
    salt bytea CHECK (octet_length(salt) = 32),
    commitment bytea NOT NULL CHECK (octet_length(commitment) = 32),
    CHECK (num_nulls(name, at, content, salt) IN (0, 4))
);
CREATE INDEX act_about ON belofte.act (about) WHERE about IS NOT NULL;
CREATE TRIGGER act_erased_only BEFORE UPDATE ON belofte.act FOR EACH ROW
    WHEN (NEW.content IS NOT NULL OR NEW.about IS NOT NULL OR NEW.id <> OLD.id OR NEW.commitment <> OLD.commitment)
    EXECUTE FUNCTION belofte.refuse_change();
CREATE TRIGGER act_append_only BEFORE DELETE OR TRUNCATE ON belofte.act
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.act ENABLE ALWAYS TRIGGER act_erased_only;
ALTER TABLE belofte.act ENABLE ALWAYS TRIGGER act_append_only;
REVOKE DELETE, TRUNCATE ON belofte.act FROM CURRENT_USER;

-- The tree over the commitments (RFC 9162), in tiles of up to 256 hashes (C2SP tlog-tiles). `acts`: which act each
-- leaf of a tile of level 0 is; `span`: from the lowest of them to the highest.
CREATE TABLE belofte.tile (
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 63),
    number bigint NOT NULL CHECK (number >= 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
    acts bigint[],
    span int8range,
    PRIMARY KEY (level, number),
    CHECK ((level = 0) = (acts IS NOT NULL) AND (level = 0) = (span IS NOT NULL))
);
CREATE INDEX tile_span ON belofte.tile USING gist (span) WHERE span IS NOT NULL;
ALTER TABLE belofte.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- Signed tree heads (C2SP tlog-checkpoint). Every act up to `settled` is in the tree; of later ones some may be.
CREATE TABLE belofte.checkpoint (
    size bigint PRIMARY KEY CHECK (size > 0),
    note text NOT NULL,
    settled bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

-- The keys that sign, in their order: each but the first endorsed by the one before it.
CREATE TABLE belofte.log_key (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vkey text NOT NULL UNIQUE,
    endorsement text,
    added_at timestamptz NOT NULL DEFAULT now()
);

-- The columns of a row as the log states them, sorted: what may name a member of staff, or was written freely, is there
-- only as a digest that its act's salt belongs to.
CREATE FUNCTION belofte.log_columns(logged regclass, covered text[], of text, salt text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT string_agg(
        CASE
            WHEN attname = ANY (covered) THEN format(
                'encode(sha256(%s || convert_to(%L || %s.%I::text, ''UTF8'')), ''hex'')',
                salt, attname || ':', of, attname
            )
            WHEN atttypid = 'bytea'::regtype THEN format('encode(%s.%I, ''hex'')', of, attname)
            WHEN atttypid IN ('uuid'::regtype, 'text'::regtype, 'text[]'::regtype, 'boolean'::regtype, 'date'::regtype,
                              'timestamptz'::regtype, 'smallint'::regtype, 'integer'::regtype)
                THEN format('%s.%I', of, attname)
            ELSE format('%s.%I::text', of, attname)
        END || format(' AS %I', attname), ', ' ORDER BY attname COLLATE "C")
    FROM pg_attribute WHERE attrelid = logged AND attnum > 0 AND NOT attisdropped
$$;

-- Have every change of a table's rows written to the log, whoever makes it: an act per row, in the same statement.
-- Acts are named `source:subject:action`. The action is what the column `action` says, where that changed (`kind` says
-- subject and action), else `added`, `closed` (`closed_at` was set), `changed` or `removed`. Rows that are there
-- already are written to it now. Called again after a table got another column, it states that too.
CREATE FUNCTION belofte.log_rows(
    logged regclass, source text, subject text, added text DEFAULT 'recorded', action text DEFAULT NULL,
    covered text[] DEFAULT '{}'
) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog SET timezone = 'UTC' SET bytea_output = 'hex' AS $make$
DECLARE
    bare text := (SELECT relname FROM pg_class WHERE oid = logged);
    keys text := (
        SELECT string_agg(format('n.%1$I = o.%1$I', attname), ' AND ') FROM pg_index
        JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey) WHERE indrelid = logged AND indisprimary
    );
    word text := source || ':' || subject || ':';
    removed text := quote_literal(word || 'removed');
    named text := quote_literal(word || added);
    moved text := quote_literal(word || 'changed');
    about text := 'NULL::uuid';
    event text[];
    body text;
    began text;
    wrote text;
    one text;
    gone text;
    fresh_salt text := 'uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())';
BEGIN
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = logged AND attname = 'subject_id') THEN
        about := 'r.subject_id';
    END IF;
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = logged AND attname = 'closed_at') THEN
        moved := format('CASE WHEN o.closed_at IS NULL AND n.closed_at IS NOT NULL THEN %L ELSE %s END',
                        word || 'closed', moved);
    END IF;
    IF action IS NOT NULL THEN
        named := format('%L || n.%I', CASE action WHEN 'kind' THEN source || ':' ELSE word END, action);
        moved := format('CASE WHEN n.%1$I IS DISTINCT FROM o.%1$I THEN %2$s ELSE %3$s END', action, named, moved);
    END IF;
    began := $began$
DECLARE
    moment timestamptz := clock_timestamp();
    ending text := ',"at":' || to_json(moment) || ',"outside":'
        || (current_setting('belofte.writer', true) IS DISTINCT FROM 'belofte') || ',"payload":{"row":';
BEGIN
$began$;
    wrote := $wrote$
        INSERT INTO belofte.act (name, at, about, content, salt, commitment)
        SELECT log_word, moment, about, content, log_salt, sha256(log_salt || convert_to(content, 'UTF8'))
        FROM (SELECT log_word, log_salt, <about> AS about, '{"about":' || coalesce('"' || <about> || '"', 'null')
            || ',"act":"' || log_word || '"' || ending || (SELECT row_to_json(s) FROM (SELECT <columns>) s)
            || ',"table":"<bare>"}}' AS content
            FROM (<rows> OFFSET 0) r OFFSET 0) a;
$wrote$;
    wrote := replace(replace(replace(wrote, '<about>', about), '<bare>', bare),
        '<columns>', belofte.log_columns(logged, covered, 'r', 'r.log_salt'));
    one := format('SELECT n.*, %s AS log_word, %s AS log_salt FROM fresh n', named, fresh_salt);
    gone := format('SELECT o.*, %s AS log_word, %s AS log_salt FROM former o', removed, fresh_salt);
    body := began || '    IF TG_OP = ''INSERT'' THEN' || replace(wrote, '<rows>', one)
        || '    ELSIF TG_OP = ''UPDATE'' THEN' || replace(wrote, '<rows>', format(
            'SELECT n.*, %1$s AS log_word, %2$s AS log_salt FROM fresh n LEFT JOIN former o ON %3$s '
            'WHERE n IS DISTINCT FROM o UNION ALL %4$s WHERE NOT EXISTS (SELECT FROM fresh n WHERE %3$s)',
            moved, fresh_salt, keys, gone))
        || '    ELSIF TG_OP = ''DELETE'' THEN' || replace(wrote, '<rows>', gone)
        || '    ELSE' || replace(wrote, '<rows>', replace(gone, 'former', logged::text))
        || E'    END IF;\n    RETURN NULL;\nEND\n';
    EXECUTE format('CREATE OR REPLACE FUNCTION belofte.%I() RETURNS trigger LANGUAGE plpgsql '
        'SET search_path = pg_catalog SET timezone = ''UTC'' SET bytea_output = ''hex'' AS %L', 'log_' || bare, body);
    FOREACH event SLICE 1 IN ARRAY ARRAY[
        ['insert', 'AFTER INSERT', 'REFERENCING NEW TABLE AS fresh'],
        ['update', 'AFTER UPDATE', 'REFERENCING OLD TABLE AS former NEW TABLE AS fresh'],
        ['delete', 'AFTER DELETE', 'REFERENCING OLD TABLE AS former'],
        ['truncate', 'BEFORE TRUNCATE', '']
    ] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION belofte.%I()',
            bare || '_log_' || event[1], event[2], logged, event[3], 'log_' || bare);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', logged, bare || '_log_' || event[1]);
    END LOOP;
    EXECUTE format('DO %L', began || replace(wrote, '<rows>', replace(one, 'fresh n', logged || ' n')) || 'END');
END
$make$;

-- Hold a table's rows against the last act about each: which were changed, added or removed without the log. Rows about
-- people whose acts were erased are left out.
CREATE FUNCTION belofte.log_compared(logged regclass, covered text[], forgotten uuid[])
RETURNS TABLE (key text, finding text) LANGUAGE plpgsql STABLE
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
                  WHERE right(content, length(%2$L)) = %2$L) a ORDER BY k, id DESC
        ), there AS (
            SELECT r, ARRAY[%1$s] AS k
            FROM %3$s r, LATERAL (SELECT row_to_json(c) AS j FROM (SELECT %4$s) c) s WHERE %5$s
        )
        SELECT coalesce(t.k, s.k)::text,
               CASE WHEN s.k IS NULL THEN 'added' WHEN t.k IS NULL THEN 'removed' ELSE 'changed' END
        FROM there t FULL JOIN (SELECT * FROM said WHERE NOT gone) s ON s.k = t.k
        WHERE s.k IS NULL OR t.k IS NULL
           OR s.state <> (SELECT row_to_json(c)::text FROM (SELECT %6$s) c)
        $query$,
        named, ending, logged, belofte.log_columns(logged, covered, 'r', '''''::bytea'),
        coalesce(about || ' IS NULL OR ' || about || ' <> ALL ($1)', 'true'),
        belofte.log_columns(logged, covered, '(t.r)', 's.salt')) USING forgotten;
END
$compare$;

SELECT belofte.log_rows('belofte.approval', 'rights', 'approval', added => 'given', covered => '{approver}');
SELECT belofte.log_rows('belofte.checkpoint', 'evidence', 'checkpoint', added => 'signed');
SELECT belofte.log_rows('belofte.consent_import', 'choices', 'import', covered => '{imported_by,signed_off_by,source}');
SELECT belofte.log_rows('belofte.disclosure', 'sharing', 'disclosure');
SELECT belofte.log_rows('belofte.event', 'choices', 'event', action => 'kind');
SELECT belofte.log_rows('belofte.hold', 'choices', 'hold', added => 'opened', covered => '{owner,reason,title}');
SELECT belofte.log_rows('belofte.hold_table', 'choices', 'held-table', added => 'named');
SELECT belofte.log_rows('belofte.log_key', 'evidence', 'key', added => 'added');
SELECT belofte.log_rows('belofte.policy_version', 'policy', 'version', added => 'adopted', covered => '{document}');
SELECT belofte.log_rows(
    'belofte.request', 'rights', 'request', action => 'state', covered => '{extended_because,reason,verified_by}'
);
SELECT belofte.log_rows('belofte.request_store', 'rights', 'store', action => 'state', covered => '{reason}');
SELECT belofte.log_rows('belofte.request_subject', 'rights', 'person', added => 'named');
SELECT belofte.log_rows(
    'belofte.retention_task', 'retention', 'task', added => 'opened', covered => '{closed_by,evidence}'
);
SELECT belofte.log_rows('belofte.stated', 'purposes', 'statement', covered => '{account,client,reason}');
SELECT belofte.log_rows('belofte.subject_identifier', 'choices', 'identifier', added => 'added');
SELECT belofte.log_rows('belofte.subject_key', 'choices', 'key', added => 'linked');
SELECT belofte.log_rows('belofte.sweep', 'retention', 'sweep', action => 'state', covered => '{reason,started_by}');
SELECT belofte.log_rows('belofte.task', 'rights', 'task', action => 'state', covered => '{closed_by,evidence}');
"""
