-- Belofte's own database, whole. The migrations lead to exactly this (tests/database/test_migrations.py).
-- No table holds an identifier of a person: only digests, keyed with the company's key.
--
-- Roles. Whoever owns the tables can drop the trigger that keeps events. Embedded, that is Belofte's own user. On a
-- server of the company, let an owner run the migrations, and let Belofte run as a role that has SELECT, INSERT, UPDATE
-- and DELETE here, but on belofte.event only SELECT and INSERT.

CREATE SCHEMA belofte;

-- A person as Belofte knows her. Removing her identifiers and keys leaves her events without a name.
CREATE TABLE belofte.subject (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Two people may share an identifier (a family mailbox): a digest finds candidates, never proves one person.
CREATE TABLE belofte.subject_identifier (
    subject_id uuid NOT NULL REFERENCES belofte.subject (id) ON DELETE CASCADE,
    kind text NOT NULL,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, digest, subject_id)
);
CREATE INDEX subject_identifier_subject ON belofte.subject_identifier (subject_id);

-- The rows of a store known to be hers; with her identity's digest, so that a reused key is not the same person.
CREATE TABLE belofte.subject_key (
    store text NOT NULL,
    entry text NOT NULL,
    key_digest bytea NOT NULL CHECK (octet_length(key_digest) = 32),
    identity_digest bytea NOT NULL CHECK (octet_length(identity_digest) = 32),
    subject_id uuid NOT NULL REFERENCES belofte.subject (id) ON DELETE CASCADE,
    linked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (store, entry, key_digest, identity_digest)
);
CREATE INDEX subject_key_subject ON belofte.subject_key (subject_id);

-- A request from a person, from intake to answer. `short` is what people read and say.
CREATE TABLE belofte.request (
    id uuid PRIMARY KEY,
    short text NOT NULL UNIQUE,
    "right" text NOT NULL,
    state text NOT NULL CHECK (
        state IN ('received', 'identified', 'planned', 'running', 'open', 'fulfilled', 'refused', 'failed')
    ),
    received_at timestamptz NOT NULL,
    due date NOT NULL,
    extended_due date CHECK (extended_due > due),
    extended_because text,
    verified_by text,
    verified_at timestamptz,
    language text NOT NULL,
    policy_digest bytea,
    plan_digest bytea,
    reason text,
    closed_at timestamptz,
    CHECK ((state IN ('fulfilled', 'refused')) = (closed_at IS NOT NULL))
);
CREATE INDEX request_open ON belofte.request (due) WHERE closed_at IS NULL;

CREATE TABLE belofte.request_subject (
    request_id uuid NOT NULL REFERENCES belofte.request (id),
    subject_id uuid NOT NULL REFERENCES belofte.subject (id) ON DELETE CASCADE,
    PRIMARY KEY (request_id, subject_id)
);
CREATE INDEX request_subject_subject ON belofte.request_subject (subject_id);

-- How far a request is in each store; `counts` holds numbers per table, never values.
CREATE TABLE belofte.request_store (
    request_id uuid NOT NULL REFERENCES belofte.request (id),
    store text NOT NULL,
    state text NOT NULL CHECK (
        state IN ('pending', 'running', 'done', 'failed', 'unreachable', 'undetermined', 'task')
    ),
    step integer NOT NULL DEFAULT 0,
    plan_digest bytea,
    counts jsonb NOT NULL DEFAULT '{}',
    reason text,
    changed_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (request_id, store),
    CHECK ((state = 'done') = (finished_at IS NOT NULL))
);

-- What a person of the company does by hand in a store without a connection; closed with evidence only.
CREATE TABLE belofte.task (
    id uuid PRIMARY KEY,
    request_id uuid NOT NULL REFERENCES belofte.request (id),
    store text NOT NULL,
    what text NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    opened_at timestamptz NOT NULL DEFAULT now(),
    closed_by text,
    evidence jsonb,
    closed_at timestamptz,
    CHECK ((state = 'closed') = (closed_at IS NOT NULL AND closed_by IS NOT NULL AND evidence IS NOT NULL))
);
CREATE INDEX task_request ON belofte.task (request_id);

-- The people of a running request, or of a breach that is not closed, and what a complaint says: sealed. Without its
-- row in sealing_key a part is noise. A matter is a request, an incident or a complaint.
CREATE TABLE belofte.sealing_key (
    matter_id uuid PRIMARY KEY,
    salt bytea NOT NULL CHECK (octet_length(salt) = 32)
);
CREATE TABLE belofte.sealed (
    matter_id uuid NOT NULL,
    part text NOT NULL,
    nonce bytea NOT NULL CHECK (octet_length(nonce) = 12),
    ciphertext bytea NOT NULL,
    PRIMARY KEY (matter_id, part)
);

-- The second pair of eyes: of a request, or of a run (a sweep, an apply) named by its digest.
CREATE TABLE belofte.approval (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id uuid REFERENCES belofte.request (id),
    run text,
    plan_digest bytea NOT NULL,
    approver text NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((request_id IS NULL) <> (run IS NULL))
);
CREATE UNIQUE INDEX approval_once ON belofte.approval (request_id, run, plan_digest, approver) NULLS NOT DISTINCT;

-- A legal hold is a case with an owner and a day of review; it names people (events) and whole tables.
CREATE TABLE belofte.hold (
    id uuid PRIMARY KEY,
    title text NOT NULL UNIQUE,
    reason text NOT NULL,
    owner text NOT NULL,
    review_on date NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz
);
CREATE TABLE belofte.hold_table (
    hold_id uuid NOT NULL REFERENCES belofte.hold (id),
    store text NOT NULL,
    table_name text NOT NULL,
    PRIMARY KEY (hold_id, store, table_name)
);

-- What people chose and what was decided about it. Append-only; `evidence` holds no personal data.
CREATE TABLE belofte.event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind ~ '^[a-z]+:[a-z]+$'),
    subject_id uuid REFERENCES belofte.subject (id),
    purpose text,
    channel text,
    category text,
    store text,
    table_name text,
    key_digest bytea,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    origin text NOT NULL CHECK (origin IN ('person', 'staff', 'import', 'request')),
    evidence jsonb NOT NULL DEFAULT '{}',
    request_id uuid REFERENCES belofte.request (id),
    hold_id uuid REFERENCES belofte.hold (id),
    CHECK (channel IS NULL OR purpose IS NOT NULL)
);
CREATE INDEX event_subject ON belofte.event (subject_id);
CREATE INDEX event_request ON belofte.event (request_id) WHERE request_id IS NOT NULL;

CREATE FUNCTION belofte.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'belofte.% is append-only: record a new event instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.event
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
-- Also for a session that replays a log; and its owner loses the right itself, where it is no superuser.
ALTER TABLE belofte.event ENABLE ALWAYS TRIGGER event_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.event FROM CURRENT_USER;

-- Who received data about her (art. 15(1)(c), 19): the recipient, when and why; what was sent only as a digest.
CREATE TABLE belofte.disclosure (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject_id uuid REFERENCES belofte.subject (id) ON DELETE SET NULL,
    recipient text NOT NULL,
    purpose text NOT NULL,
    ground text NOT NULL,
    categories text[] NOT NULL DEFAULT '{}',
    store text,
    disclosed_at timestamptz NOT NULL,
    digest bytea NOT NULL,
    request_id uuid REFERENCES belofte.request (id),
    reference text,
    people integer,
    people_digest bytea CHECK (octet_length(people_digest) = 32),
    CHECK ((people IS NULL) = (people_digest IS NULL))
);
CREATE INDEX disclosure_subject ON belofte.disclosure (subject_id);

-- Whose rows a disclosure of many held: `people` of them; `people_digest` commits to those of them that are not forgotten.
-- No foreign key: it is filled by one COPY in the transaction that records the disclosure, and by nothing else.
CREATE TABLE belofte.disclosure_person (
    disclosure_id bigint NOT NULL,
    key_digest bytea CHECK (octet_length(key_digest) = 32),
    subject_id uuid
);
CREATE INDEX disclosure_person_key ON belofte.disclosure_person (key_digest);
CREATE INDEX disclosure_person_subject ON belofte.disclosure_person (subject_id) WHERE subject_id IS NOT NULL;

-- The policies that were in force, whole: what the past is judged by. They hold no personal data.
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

-- A file of consents from elsewhere. What it could not show waits for a second person; not who brought it in.
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

-- Present state, kept: who may be reached for what, as derived from events by Belofte and by nothing else. It may be
-- thrown away at any time. `keys` (purpose or purpose/channel) are not barred, `consented` have an open consent; a row
-- of `present` holds from `since` until `until`, unless its person stands in `unsettled`.
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

-- A sweep of one store: one run is open at a time. `digest` is what a second person approves (policy, map, schema);
-- `asks` says why one is asked. Counts are numbers, never values.
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

-- What a person does by hand for retention: a store without database, a recipient to be told, people who came back.
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

-- What readers of stores said that they read for: collected from each store's own log. A statement cannot be deleted in
-- its first 90 days; later, when its term is over, it goes with what the log says of it.
CREATE TABLE belofte.stated (
    store text NOT NULL,
    number bigint NOT NULL,
    account text NOT NULL,
    client text,
    purpose text NOT NULL,
    reason text NOT NULL,
    stated_at timestamptz NOT NULL,
    collected_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (store, stated_at, number)
);
CREATE TRIGGER stated_append_only BEFORE UPDATE OR TRUNCATE ON belofte.stated
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.stated ENABLE ALWAYS TRIGGER stated_append_only;
CREATE TRIGGER stated_kept BEFORE DELETE ON belofte.stated FOR EACH ROW
    WHEN (OLD.stated_at > now() - interval '90 days') EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.stated ENABLE ALWAYS TRIGGER stated_kept;
REVOKE UPDATE, TRUNCATE ON belofte.stated FROM CURRENT_USER;

-- When a row was first seen to say that the condition of a purpose has ended; a keyed digest, kept while it says so.
CREATE TABLE belofte.sighting (
    store text NOT NULL,
    purpose text NOT NULL,
    digest bytea NOT NULL,
    first_seen timestamptz NOT NULL,
    PRIMARY KEY (store, purpose, digest)
);

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
ALTER TABLE belofte.tile ALTER COLUMN acts SET STORAGE EXTERNAL;

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

SELECT belofte.log_rows('belofte.approval', 'rights', 'approval', added => 'given', covered => '{approver}');
SELECT belofte.log_rows('belofte.checkpoint', 'evidence', 'checkpoint', added => 'signed');
SELECT belofte.log_rows('belofte.consent_import', 'choices', 'import', covered => '{imported_by,signed_off_by,source}');
SELECT belofte.log_rows('belofte.disclosure', 'sharing', 'disclosure', covered => '{ground,reference}');
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

-- The notices that were published: per version and language the files as they went out. They hold no personal data.
-- `digest` is of `content`: the same that a consent given under that notice refers to.
CREATE TABLE belofte.notice (
    version text NOT NULL,
    language text NOT NULL,
    form text NOT NULL CHECK (form IN ('html', 'pdf', 'md', 'jsonld')),
    digest bytea NOT NULL CHECK (digest = sha256(content)),
    content bytea NOT NULL,
    holds_from date NOT NULL,
    policy_digest bytea NOT NULL REFERENCES belofte.policy_version (digest),
    published_at timestamptz NOT NULL,
    PRIMARY KEY (version, language, form)
);
CREATE TRIGGER notice_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.notice
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.notice ENABLE ALWAYS TRIGGER notice_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.notice FROM CURRENT_USER;

SELECT belofte.log_rows('belofte.notice', 'notices', 'notice', added => 'published', covered => '{content}');

-- The register of breaches (art. 33(5)): never removed. What became known, was decided and done is in the entries, each
-- a document of its kind; `said` names no person, `entered_by` is who of the company entered it.
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

-- Runs of `belofte prove`, and what each promise came to in them: figures, never whose data it was.
CREATE TABLE belofte.proof_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    policy_digest bytea NOT NULL CHECK (octet_length(policy_digest) = 32),
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL
);
CREATE TABLE belofte.proof (
    run_id bigint NOT NULL REFERENCES belofte.proof_run (id),
    promise text NOT NULL,
    state text NOT NULL CHECK (state IN ('kept', 'broken', 'cannot-tell')),
    holds text NOT NULL CHECK (holds IN ('enforced', 'proven', 'attested', 'planned')),
    since timestamptz NOT NULL,
    figures jsonb NOT NULL DEFAULT '{}',
    found text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (promise, run_id)
);
CREATE TRIGGER proof_run_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.proof_run
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.proof_run ENABLE ALWAYS TRIGGER proof_run_append_only;
CREATE TRIGGER proof_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.proof
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.proof ENABLE ALWAYS TRIGGER proof_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.proof_run, belofte.proof FROM CURRENT_USER;

-- What mechanisms and proofs came to, and the digest of all that they were measured from. May be thrown away.
CREATE TABLE belofte.measured (
    part text PRIMARY KEY,
    marker bytea NOT NULL CHECK (octet_length(marker) = 32),
    at timestamptz NOT NULL,
    outcome jsonb NOT NULL
);

SELECT belofte.log_rows('belofte.proof_run', 'promises', 'run');
SELECT belofte.log_rows('belofte.proof', 'promises', 'proof', action => 'state');

-- That a company takes up a policy: for the first time, or again after another one.
CREATE TABLE belofte.policy_adoption (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest bytea NOT NULL REFERENCES belofte.policy_version (digest),
    adopted_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER policy_adoption_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.policy_adoption
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.policy_adoption ENABLE ALWAYS TRIGGER policy_adoption_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.policy_adoption FROM CURRENT_USER;

-- That a version of the notice is put out for a policy: for the first time, or again after another one.
CREATE TABLE belofte.notice_publication (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version text NOT NULL,
    holds_from date NOT NULL,
    policy_digest bytea NOT NULL REFERENCES belofte.policy_version (digest),
    published_at timestamptz NOT NULL
);
CREATE TRIGGER notice_publication_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.notice_publication
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.notice_publication ENABLE ALWAYS TRIGGER notice_publication_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.notice_publication FROM CURRENT_USER;

SELECT belofte.log_rows('belofte.policy_adoption', 'policy', 'adoption');
SELECT belofte.log_rows('belofte.notice_publication', 'notices', 'publication');
-- Complaints to the company: how and when each came, about what, by when it is answered, and the outcome. What was
-- written is sealed; a row goes when its term is over. What asks for a right became a request, and is in time by that.
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

-- Announcements of a changed policy: who is to be told, as a mailing that a second person approves by `digest`. The
-- list itself, with its addresses, is in a file of the company and nowhere here.
CREATE TABLE belofte.announcement (
    id uuid PRIMARY KEY,
    short text NOT NULL UNIQUE,
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    from_policy bytea NOT NULL CHECK (octet_length(from_policy) = 32),
    to_policy bytea NOT NULL REFERENCES belofte.policy_version (digest),
    kinds text[] NOT NULL,
    people integer NOT NULL,
    silent text[] NOT NULL,
    by_hand text[] NOT NULL,
    prepared_by text NOT NULL,
    prepared_at timestamptz NOT NULL
);
-- What became of telling each: a keyed digest of her address, or of her row where there is none (`recipient`), or of a
-- store whose people are told by hand (`store`). The last row of a recipient says how it stands; an `attempted` one
-- that nothing follows may have reached her, and is not sent again by itself.
CREATE TABLE belofte.telling (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    announcement_id uuid NOT NULL REFERENCES belofte.announcement (id),
    recipient bytea CHECK (octet_length(recipient) = 32),
    store text,
    subject_id uuid REFERENCES belofte.subject (id),
    state text NOT NULL CHECK (state IN ('attempted', 'told', 'failed')),
    way text NOT NULL CHECK (way IN ('smtp', 'mailer', 'hand', 'before')),
    reason text,
    at timestamptz NOT NULL,
    CHECK ((recipient IS NULL) <> (store IS NULL))
);
CREATE INDEX telling_recipient ON belofte.telling (announcement_id, recipient);
CREATE INDEX telling_subject ON belofte.telling (subject_id) WHERE subject_id IS NOT NULL;
CREATE TRIGGER announcement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.announcement
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.announcement ENABLE ALWAYS TRIGGER announcement_append_only;
CREATE TRIGGER telling_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.telling
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.telling ENABLE ALWAYS TRIGGER telling_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.announcement, belofte.telling FROM CURRENT_USER;

SELECT belofte.log_rows(
    'belofte.announcement', 'notices', 'announcement', added => 'prepared', covered => '{prepared_by}'
);
SELECT belofte.log_rows('belofte.telling', 'notices', 'telling', action => 'state', covered => '{reason}');

-- What somebody of the company says of a finding of `log fsck` that is to stay as it is: which, why, and who. It is of
-- that finding alone: what is found is another one as soon as it is not the very same any more.
CREATE TABLE belofte.acknowledgement (
    finding bytea PRIMARY KEY CHECK (octet_length(finding) = 32),
    reason text NOT NULL,
    acknowledged_by text NOT NULL,
    acknowledged_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER acknowledgement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.acknowledgement
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.acknowledgement ENABLE ALWAYS TRIGGER acknowledgement_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.acknowledgement FROM CURRENT_USER;

SELECT belofte.log_rows(
    'belofte.acknowledgement', 'evidence', 'finding', added => 'acknowledged', covered => '{acknowledged_by,reason}'
);

-- That what was written freely of a disclosure was taken back: of which, why and by whom. The text itself is nowhere.
CREATE TABLE belofte.redaction (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    disclosure_id bigint NOT NULL REFERENCES belofte.disclosure (id),
    why text NOT NULL,
    redacted_by text NOT NULL,
    redacted_at timestamptz NOT NULL
);
CREATE TRIGGER redaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON belofte.redaction
    FOR EACH STATEMENT EXECUTE FUNCTION belofte.refuse_change();
ALTER TABLE belofte.redaction ENABLE ALWAYS TRIGGER redaction_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON belofte.redaction FROM CURRENT_USER;

SELECT belofte.log_rows('belofte.redaction', 'sharing', 'redaction', covered => '{redacted_by,why}');

-- Let the log forget a row that is deleted: what acts say of it, that it went among them, is erased in the statement that
-- deletes it, and an act says which they were. Their commitments and places stay. Arguments: the columns of its key.
-- The trigger's name comes after that of the one that writes the log, and so does it.
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
