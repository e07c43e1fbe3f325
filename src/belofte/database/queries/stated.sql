-- name: stated_collected(stores, numbers, accounts, clients, purposes, reasons, moments)!
-- Keep what readers stated, each once.
INSERT INTO belofte.stated (store, number, account, client, purpose, reason, stated_at)
SELECT * FROM unnest(:stores::text[], :numbers::bigint[], :accounts::text[], :clients::text[], :purposes::text[],
    :reasons::text[], :moments::timestamptz[])
ON CONFLICT DO NOTHING;

-- name: stated_since(since)
-- What readers stated since a moment, in order.
SELECT store, account, client, purpose, reason, stated_at FROM belofte.stated
WHERE stated_at >= :since ORDER BY stated_at, store, number;
