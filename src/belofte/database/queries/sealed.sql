-- name: seal_salt(request_id, salt)!
-- Make the key of a request, unless it has one.
INSERT INTO belofte.request_key (request_id, salt) VALUES (:request_id, :salt) ON CONFLICT DO NOTHING;

-- name: seal_salt_of(request_id)^
-- Return the salt that a request's key is derived with.
SELECT salt FROM belofte.request_key WHERE request_id = :request_id;

-- name: sealed_put(request_id, part, nonce, ciphertext)!
-- Keep one sealed part of a request.
INSERT INTO belofte.sealed (request_id, part, nonce, ciphertext) VALUES (:request_id, :part, :nonce, :ciphertext)
ON CONFLICT (request_id, part) DO UPDATE SET nonce = excluded.nonce, ciphertext = excluded.ciphertext;

-- name: sealed_get(request_id, part)^
-- Return one sealed part of a request.
SELECT nonce, ciphertext FROM belofte.sealed WHERE request_id = :request_id AND part = :part;

-- name: shred_key(request_id)!
-- Destroy the key of a request: from here on what it sealed is noise.
DELETE FROM belofte.request_key WHERE request_id = :request_id;

-- name: shred_parts(request_id)!
-- Remove what a request sealed.
DELETE FROM belofte.sealed WHERE request_id = :request_id;
