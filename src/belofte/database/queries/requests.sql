-- name: request_received(id, short, right, received_at, due, language, subjects, stores, states, reasons, salt, part, nonce, ciphertext)^
-- Record that a request came in, of whom, in which stores, and what is sealed with it; nothing where its name is taken.
WITH received AS (
    INSERT INTO belofte.request (id, short, "right", state, received_at, due, language)
    VALUES (:id, :short, :right, 'received', :received_at, :due, :language) ON CONFLICT (short) DO NOTHING
    RETURNING id, short, "right", state, received_at, due, extended_due, extended_because, verified_by, verified_at,
              language, policy_digest, plan_digest, reason, closed_at
), named AS (
    INSERT INTO belofte.request_subject (request_id, subject_id)
    SELECT r.id, s FROM received r, (SELECT DISTINCT unnest((:subjects)::uuid[])) u (s)
), keyed AS (
    INSERT INTO belofte.sealing_key (matter_id, salt)
    SELECT r.id, (:salt)::bytea FROM received r WHERE (:salt)::bytea IS NOT NULL
), sealed AS (
    INSERT INTO belofte.sealed (matter_id, part, nonce, ciphertext)
    SELECT r.id, :part, :nonce, :ciphertext FROM received r WHERE (:salt)::bytea IS NOT NULL
), concerned AS (
    INSERT INTO belofte.request_store (request_id, store, state, step, counts, reason)
    SELECT r.id, s.store, s.state, 0, '{}', s.reason
    FROM received r, unnest((:stores)::text[], (:states)::text[], (:reasons)::text[]) s (store, state, reason)
)
SELECT * FROM received;

-- name: request_by_name(short)^
-- Find a request by the short id that people read.
SELECT id, short, "right", state, received_at, due, extended_due, extended_because, verified_by, verified_at, language,
       policy_digest, plan_digest, reason, closed_at
FROM belofte.request WHERE short = :short;

-- name: request_by_id(id)^
-- Find a request by its id.
SELECT id, short, "right", state, received_at, due, extended_due, extended_because, verified_by, verified_at, language,
       policy_digest, plan_digest, reason, closed_at
FROM belofte.request WHERE id = :id;

-- name: requests_open()
-- List the requests without an answer, the most urgent first.
SELECT id, short, "right", state, received_at, due, extended_due, extended_because, verified_by, verified_at, language,
       policy_digest, plan_digest, reason, closed_at
FROM belofte.request WHERE closed_at IS NULL ORDER BY coalesce(extended_due, due), received_at;

-- name: request_verified(verified_by, at, id)!
-- Record how the person's identity was established.
UPDATE belofte.request SET state = 'identified', verified_by = :verified_by, verified_at = :at
WHERE id = :id AND state IN ('received', 'identified');

-- name: request_moved(state, reason, id)!
-- Move a request that has no answer yet to another state that is no answer either.
UPDATE belofte.request SET state = :state, reason = :reason
WHERE id = :id AND closed_at IS NULL;

-- name: request_planned(policy_digest, plan_digest, id)!
-- Fix the policy and the plan that a request is carried out under.
UPDATE belofte.request SET state = 'planned', policy_digest = :policy_digest, plan_digest = :plan_digest
WHERE id = :id AND closed_at IS NULL;

-- name: request_extended(due, because, id, today)!
-- Extend the deadline, with the reason (art. 12(3)): once, and inside the first month.
UPDATE belofte.request SET extended_due = :due, extended_because = :because
WHERE id = :id AND closed_at IS NULL AND extended_due IS NULL AND :today <= due;

-- name: request_closed(state, reason, at, id)!
-- Close a request and shred what it sealed; fulfilled only when every store is done, every task closed, everybody told.
WITH closed AS (
    UPDATE belofte.request SET state = :state, reason = :reason, closed_at = :at
    WHERE id = :id AND closed_at IS NULL AND (
        :state = 'refused'
        OR (NOT EXISTS (SELECT FROM belofte.request_store s WHERE s.request_id = :id AND s.state NOT IN ('done', 'task'))
            AND NOT EXISTS (SELECT FROM belofte.task t WHERE t.request_id = :id AND t.state = 'open')
            AND NOT EXISTS (SELECT FROM belofte.retention_task n WHERE n.request_id = :id AND n.kind = 'notice'
                AND n.closed_at IS NULL)
            AND NOT EXISTS (SELECT FROM belofte.request_store s WHERE s.request_id = :id AND s.state = 'task'
                AND NOT EXISTS (SELECT FROM belofte.task t WHERE t.request_id = :id AND t.store = s.store)))
    ) RETURNING id
), shredded AS (DELETE FROM belofte.sealing_key WHERE matter_id IN (SELECT id FROM closed)
), parts AS (DELETE FROM belofte.sealed WHERE matter_id IN (SELECT id FROM closed))
SELECT id FROM closed;

-- name: request_undone(id)
-- List what of a request is not done: stores, tasks, recipients that are to be told.
SELECT what FROM (
    SELECT 1 AS part, store AS name, now() AS at, store || ': ' || state AS what
    FROM belofte.request_store WHERE request_id = :id AND state <> 'done'
    UNION ALL
    SELECT 2, id::text, opened_at, 'task at ' || store FROM belofte.task WHERE request_id = :id AND closed_at IS NULL
    UNION ALL
    SELECT 3, recipient, now(), recipient || ' is to be told' FROM belofte.retention_task
    WHERE request_id = :id AND kind = 'notice' AND closed_at IS NULL
) u ORDER BY part, at, name;

-- name: request_subjects(request_id)
-- List the people that a request is about.
SELECT subject_id FROM belofte.request_subject WHERE request_id = :request_id ORDER BY subject_id;

-- name: requests_of_subjects(subjects)
-- List the requests that people made, the newest first.
SELECT DISTINCT r.id, r.short, r."right", r.state, r.received_at, r.due, r.extended_due, r.extended_because,
       r.verified_by, r.verified_at, r.language, r.policy_digest, r.plan_digest, r.reason, r.closed_at
FROM belofte.request r JOIN belofte.request_subject s ON s.request_id = r.id
WHERE s.subject_id = ANY(:subjects) ORDER BY r.received_at DESC;

-- name: store_progress(request_id, store, state, step, plan_digest, counts, reason)!
-- Record how far a request is in a store; what is done stays done.
INSERT INTO belofte.request_store AS was (request_id, store, state, step, plan_digest, counts, reason, finished_at)
VALUES (:request_id, :store, :state, :step, :plan_digest, :counts, :reason, CASE WHEN :state = 'done' THEN now() END)
ON CONFLICT (request_id, store) DO UPDATE
SET state = excluded.state, step = excluded.step, plan_digest = coalesce(excluded.plan_digest, was.plan_digest),
    counts = excluded.counts, reason = excluded.reason, finished_at = excluded.finished_at, changed_at = now()
WHERE was.state <> 'done';

-- name: store_states(request_id)
-- List how far a request is in each store.
SELECT store, state, step, plan_digest, counts, reason, changed_at, finished_at
FROM belofte.request_store WHERE request_id = :request_id ORDER BY store;

-- name: task_opened(id, request_id, store, what)!
-- Ask the keeper of a store for something that only a person can do.
INSERT INTO belofte.task (id, request_id, store, what) VALUES (:id, :request_id, :store, :what);

-- name: task_closed(closed_by, evidence, at, id)!
-- Close an open task, with who did it and what shows it.
UPDATE belofte.task SET state = 'closed', closed_by = :closed_by, evidence = :evidence, closed_at = :at
WHERE id = :id AND state = 'open';

-- name: tasks(request_id)
-- List the tasks of a request.
SELECT id, request_id, store, what, state, opened_at, closed_by, evidence, closed_at
FROM belofte.task WHERE request_id = :request_id ORDER BY opened_at, id;

-- name: tasks_open()
-- List the open tasks of all requests, the most urgent first.
SELECT t.id, t.request_id, t.store, t.what, t.state, t.opened_at, t.closed_by, t.evidence, t.closed_at
FROM belofte.task t JOIN belofte.request r ON r.id = t.request_id
WHERE t.state = 'open' ORDER BY coalesce(r.extended_due, r.due), t.opened_at;

-- name: approval_given(request_id, run, plan_digest, approver)!
-- Record that a person approved exactly this plan.
INSERT INTO belofte.approval (request_id, run, plan_digest, approver)
VALUES (:request_id, :run, :plan_digest, :approver) ON CONFLICT DO NOTHING;

-- name: approvals(request_id, run, plan_digest)
-- List who approved exactly this plan.
SELECT approver FROM belofte.approval
WHERE request_id IS NOT DISTINCT FROM (:request_id)::uuid AND run IS NOT DISTINCT FROM (:run)::text
  AND plan_digest = :plan_digest
ORDER BY approver;
