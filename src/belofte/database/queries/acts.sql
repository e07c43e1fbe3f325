-- name: acts_copy()!
-- Receive acts in bulk.
COPY belofte.act (name, at, about, content, salt, commitment) FROM STDIN (FORMAT binary);

-- name: acts_erased(subjects)
-- Erase what the acts about these people say, and name the acts.
UPDATE belofte.act SET name = NULL, at = NULL, about = NULL, content = NULL, salt = NULL
WHERE about = ANY(:subjects) RETURNING id;

-- name: act_by_id(id)^
-- Return one act.
SELECT id, name, at, about, content, salt, commitment FROM belofte.act WHERE id = :id;

-- name: acts_latest(names, most)
-- List the newest acts of some names.
SELECT id, name, at, about, content, salt, commitment FROM belofte.act
WHERE name = ANY(:names) ORDER BY id DESC LIMIT :most;

-- name: acts_about(subject, names)
-- List the acts of some names about a person, in their order.
SELECT id FROM belofte.act WHERE about = :subject AND name = ANY(:names) ORDER BY id;

-- name: sealing_locked(lock)
-- Let one process at a time extend the tree, until its transaction ends.
SELECT pg_advisory_xact_lock(:lock);

-- name: checkpoint_last()^
-- Return the newest signed head.
SELECT size, note, settled FROM belofte.checkpoint ORDER BY size DESC LIMIT 1;

-- name: acts_newest()
-- The number of the newest act that can be seen.
SELECT coalesce(max(id), 0) FROM belofte.act;

-- name: acts_being_written()
-- Whether somebody else may have written acts that cannot be seen yet.
SELECT EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'relation' AND relation = 'belofte.act'::regclass
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND mode = 'RowExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid()
);

-- name: acts_pending(settled, newest, most)
-- List the acts that have no place in the tree, in their order.
SELECT a.id, a.commitment, a.name LIKE 'evidence:checkpoint:%%' FROM belofte.act a
WHERE a.id > :settled AND a.id <= :newest
  AND a.id NOT IN (SELECT unnest(acts) FROM belofte.tile WHERE span && int8range(:settled, NULL, '()'))
ORDER BY a.id LIMIT :most;

-- name: tiles_at(levels, numbers)
-- Return tiles by their places.
SELECT level, number, hashes FROM belofte.tile
JOIN unnest((:levels)::smallint[], (:numbers)::bigint[]) AS wanted (level, number) USING (level, number);

-- name: tile_acts(number)
-- Return which acts the leaves of a tile are.
SELECT acts FROM belofte.tile WHERE level = 0 AND number = :number;

-- name: tiles_put(levels, numbers, hashes)!
-- Keep the tiles above the leaves that are new or fuller.
INSERT INTO belofte.tile (level, number, hashes)
SELECT * FROM unnest((:levels)::smallint[], (:numbers)::bigint[], (:hashes)::bytea[])
ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes;

-- name: leaf_tile_gone(number)!
-- Let go of a partial tile of leaves that a fuller one comes in place of.
DELETE FROM belofte.tile WHERE level = 0 AND number = :number;

-- name: leaf_tiles_copy()!
-- Receive tiles of leaves in bulk.
COPY belofte.tile (level, number, hashes, acts, span) FROM STDIN (FORMAT binary);

-- name: checkpoint_put(size, note, settled)!
-- Keep a signed head.
INSERT INTO belofte.checkpoint (size, note, settled) VALUES (:size, :note, :settled);

-- name: checkpoint_note_changed(size, note)!
-- Keep a head with one more signature under it.
UPDATE belofte.checkpoint SET note = :note WHERE size = :size AND note <> :note;

-- name: checkpoint_at(size)^
-- Return the signed head of a tree of this size.
SELECT size, note, settled FROM belofte.checkpoint WHERE size = :size;

-- name: leaf_of(act)
-- Return which leaf an act is.
SELECT number * 256 + array_position(acts, (:act)::bigint) - 1 FROM belofte.tile
WHERE span @> (:act)::bigint AND acts @> ARRAY[(:act)::bigint];

-- name: log_keys()
-- List the keys that sign the log, in their order.
SELECT vkey, endorsement FROM belofte.log_key ORDER BY number;

-- name: log_key_added(vkey, endorsement)!
-- Keep a key, with the note by which the one before it names it.
INSERT INTO belofte.log_key (vkey, endorsement) VALUES (:vkey, :endorsement);

-- name: acts_of_session()
-- Which act this session wrote last; an error where it wrote none.
SELECT currval('belofte.act_id_seq');

-- name: log_compared(logged, covered, forgotten, acts)
-- Name the rows of a table that are not as the log says. Acts: those about the table, where they are few.
SELECT key, finding, mark
FROM belofte.log_compared((:logged)::regclass, (:covered)::text[], (:forgotten)::uuid[], (:acts)::bigint[]);

-- name: log_functions()
-- List the functions that write the log and hold tables against it.
SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'belofte'::regnamespace;

-- name: log_triggers()
-- List the triggers of the database that are always on, whatever path the session finds tables by.
SELECT format('%%s.%%s', nspname, relname), tgname FROM pg_trigger
JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace
WHERE NOT tgisinternal AND tgenabled = 'A';

-- name: findings_acknowledged()
-- List what was said of findings that are to stay as they are.
SELECT finding, reason, acknowledged_by, acknowledged_at FROM belofte.acknowledgement;

-- name: finding_acknowledged(finding, reason, by)!
-- Say of a finding that it is to stay as it is; what was said first stays.
INSERT INTO belofte.acknowledgement (finding, reason, acknowledged_by) VALUES (:finding, :reason, :by)
ON CONFLICT DO NOTHING;

-- name: checkpoints_all()
-- List the signed heads in their order.
SELECT size, note, settled FROM belofte.checkpoint ORDER BY size;

-- name: checkpoints_after(after, most)
-- List the signed heads of logs longer than this, in their order.
SELECT size, note, settled FROM belofte.checkpoint WHERE size > :after ORDER BY size LIMIT :most;

-- name: acts_between(after, most)
-- List acts in their order.
SELECT id, name, at, about, content, salt, commitment FROM belofte.act WHERE id > :after ORDER BY id LIMIT :most;

-- name: acts_erased_unsaid()
-- List the acts that were erased and that no act names as such.
WITH said AS MATERIALIZED (
    SELECT DISTINCT e::bigint AS id
    FROM belofte.act, jsonb_array_elements_text(content::jsonb #> '{payload,acts}') e WHERE name = 'evidence:acts:erased'
)
SELECT a.id, a.commitment FROM belofte.act a LEFT JOIN said USING (id) WHERE a.content IS NULL AND said.id IS NULL ORDER BY a.id;

-- name: leaves_between(first, last)
-- List which acts the leaves of some tiles are, with what each commits to.
SELECT t.number, t.acts, t.hashes, t.span = u.span, u.commitments
FROM belofte.tile t, LATERAL (
    SELECT int8range(min(n.id), max(n.id), '[]') AS span, array_agg(a.commitment ORDER BY n.at) AS commitments
    FROM unnest(t.acts) WITH ORDINALITY n (id, at) LEFT JOIN belofte.act a ON a.id = n.id
) u WHERE t.level = 0 AND t.number BETWEEN :first AND :last ORDER BY t.number;

-- name: leaves_twice()
-- List the acts that are a leaf more than once, each with the first tile that has it.
SELECT id, min(number) FROM belofte.tile, unnest(acts) id WHERE level = 0 GROUP BY id HAVING count(*) > 1 ORDER BY id;

-- name: acts_unplaced(settled)
-- List the acts that ought to have a place in the tree and have none.
SELECT a.id FROM belofte.act a LEFT JOIN (SELECT unnest(acts) AS id FROM belofte.tile WHERE level = 0) t USING (id)
WHERE a.id <= :settled AND t.id IS NULL ORDER BY a.id;

-- name: tiles_counted()
-- Count the tiles of each level.
SELECT level, count(*) FROM belofte.tile GROUP BY level;

-- name: disclosed_otherwise()
-- List the disclosures whose list of people, but for those forgotten, is not the one that they commit to.
SELECT d.id, sha256(coalesce(string_agg(p.key_digest, ''::bytea ORDER BY p.key_digest), ''::bytea))
FROM belofte.disclosure d
LEFT JOIN (
    SELECT DISTINCT disclosure_id, key_digest FROM belofte.disclosure_person WHERE key_digest IS NOT NULL
) p ON p.disclosure_id = d.id
WHERE d.people IS NOT NULL GROUP BY d.id
HAVING d.people_digest <> sha256(coalesce(string_agg(p.key_digest, ''::bytea ORDER BY p.key_digest), ''::bytea));

-- name: acts_naming(word, most)
-- List the newest acts that name an id or a digest; all acts where the word is empty.
SELECT id, name, at, about, content, salt, commitment FROM belofte.act
WHERE content IS NOT NULL AND ((:word)::text = '' OR position((:word)::text IN content) > 0) ORDER BY id DESC LIMIT :most;

-- name: tiles_between(level, first, last)
-- List the tiles of a level, with the acts of their leaves.
SELECT number, hashes, acts FROM belofte.tile WHERE level = :level AND number BETWEEN :first AND :last ORDER BY number;

-- name: commitments(acts)
-- List what acts commit to, in the order asked.
SELECT a.commitment FROM unnest((:acts)::bigint[]) WITH ORDINALITY u (id, at) JOIN belofte.act a ON a.id = u.id ORDER BY u.at;

-- name: leaves_told(first, last)
-- List what the leaves of some tiles commit to; of acts that are about no person also what they say.
SELECT a.commitment, CASE WHEN a.about IS NULL THEN a.content END, CASE WHEN a.about IS NULL THEN a.salt END
FROM belofte.tile t, unnest(t.acts) WITH ORDINALITY u (id, at) JOIN belofte.act a ON a.id = u.id
WHERE t.level = 0 AND t.number BETWEEN :first AND :last ORDER BY t.number, u.at;

-- name: acts_of_erasures()
-- List the acts by which erasures were fulfilled: that of each request, and those of its stores.
WITH done AS (
    SELECT id, name, content::jsonb #>> CASE name WHEN 'rights:store:done' THEN '{payload,row,request_id}'::text[]
                                        ELSE '{payload,row,id}' END AS request
    FROM belofte.act WHERE name IN ('rights:request:fulfilled', 'rights:store:done')
)
SELECT r.short, d.id, d.name FROM done d JOIN belofte.request r ON r.id::text = d.request
WHERE r."right" = 'erasure' AND r.state = 'fulfilled' ORDER BY r.short, d.id;
