-- name: events_copy()!
-- Receive events in bulk.
COPY belofte.event (
    kind, subject_id, purpose, channel, category, store, table_name, key_digest, valid_from, valid_until, origin,
    evidence, request_id, hold_id
) FROM STDIN;

-- name: events_of_subjects(subjects, at, known_at)
-- List the events of these people that held at a moment and were recorded by another, person by person.
SELECT subject_id, kind, purpose, channel, category, valid_from, valid_until, origin, evidence::text, hold_id, request_id,
       recorded_at
FROM belofte.event WHERE subject_id = ANY(:subjects) AND valid_from <= :at AND recorded_at <= :known_at
ORDER BY subject_id, valid_from, id;

-- name: events_of_store(at, store, entry)
-- List the events of everyone with a row in a store that held at a moment, person by person.
SELECT subject_id, kind, purpose, channel, category, valid_from, valid_until, origin, evidence::text, hold_id, request_id,
       recorded_at
FROM belofte.event
WHERE valid_from <= :at
  AND subject_id IN (SELECT subject_id FROM belofte.subject_key WHERE store = :store AND entry = :entry)
ORDER BY subject_id, valid_from, id;

-- name: subjects_copy()!
-- Receive new people in bulk.
COPY belofte.subject (id) FROM STDIN;

-- name: identifiers_copy()!
-- Receive identifiers of new people in bulk.
COPY belofte.subject_identifier (subject_id, kind, digest) FROM STDIN;

-- name: subjects_made_known(subjects, of, kinds, digests)!
-- Receive a few new people, and identifiers of new or known ones.
WITH made AS (INSERT INTO belofte.subject (id) SELECT unnest((:subjects)::uuid[]))
INSERT INTO belofte.subject_identifier (subject_id, kind, digest)
SELECT * FROM unnest((:of)::uuid[], (:kinds)::text[], (:digests)::bytea[]);

-- name: identifiers_added(subjects, kinds, digests)!
-- Add digests of identifiers to people.
INSERT INTO belofte.subject_identifier (subject_id, kind, digest)
SELECT * FROM unnest((:subjects)::uuid[], (:kinds)::text[], (:digests)::bytea[]) ON CONFLICT DO NOTHING;

-- name: identifiers_found(kinds, digests)
-- Find the people who have one of these digests.
SELECT i.kind, i.digest, i.subject_id
FROM belofte.subject_identifier i
JOIN unnest((:kinds)::text[], (:digests)::bytea[]) AS wanted (kind, digest) USING (kind, digest)
ORDER BY i.added_at, i.subject_id;

-- name: identifiers_forgotten(subjects)!
-- Let go of the identifiers of people: their events lose their name.
DELETE FROM belofte.subject_identifier WHERE subject_id = ANY(:subjects);

-- name: subjects_locked(lock)
-- Let one process at a time make people known, until its transaction ends.
SELECT pg_advisory_xact_lock(:lock);

-- name: keys_linked(store, entry, keys, identities, subjects)!
-- Say that rows of a store are these people's.
INSERT INTO belofte.subject_key AS was (store, entry, key_digest, identity_digest, subject_id)
SELECT :store, :entry, wanted.key_digest, wanted.identity_digest, wanted.subject_id
FROM unnest((:keys)::bytea[], (:identities)::bytea[], (:subjects)::uuid[])
     AS wanted (key_digest, identity_digest, subject_id)
ON CONFLICT (store, entry, key_digest, identity_digest)
DO UPDATE SET subject_id = excluded.subject_id, linked_at = now() WHERE was.subject_id <> excluded.subject_id;

-- name: keys_found(store, entry, keys)
-- Find whose these rows of a store are.
SELECT key_digest, identity_digest, subject_id FROM belofte.subject_key
WHERE store = :store AND entry = :entry AND key_digest = ANY(:keys);

-- name: keys_of_store(store, entry)
-- List whose the rows of a store are.
SELECT key_digest, identity_digest, subject_id FROM belofte.subject_key WHERE store = :store AND entry = :entry;

-- name: keys_forgotten(subjects)!
-- Let go of the rows of people.
DELETE FROM belofte.subject_key WHERE subject_id = ANY(:subjects);

-- name: erased_in(store)
-- List the people of whom a store let go at their request; it was carried out there.
SELECT DISTINCT of_request.subject_id
FROM belofte.request r
JOIN belofte.request_store s ON s.request_id = r.id
JOIN belofte.request_subject of_request ON of_request.request_id = r.id
WHERE r."right" = 'erasure' AND s.store = :store AND s.state IN ('done', 'undetermined');

-- name: identifiers_of(subjects)
-- List the digests of the identifiers of these people.
SELECT kind, digest, subject_id FROM belofte.subject_identifier WHERE subject_id = ANY(:subjects);

-- name: subjects_known_by(subjects)
-- Tell by which kinds of identifiers these people are known, and since when.
SELECT coalesce(array_agg(DISTINCT i.kind ORDER BY i.kind) FILTER (WHERE i.kind IS NOT NULL), '{}'),
       coalesce(max(s.created_at), now())
FROM belofte.subject s LEFT JOIN belofte.subject_identifier i ON i.subject_id = s.id WHERE s.id = ANY(:subjects);

-- name: keys_of(store, subjects)
-- List the rows of a store that are known to be these people's.
SELECT entry, key_digest, subject_id FROM belofte.subject_key WHERE store = :store AND subject_id = ANY(:subjects);

-- name: corrected_in(store, since)
-- List the requests by which something was corrected in a store since a moment.
SELECT r.id, r.short
FROM belofte.request r JOIN belofte.request_store s ON s.request_id = r.id
WHERE r."right" = 'rectification' AND s.store = :store AND s.state = 'done' AND s.finished_at >= :since
ORDER BY s.finished_at, r.short;

-- name: hold_opened(id, title, reason, owner, review_on, at)!
-- Open a legal hold.
INSERT INTO belofte.hold (id, title, reason, owner, review_on, opened_at)
VALUES (:id, :title, :reason, :owner, :review_on, :at);

-- name: hold_table_named(hold_id, store, table_name)!
-- Name a whole table in a legal hold.
INSERT INTO belofte.hold_table (hold_id, store, table_name) VALUES (:hold_id, :store, :table_name)
ON CONFLICT DO NOTHING;

-- name: hold_closed(at, id)!
-- Close a legal hold.
UPDATE belofte.hold SET closed_at = :at WHERE id = :id AND closed_at IS NULL;

-- name: holds_open(at)
-- List the legal holds that run, the first to review first.
SELECT id, title, reason, owner, review_on, opened_at, closed_at FROM belofte.hold
WHERE opened_at <= :at AND (closed_at IS NULL OR closed_at > :at) ORDER BY review_on, title;

-- name: tables_held(at)
-- List the tables that a running hold names.
SELECT DISTINCT t.store, t.table_name FROM belofte.hold_table t JOIN belofte.hold h ON h.id = t.hold_id
WHERE h.opened_at <= :at AND (h.closed_at IS NULL OR h.closed_at > :at) ORDER BY t.store, t.table_name;

-- name: hold_people(hold_id)
-- List the people that a hold was set on and not lifted from.
SELECT subject_id FROM belofte.event WHERE hold_id = :hold_id AND kind IN ('hold:set', 'hold:lifted')
GROUP BY subject_id
HAVING max(valid_from) FILTER (WHERE kind = 'hold:set')
       >= coalesce(max(valid_from) FILTER (WHERE kind = 'hold:lifted'), '-infinity')
ORDER BY subject_id;

-- name: policy_taken_up(digest, version, holds_from, document)!
-- Record that a policy is taken up, where another one was the last, and the policy whole, where it is new.
WITH recorded AS (
    INSERT INTO belofte.policy_version (digest, version, holds_from, document)
    VALUES (:digest, :version, :holds_from, (:document)::jsonb) ON CONFLICT DO NOTHING
)
INSERT INTO belofte.policy_adoption (digest) SELECT :digest
WHERE (:digest)::bytea IS DISTINCT FROM (SELECT digest FROM belofte.policy_adoption ORDER BY id DESC LIMIT 1);

-- name: policies_taken_up(known_at)
-- List how policies were taken up by a moment, in their order: which, when, and the day that it names.
SELECT digest, adopted_at, holds_from FROM belofte.policy_adoption JOIN belofte.policy_version USING (digest)
WHERE adopted_at <= :known_at ORDER BY adopted_at, id;

-- name: policy_document(digest)
-- Read one recorded policy.
SELECT document::text FROM belofte.policy_version WHERE digest = :digest;

-- name: policy_of_version(version)
-- The policy that a version's notice was put out for first, else the one that was recorded last under its name.
SELECT document::text FROM belofte.policy_version
LEFT JOIN (
    SELECT policy_digest AS digest FROM belofte.notice_publication WHERE version = :version ORDER BY id LIMIT 1
) out USING (digest)
WHERE version = :version ORDER BY (out.digest IS NULL), recorded_at DESC LIMIT 1;

-- name: policy_versions_named()
-- The names of the versions recorded.
SELECT DISTINCT version FROM belofte.policy_version WHERE version IS NOT NULL ORDER BY version;

-- name: subjects_there(subjects)
-- Find which of these people Belofte knows.
SELECT id FROM belofte.subject WHERE id = ANY(:subjects);

-- name: settled(digest)
-- Tell whether the kept present state is that of a policy and nobody waits to be decided anew.
SELECT EXISTS (SELECT FROM belofte.present_policy WHERE digest = :digest)
   AND NOT EXISTS (SELECT FROM belofte.unsettled);

-- name: settling_locked(lock)
-- Let one process at a time settle, until its transaction ends.
SELECT pg_advisory_xact_lock(:lock);

-- name: present_policy_changed(digest)!
-- Say which policy the present state is kept for; nothing where it was so already.
INSERT INTO belofte.present_policy AS was (digest) VALUES (:digest)
ON CONFLICT (one) DO UPDATE SET digest = excluded.digest WHERE was.digest <> excluded.digest;

-- name: everybody_unsettled()!
-- Have everybody decided anew.
INSERT INTO belofte.unsettled (subject_id) SELECT id FROM belofte.subject;

-- name: overdue_unsettled(at)!
-- Have everybody decided anew whose kept state is over.
INSERT INTO belofte.unsettled (subject_id)
SELECT subject_id FROM belofte.present WHERE until <= :at;

-- name: unsettled_taken()
-- Take everybody who waits to be decided anew.
DELETE FROM belofte.unsettled RETURNING subject_id;

-- name: standings()
-- List what people's choices leave open: few, however many people there are.
SELECT id, keys, consented FROM belofte.standing;

-- name: standing_numbered(digest, keys, consented)
-- Number what somebody's choices leave open.
INSERT INTO belofte.standing (digest, keys, consented) VALUES (:digest, :keys, :consented)
ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest RETURNING id;

-- name: present_settled(subjects, standings, sinces, untils)!
-- Keep what was decided for people, and between which moments it holds.
INSERT INTO belofte.present AS was (subject_id, standing, since, until)
SELECT * FROM unnest((:subjects)::uuid[], (:standings)::integer[], (:sinces)::timestamptz[], (:untils)::timestamptz[])
ON CONFLICT (subject_id)
DO UPDATE SET standing = excluded.standing, since = excluded.since, until = excluded.until
WHERE (was.standing, was.since, was.until) <> (excluded.standing, excluded.since, excluded.until);

-- name: present_scanned(at, standings)
-- Join the ids of the people of some standings, of those whose kept state is over and had not begun; nobody who waits.
SELECT string_agg(uuid_send(subject_id), '') FILTER (WHERE since <= :at AND :at < until AND standing = ANY(:standings)),
       string_agg(uuid_send(subject_id), '') FILTER (WHERE until <= :at),
       string_agg(uuid_send(subject_id), '') FILTER (WHERE since > :at)
FROM belofte.present WHERE subject_id <> ALL(ARRAY(SELECT subject_id FROM belofte.unsettled));

-- name: events_exported()
-- List every event, in the order in which they were recorded.
SELECT to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), subject_id::text, kind, purpose, channel,
       category, to_char(valid_from AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       to_char(valid_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), origin, evidence::text
FROM belofte.event ORDER BY id;

-- name: events_of_import(short)
-- List the records of an import that nobody proved and nobody let go of.
SELECT subject_id, kind, purpose, channel, category, valid_from, valid_until, origin, evidence::text, hold_id, request_id,
       recorded_at
FROM belofte.event e
WHERE kind = 'consent:imported' AND evidence ->> 'import' = :short
  AND NOT EXISTS (
      SELECT FROM belofte.event w
      WHERE w.subject_id = e.subject_id AND w.evidence ->> 'import' = :short
        AND w.kind IN ('consent:given', 'consent:released') AND w.recorded_at > e.recorded_at
        AND (w.purpose, w.channel) IS NOT DISTINCT FROM (e.purpose, e.channel)
  )
ORDER BY subject_id, valid_from, id;

-- name: imports()
-- List the imports, those that wait for a word first.
SELECT id, short, source, imported_by, imported_at, given, quarantined, refused, signed_off_by, signed_off_at, word
FROM belofte.consent_import ORDER BY signed_off_at NULLS FIRST, imported_at;

-- name: import_opened(id, short, source, digest, by, at)!
-- Record that a file of consents is brought in.
INSERT INTO belofte.consent_import (id, short, source, digest, imported_by, imported_at)
VALUES (:id, :short, :source, :digest, :by, :at);

-- name: import_of(digest)^
-- Find the import of a file, and how far it is.
SELECT short, given, quarantined, refused FROM belofte.consent_import WHERE digest = :digest;

-- name: import_counted(given, quarantined, refused, known, short)!
-- Record how far an import is, where nobody else brought it further than `known` rows.
UPDATE belofte.consent_import SET given = :given, quarantined = :quarantined, refused = :refused
WHERE short = :short AND given + quarantined + refused = :known;

-- name: import_signed_off(by, at, word, short)!
-- Record the word of a second person on what an import could not show.
UPDATE belofte.consent_import SET signed_off_by = :by, signed_off_at = :at, word = :word
WHERE short = :short AND signed_off_at IS NULL;

-- name: subjects_who_consented(at)
-- List the people of whom a consent is recorded.
SELECT DISTINCT subject_id FROM belofte.event WHERE kind = 'consent:given' AND valid_from <= :at AND subject_id IS NOT NULL;

-- name: chose_since(since)
-- Who chose something, or about whom something was decided, since a moment: each with the first time, oldest first.
SELECT subject_id, min(recorded_at) FROM belofte.event
WHERE recorded_at > :since AND subject_id IS NOT NULL GROUP BY 1 ORDER BY 2, 1;
