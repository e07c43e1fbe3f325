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
WHERE
  "t"."sender_id" IS NOT NULL OR "t"."recipient_id" IS NOT NULL;