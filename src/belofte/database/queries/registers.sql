-- name: policies_all()
-- List every policy that was recorded, with its document, the oldest first.
SELECT digest, version, holds_from, recorded_at, document::text FROM belofte.policy_version ORDER BY recorded_at, digest;

-- name: notices_all()
-- List every published notice, with what it says.
SELECT version, language, form, digest, holds_from, policy_digest, published_at, content FROM belofte.notice
ORDER BY holds_from, version, language, form;

-- name: requests_register()
-- List every request without anything that could name its person.
SELECT short, "right", state, received_at, due, extended_due, closed_at, policy_digest, plan_digest
FROM belofte.request ORDER BY received_at, short;

-- name: sweeps_register()
-- List every sweep, without who started it.
SELECT short, store, state, people, counts, purposes, policy_digest, map_digest, planned_at, finished_at
FROM belofte.sweep ORDER BY planned_at, short;
