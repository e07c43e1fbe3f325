-- name: audit_trail(until)
-- List what is recorded of acts up to a moment, in the order of the time from which they hold.
-- `other`: a recipient, or the right that a request is about; `shown`: whether a notice was named with a consent.
SELECT valid_from AS at, 'event ' || id AS source, kind AS what, subject_id::text AS who, purpose,
       CASE WHEN category IS NULL THEN '{}' ELSE ARRAY[category] END AS categories, NULL AS other,
       coalesce(evidence ->> 'notice', '') <> '' AS shown, CASE WHEN channel IS NULL THEN 1 ELSE 2 END AS rank
FROM belofte.event WHERE subject_id IS NOT NULL AND valid_from <= :until
UNION ALL
SELECT disclosed_at, 'disclosure ' || id, 'disclosure', subject_id::text, purpose, categories, recipient, false, 3
FROM belofte.disclosure WHERE disclosed_at <= :until AND people IS NULL
UNION ALL
SELECT DISTINCT d.disclosed_at, 'disclosure ' || d.id, 'disclosure',
       coalesce(p.subject_id::text, k.subject_id::text, 'row ' || encode(p.key_digest, 'hex')), d.purpose, d.categories,
       d.recipient, false, 3
FROM belofte.disclosure d JOIN belofte.disclosure_person p ON p.disclosure_id = d.id
LEFT JOIN belofte.subject_key k ON p.subject_id IS NULL AND k.store = d.store AND k.key_digest = p.key_digest
WHERE d.disclosed_at <= :until
UNION ALL
SELECT received_at, 'request ' || short, 'asked', short, NULL, '{}', "right", false, 0
FROM belofte.request WHERE received_at <= :until
UNION ALL
SELECT received_at, 'request ' || short, 'longer', short, NULL, '{}', "right", false, 1
FROM belofte.request WHERE received_at <= :until AND extended_due IS NOT NULL
UNION ALL
SELECT closed_at, 'request ' || short, 'answered', short, NULL, '{}', "right", false, 4
FROM belofte.request WHERE closed_at <= :until
UNION ALL
SELECT min(d.finished_at), 'request ' || r.short, 'changed', s.subject_id::text, NULL, '{}', r."right", false, 4
FROM belofte.request r JOIN belofte.request_subject s ON s.request_id = r.id
JOIN belofte.request_store d ON d.request_id = r.id
WHERE d.finished_at <= :until AND r."right" IN ('erasure', 'rectification', 'restriction')
GROUP BY r.short, r."right", s.subject_id
UNION ALL
SELECT t.closed_at, 'task ' || t.id, 'told', s.subject_id::text, NULL, '{}', t.recipient, false, 5
FROM belofte.retention_task t JOIN belofte.request_subject s ON s.request_id = t.request_id
WHERE t.kind = 'notice' AND t.closed_at <= :until
UNION ALL
SELECT planned_at, 'sweep ' || short, 'due', 'store ' || store, NULL, '{}', NULL, false, 0
FROM belofte.sweep WHERE planned_at <= :until
UNION ALL
SELECT finished_at, 'sweep ' || short, 'let-go', 'store ' || store, NULL, '{}', NULL, false, 4
FROM belofte.sweep WHERE finished_at <= :until AND state IN ('done', 'stale')
ORDER BY at, rank, source, who;
