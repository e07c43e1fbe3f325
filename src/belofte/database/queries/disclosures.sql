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
-- Let go of the digests of people's rows in disclosures: that somebody was in them stays, without a name.
UPDATE belofte.disclosure_person AS p SET subject_id = named.subject_id, key_digest = NULL
FROM (
    SELECT key_digest, subject_id FROM belofte.subject_key WHERE subject_id = ANY(:subjects)
    UNION
    SELECT key_digest, subject_id FROM belofte.disclosure_person
    WHERE subject_id = ANY(:subjects) AND key_digest IS NOT NULL
) AS named
WHERE p.key_digest = named.key_digest;

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
