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
