-- name: sightings_seen(store, purpose, digests, at)!
-- Record rows that were not seen before.
INSERT INTO belofte.sighting (store, purpose, digest, first_seen)
SELECT :store, :purpose, seen.digest, :at FROM unnest((:digests)::bytea[]) AS seen (digest)
ON CONFLICT (store, purpose, digest) DO NOTHING;

-- name: sightings_over(store, purpose, digests)!
-- Forget rows that are not seen any more.
DELETE FROM belofte.sighting AS s
WHERE s.store = :store AND s.purpose = :purpose
    AND NOT EXISTS (SELECT FROM unnest((:digests)::bytea[]) AS seen (digest) WHERE seen.digest = s.digest);

-- name: sightings(store, purpose)
-- List when each row was first seen.
SELECT digest, first_seen FROM belofte.sighting WHERE store = :store AND purpose = :purpose;
