-- name: complaint_recorded(id, short, way, about, language, received_at, due, by, at)!
-- Record a complaint.
INSERT INTO belofte.complaint (id, short, way, about, language, received_at, due, recorded_by, recorded_at)
VALUES (:id, :short, :way, :about, :language, :received_at, :due, :by, :at);

-- name: complaint_subjects_added(id, subjects)!
-- Name the people who complain; naming them twice changes nothing.
INSERT INTO belofte.complaint_subject (complaint_id, subject_id) SELECT :id, unnest(:subjects::uuid[])
ON CONFLICT DO NOTHING;

-- name: complaint_subjects(id)
-- List the people who complain.
SELECT subject_id FROM belofte.complaint_subject WHERE complaint_id = :id ORDER BY subject_id;

-- name: complaints_found(id, short, over, subjects)
-- List complaints, the oldest first: all, one by its id or name, those whose term is over on a day, or some people's.
SELECT c.id, c.short, c.state, c.way, c.about, c.language, c.received_at, c.due, c.recorded_at, c.recorded_by,
       c.acknowledged_at, c.acknowledged_by, c.outcome, c.closed_at, c.answered_by, c.keep_until, r.short AS request
FROM belofte.complaint c LEFT JOIN belofte.request r ON r.id = c.request_id
WHERE c.id = coalesce(:id::uuid, c.id) AND c.short = coalesce(:short::text, c.short)
  AND (:over::date IS NULL OR c.keep_until <= :over)
  AND (:subjects::uuid[] IS NULL
       OR c.id IN (SELECT complaint_id FROM belofte.complaint_subject WHERE subject_id = ANY((:subjects)::uuid[])))
ORDER BY c.received_at, c.short;

-- name: complaint_acknowledged(id, by, at)!
-- Record that a complaint was acknowledged, once and before its answer.
UPDATE belofte.complaint SET state = 'acknowledged', acknowledged_by = :by, acknowledged_at = :at
WHERE id = :id AND state = 'received';

-- name: complaint_closed(id, outcome, by, at, keep_until)!
-- Record the answer to a complaint that has none.
UPDATE belofte.complaint
SET state = 'answered', outcome = :outcome, answered_by = :by, closed_at = :at, keep_until = :keep_until
WHERE id = :id AND closed_at IS NULL;

-- name: complaint_became(id, request, by, at, keep_until)!
-- Record which request a complaint without an answer became.
UPDATE belofte.complaint
SET state = 'requested', request_id = :request, answered_by = :by, closed_at = :at, keep_until = :keep_until
WHERE id = :id AND closed_at IS NULL;

-- name: request_advanced(id, received_at, due)!
-- Let an open request count from an earlier moment.
UPDATE belofte.request SET received_at = :received_at, due = :due
WHERE id = :id AND closed_at IS NULL AND extended_due IS NULL AND received_at > :received_at;

-- name: complaint_left(id)!
-- Forget who complained.
DELETE FROM belofte.complaint_subject WHERE complaint_id = :id;

-- name: complaint_removed(id)!
-- Remove a complaint that is nobody's any more.
DELETE FROM belofte.complaint WHERE id = :id;
