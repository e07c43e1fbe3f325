-- name: incident_opened(id, short, at)^
-- Open a breach in the register.
INSERT INTO belofte.incident (id, short, recorded_at) VALUES (:id, :short, :at) RETURNING id, short, recorded_at;

-- name: incident_by_name(short)^
-- Return the breach that people call so.
SELECT id, short, recorded_at FROM belofte.incident WHERE short = :short;

-- name: incidents()
-- List the whole register, the oldest first.
SELECT id, short, recorded_at FROM belofte.incident ORDER BY recorded_at, short;

-- name: incident_locked(id)^
-- Wait until nobody else enters anything about a breach, until the end of the transaction.
SELECT pg_advisory_xact_lock(1768842083, hashtext(:id::text)) AS mine;

-- name: incident_entries(id)
-- List what was entered about a breach, in order.
SELECT number, kind, said, entered_by, entered_at FROM belofte.incident_entry WHERE incident_id = :id ORDER BY number;

-- name: incident_entered(id, number, kind, said, entered_by, at)!
-- Enter something about a breach, under the number that is its turn.
INSERT INTO belofte.incident_entry (incident_id, number, kind, said, entered_by, entered_at)
VALUES (:id, :number, :kind, :said, :entered_by, :at);
