-- name: seal_salt(matter_id, salt)^
-- Make the key of a matter, unless it has one; return the salt that it is derived with.
INSERT INTO belofte.sealing_key AS was (matter_id, salt) VALUES (:matter_id, :salt)
ON CONFLICT (matter_id) DO UPDATE SET salt = was.salt RETURNING salt;

-- name: seal_salt_of(matter_id)^
-- Return the salt that a matter's key is derived with.
SELECT salt FROM belofte.sealing_key WHERE matter_id = :matter_id;

-- name: sealed_put(matter_id, part, nonce, ciphertext)!
-- Keep one sealed part of a matter.
INSERT INTO belofte.sealed (matter_id, part, nonce, ciphertext) VALUES (:matter_id, :part, :nonce, :ciphertext)
ON CONFLICT (matter_id, part) DO UPDATE SET nonce = excluded.nonce, ciphertext = excluded.ciphertext;

-- name: sealed_get(matter_id, part)^
-- Return one sealed part of a matter.
SELECT nonce, ciphertext FROM belofte.sealed WHERE matter_id = :matter_id AND part = :part;

-- name: shredded(matter_id)!
-- Destroy the key of a matter, from where on what it sealed is noise, and remove that too.
WITH parts AS (DELETE FROM belofte.sealed WHERE matter_id = :matter_id)
DELETE FROM belofte.sealing_key WHERE matter_id = :matter_id;
