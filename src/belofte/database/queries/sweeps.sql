-- name: sweep_planned(id, short, store, state, digest, policy_digest, map_digest, purposes, asks, people, started_by, planned_at)^
-- Record a run of a store.
INSERT INTO belofte.sweep (
    id, short, store, state, digest, policy_digest, map_digest, purposes, asks, people, started_by, planned_at
) VALUES (
    :id, :short, :store, :state, :digest, :policy_digest, :map_digest, :purposes, :asks, :people, :started_by, :planned_at
)
RETURNING id, short, store, state, digest, policy_digest, map_digest, purposes, asks, people, counts, reason, started_by,
    planned_at, finished_at;

-- name: sweep_open_of(store)^
-- Return the run of a store that is not over.
SELECT id, short, store, state, digest, policy_digest, map_digest, purposes, asks, people, counts, reason, started_by,
    planned_at, finished_at
FROM belofte.sweep WHERE store = :store AND finished_at IS NULL;

-- name: sweep_by_name(short)^
-- Return the run that people call so.
SELECT id, short, store, state, digest, policy_digest, map_digest, purposes, asks, people, counts, reason, started_by,
    planned_at, finished_at
FROM belofte.sweep WHERE short = :short;

-- name: sweeps_done(store)
-- List the finished runs of a store in which something went, the newest first.
SELECT id, short, store, state, digest, policy_digest, map_digest, purposes, asks, people, counts, reason, started_by,
    planned_at, finished_at
FROM belofte.sweep WHERE store = :store AND state = 'done' AND people > 0 ORDER BY finished_at DESC;

-- name: sweep_moved(id, state, reason, asks, people)!
-- Say where an open run stands.
UPDATE belofte.sweep SET state = :state, reason = :reason, asks = :asks, people = :people
WHERE id = :id AND finished_at IS NULL;

-- name: sweep_finished(id, state, counts, at)!
-- Close a run with what became of it.
UPDATE belofte.sweep SET state = :state, counts = :counts, finished_at = :at, reason = NULL
WHERE id = :id AND finished_at IS NULL;

-- name: sweep_locked(store)^
-- Try to be the only one that sweeps a store, until the connection is closed or lets go of it.
SELECT pg_try_advisory_lock(1937208688, hashtext(:store)) AS mine;

-- name: sweep_unlocked(store)^
-- Let go of a store again.
SELECT pg_advisory_unlock(1937208688, hashtext(:store)) AS mine;

-- name: closing_purposes()
-- List the purposes that some act closed for somebody, whoever it was; NULL: every purpose.
SELECT DISTINCT purpose FROM belofte.event
WHERE kind IN (
    'erasure:closed', 'objection:made', 'objection:pending', 'objection:upheld', 'consent:withdrawn', 'consent:refused'
);

-- name: people_with_events()^
-- Return whether there is any event about a person at all.
SELECT EXISTS (SELECT 1 FROM belofte.event WHERE subject_id IS NOT NULL) AS mine;

-- name: retention_task_opened(id, kind, store, recipient, what, request_id, at)!
-- Ask somebody to do what only a person can, unless that is asked already.
INSERT INTO belofte.retention_task (id, kind, store, recipient, what, request_id, opened_at)
VALUES (:id, :kind, :store, :recipient, :what, :request_id, :at)
ON CONFLICT (kind, store, recipient, request_id) WHERE closed_at IS NULL DO NOTHING;

-- name: retention_tasks_open()
-- List the open tasks of retention, the oldest first.
SELECT id, kind, store, recipient, what, request_id, opened_at, closed_by, evidence, closed_at
FROM belofte.retention_task WHERE closed_at IS NULL ORDER BY opened_at, id;

-- name: retention_task_closed(id, closed_by, evidence, at)!
-- Close a task with who did it and what shows it.
UPDATE belofte.retention_task SET closed_by = :closed_by, evidence = :evidence, closed_at = :at
WHERE id = :id AND closed_at IS NULL;

-- name: notices_of(request_id)
-- List the recipients that are told of what a request changed (art. 19), open and closed.
SELECT id, kind, store, recipient, what, request_id, opened_at, closed_by, evidence, closed_at
FROM belofte.retention_task WHERE kind = 'notice' AND request_id = :request_id ORDER BY recipient;
