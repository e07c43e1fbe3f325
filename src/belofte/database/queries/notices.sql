-- name: notice_published(version, language, form, content, holds_from, policy_digest, at)!
-- A file of a notice as it goes out, for good.
INSERT INTO belofte.notice (version, language, form, digest, content, holds_from, policy_digest, published_at)
VALUES (:version, :language, :form, sha256(:content), :content, :holds_from, :policy_digest, :at);

-- name: notice_put_out(version, holds_from, policy_digest, at)!
-- Record that the notice of a policy is a version's, where another one was put out last.
INSERT INTO belofte.notice_publication (version, holds_from, policy_digest, published_at)
SELECT :version, :holds_from, :policy_digest, :at
WHERE NOT EXISTS (
    SELECT FROM (SELECT version, policy_digest FROM belofte.notice_publication ORDER BY id DESC LIMIT 1) l
    WHERE l.version = :version AND l.policy_digest = :policy_digest
);

-- name: versions_put_out()
-- When each version was put out first, and for which policy.
SELECT DISTINCT ON (version) version, policy_digest, published_at FROM belofte.notice_publication ORDER BY version, id;

-- name: versions_taken_up()
-- How versions were put out, in the order of time: which, when, and the day that it names.
SELECT version, published_at, holds_from FROM belofte.notice_publication ORDER BY published_at, id;

-- name: notices_published()
-- The files of every version, the newest version first, without what they say.
SELECT version, language, form, digest, holds_from, published_at FROM belofte.notice
ORDER BY holds_from DESC, version, language, form;

-- name: notice_files(version)
-- The files of a version with what they say.
SELECT language, form, content FROM belofte.notice WHERE version = :version ORDER BY language, form;

-- name: notice_digest(version, language, form)
-- The digest of a file.
SELECT digest FROM belofte.notice WHERE version = :version AND language = :language AND form = :form;

-- name: notices_locked(lock)
-- One publishes at a time.
SELECT pg_advisory_xact_lock(:lock);

-- name: announcement_prepared(id, short, digest, from_policy, to_policy, kinds, people, silent, by_hand, prepared_by, at)
-- Record an announcement, unless exactly this one is recorded.
INSERT INTO belofte.announcement (
    id, short, digest, from_policy, to_policy, kinds, people, silent, by_hand, prepared_by, prepared_at
)
VALUES (
    :id, :short, :digest, :from_policy, :to_policy, :kinds, :people, :silent, :by_hand, :prepared_by, :at
)
ON CONFLICT (digest) DO NOTHING
RETURNING *;

-- name: announcement_of(digest)
-- The announcement whose messages and list have a digest.
SELECT * FROM belofte.announcement WHERE digest = :digest;

-- name: announcements()
-- Every announcement, the oldest first.
SELECT * FROM belofte.announcement ORDER BY prepared_at, id;

-- name: tellings_recorded(announcement, recipients, stores, states, way, reasons, at)!
-- Record what became of telling people, or those of stores kept by hand; whose address it was, where that is one person.
INSERT INTO belofte.telling (announcement_id, recipient, store, subject_id, state, way, reason, at)
SELECT :announcement, t.recipient, t.store, (
    SELECT (array_agg(i.subject_id))[1] FROM belofte.subject_identifier i
    WHERE i.kind = 'email' AND i.digest = t.recipient HAVING count(*) = 1
), t.state, :way, t.reason, :at
FROM unnest((:recipients)::bytea[], (:stores)::text[], (:states)::text[], (:reasons)::text[])
    AS t (recipient, store, state, reason);

-- name: tellings_standing(announcement)
-- How it stands with each that was tried: the last that is known.
SELECT DISTINCT ON (recipient, store) recipient, store, state, reason, at FROM belofte.telling
WHERE announcement_id = :announcement ORDER BY recipient, store, id DESC;

-- name: tellings_before(announcement)
-- How it stands with each who was tried by another announcement of the same policy.
SELECT DISTINCT ON (t.recipient, t.store) t.recipient, t.store, t.state, t.reason, t.at
FROM belofte.telling t JOIN belofte.announcement a ON a.id = t.announcement_id
WHERE a.id <> :announcement AND a.to_policy = (SELECT to_policy FROM belofte.announcement WHERE id = :announcement)
ORDER BY t.recipient, t.store, t.id DESC;

-- name: tellings_of(subjects, recipients)
-- List how it stands with telling some people, known by who they are or by digests, in the order of time.
SELECT short, state, reason, at FROM (
    SELECT DISTINCT ON (t.announcement_id, t.recipient) a.short, t.state, t.reason, t.at
    FROM belofte.announcement a
    JOIN LATERAL (
        SELECT * FROM belofte.telling WHERE announcement_id = a.id AND recipient = ANY((:recipients)::bytea[])
        UNION SELECT * FROM belofte.telling WHERE announcement_id = a.id AND subject_id = ANY(:subjects)
    ) t ON true
    ORDER BY t.announcement_id, t.recipient, t.id DESC
) s ORDER BY at, short;

-- name: announcement_locked(key)
-- One sends at a time.
SELECT pg_try_advisory_lock(hashtextextended('belofte announcement ' || :key, 0));

-- name: announcement_unlocked(key)
-- Let go of it.
SELECT pg_advisory_unlock(hashtextextended('belofte announcement ' || :key, 0));
