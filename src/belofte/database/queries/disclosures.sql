-- name: disclosed(subject_id, recipient, purpose, ground, categories, store, at, digest, request_id, reference, people, people_digest)
-- Record that a recipient received data; return the disclosure's number.
INSERT INTO belofte.disclosure (
    subject_id, recipient, purpose, ground, categories, store, disclosed_at, digest, request_id, reference, people,
    people_digest
) VALUES (
    :subject_id, :recipient, :purpose, :ground, :categories, :store, :at, :digest, :request_id, :reference, :people,
    :people_digest
) RETURNING id;

-- name: disclosed_forgotten(subjects)!
-- Let go of the digests of people's rows in disclosures, and commit to a list without them where it was the one committed to.
WITH named AS (
    SELECT key_digest, subject_id FROM belofte.subject_key WHERE subject_id = ANY(:subjects)
    UNION
    SELECT key_digest, subject_id FROM belofte.disclosure_person
    WHERE subject_id = ANY(:subjects) AND key_digest IS NOT NULL
), lists AS (
    SELECT disclosure_id, sha256(string_agg(key_digest, ''::bytea ORDER BY key_digest)) AS was,
           sha256(coalesce(string_agg(key_digest, ''::bytea ORDER BY key_digest) FILTER (WHERE stays), ''::bytea)) AS rest
    FROM (
        SELECT DISTINCT disclosure_id, key_digest, key_digest NOT IN (SELECT key_digest FROM named) AS stays
        FROM belofte.disclosure_person WHERE key_digest IS NOT NULL AND disclosure_id IN (
            SELECT disclosure_id FROM belofte.disclosure_person JOIN named USING (key_digest)
        )
    ) p GROUP BY disclosure_id
), restated AS (
    UPDATE belofte.disclosure d SET people_digest = lists.rest FROM lists
    WHERE d.id = lists.disclosure_id AND d.people_digest = lists.was
)
UPDATE belofte.disclosure_person AS p SET subject_id = named.subject_id, key_digest = NULL
FROM named WHERE p.key_digest = named.key_digest;

-- name: disclosed_unsaid(subjects)!
-- Let go of what was written freely of disclosures about these people.
UPDATE belofte.disclosure SET ground = 'forgotten', reference = NULL WHERE subject_id = ANY(:subjects);

-- name: disclosure_locked(id)
-- Return what is written freely of a disclosure, and let nobody else change it until the transaction ends.
SELECT ground, reference FROM belofte.disclosure WHERE id = :id FOR UPDATE;

-- name: disclosure_acts_erased(id)
-- Erase what acts say of a disclosure, and name the acts.
UPDATE belofte.act SET name = NULL, at = NULL, about = NULL, content = NULL, salt = NULL
WHERE name LIKE 'sharing:disclosure:%%' AND content::json #>> '{payload,row,id}' = (:id)::bigint::text RETURNING id;

-- name: disclosure_redacted(id, ground, reference)!
-- Let something else stand in place of what was written freely of a disclosure.
UPDATE belofte.disclosure SET ground = :ground, reference = :reference WHERE id = :id;

-- name: redaction_recorded(disclosure, why, by, at)!
-- Record that it does, why and by whom.
INSERT INTO belofte.redaction (disclosure_id, why, redacted_by, redacted_at) VALUES (:disclosure, :why, :by, :at);

-- name: disclosures(subjects, keys)
-- List who received data about these people: known by who they are, or by the rows that are theirs.
SELECT id, subject_id, recipient, purpose, ground, categories, store, disclosed_at, digest, request_id, reference,
       people
FROM belofte.disclosure
WHERE subject_id = ANY(:subjects)
   OR id IN (
       SELECT disclosure_id FROM belofte.disclosure_person
       WHERE subject_id = ANY(:subjects) OR key_digest = ANY((:keys)::bytea[])
       UNION ALL
       SELECT p.disclosure_id FROM belofte.subject_key k
       JOIN belofte.disclosure_person p ON p.key_digest = k.key_digest
       WHERE k.subject_id = ANY(:subjects)
   )
ORDER BY disclosed_at, id;

-- name: disclosures_unlisted(stores)
-- List who received data from these stores, of whomever it was.
SELECT id, subject_id, recipient, purpose, ground, categories, store, disclosed_at, digest, request_id, reference,
       people
FROM belofte.disclosure WHERE subject_id IS NULL AND people IS NULL AND store = ANY(:stores)
ORDER BY disclosed_at, id;

-- name: disclosures_recipients()
-- List who ever received something.
SELECT DISTINCT recipient FROM belofte.disclosure;

-- name: disclosures_register(since, recipient)
-- List who received what, in the order of time.
SELECT id, subject_id, recipient, purpose, ground, categories, store, disclosed_at, digest, request_id, reference,
       people
FROM belofte.disclosure
WHERE ((:since)::timestamptz IS NULL OR disclosed_at >= :since)
  AND ((:recipient)::text IS NULL OR recipient = :recipient)
ORDER BY disclosed_at, id;
