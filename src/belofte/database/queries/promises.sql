-- name: proof_run_made(policy, started, finished)
-- Record a run of proofs, and return its number.
INSERT INTO belofte.proof_run (policy_digest, started_at, finished_at) VALUES (:policy, :started, :finished)
RETURNING id;

-- name: proof_made(run, promise, state, holds, since, figures, found)!
-- Record what a promise came to in a run.
INSERT INTO belofte.proof (run_id, promise, state, holds, since, figures, found)
VALUES (:run, :promise, :state, :holds, :since, :figures, :found);

-- name: proofs_last()
-- List what each promise came to when it was proven last.
SELECT DISTINCT ON (promise) run_id, promise, state, holds, since, figures, found
FROM belofte.proof ORDER BY promise, run_id DESC;

-- name: proof_turns(promise)
-- List the runs in which a promise came into another state, the newest first.
SELECT DISTINCT ON (since) run_id, promise, state, holds, since, figures, found
FROM belofte.proof WHERE promise = :promise ORDER BY since DESC, run_id;

-- name: measured_all()
-- List what means came to when they were measured last.
SELECT part, marker, at, outcome FROM belofte.measured;

-- name: measured_put(part, marker, at, outcome)!
-- Remember what a means came to, and from what.
INSERT INTO belofte.measured (part, marker, at, outcome) VALUES (:part, :marker, :at, :outcome)
ON CONFLICT (part) DO UPDATE SET marker = excluded.marker, at = excluded.at, outcome = excluded.outcome;

-- name: requests_in_time(since)
-- List the requests that have no answer, or were answered since a moment: when they were due, and when answered.
SELECT short, coalesce(extended_due, due) AS due, (closed_at AT TIME ZONE 'Europe/Brussels')::date AS closed_on
FROM belofte.request WHERE closed_at IS NULL OR closed_at >= :since ORDER BY 2, 1;

-- name: complaints_in_time(since)
-- List the complaints open, or answered since a moment: when due, when answered; what became a request, as that was.
SELECT c.short, coalesce(r.extended_due, r.due, c.due) AS due,
       (CASE WHEN r.id IS NULL THEN c.closed_at ELSE r.closed_at END AT TIME ZONE 'Europe/Brussels')::date AS closed_on
FROM belofte.complaint c LEFT JOIN belofte.request r ON r.id = c.request_id
WHERE CASE WHEN r.id IS NULL THEN c.closed_at ELSE r.closed_at END IS NULL OR c.closed_at >= :since ORDER BY 2, 1;

-- name: disclosures_declared()
-- List every disclosure, as far as the policy says something of it.
SELECT id, recipient, purpose, ground, digest FROM belofte.disclosure ORDER BY id;

-- name: erased_led_to()
-- Count the people whom a store let go of at their request, and those whom no digest leads to, not forgotten by the log.
SELECT count(*), count(*) FILTER (
    WHERE NOT EXISTS (SELECT FROM belofte.subject_identifier i WHERE i.subject_id = e.subject_id)
      AND NOT EXISTS (SELECT FROM belofte.subject_key k WHERE k.subject_id = e.subject_id)
      AND EXISTS (SELECT FROM belofte.act a WHERE a.about = e.subject_id)
)
FROM (
    SELECT DISTINCT whose.subject_id FROM belofte.request r
    JOIN belofte.request_store s ON s.request_id = r.id
    JOIN belofte.request_subject whose ON whose.request_id = r.id
    WHERE r."right" = 'erasure' AND s.state IN ('done', 'undetermined')
) e;

-- name: choices_marker()
-- What differs as soon as anybody chose, is known otherwise, or a hold was made or ended.
SELECT (SELECT count(*) FROM belofte.event), (SELECT max(id) FROM belofte.event),
       (SELECT count(*) FROM belofte.subject_identifier), (SELECT max(added_at) FROM belofte.subject_identifier),
       (SELECT count(*) FROM belofte.subject_key), (SELECT max(linked_at) FROM belofte.subject_key),
       (SELECT count(*) FROM belofte.hold_table), (SELECT max(opened_at) FROM belofte.hold),
       (SELECT max(closed_at) FROM belofte.hold);
