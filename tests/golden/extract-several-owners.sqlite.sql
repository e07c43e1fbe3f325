-- claims: person (data.name)
SELECT
  "t"."id",
  "t"."name"
FROM "person" AS "t"
WHERE
  1 = 1;

-- claims: message (data.text)
SELECT
  "t"."id",
  "t"."sender_id",
  "t"."recipient_id",
  "t"."body"
FROM "message" AS "t"
LEFT JOIN "person" AS "p1"
  ON "t"."sender_id" = "p1"."id"
LEFT JOIN "person" AS "p2"
  ON "t"."recipient_id" = "p2"."id"
WHERE
  "p1"."id" IS NOT NULL OR "p2"."id" IS NOT NULL;