-- claims: engraving (data.text)
SELECT
  "t"."id",
  "t"."line_id",
  "t"."words"
FROM "engraving" AS "t"
LEFT JOIN "line" AS "p1"
  ON "t"."line_id" = "p1"."id"
LEFT JOIN "purchase" AS "p2"
  ON "p1"."purchase_id" = "p2"."id"
WHERE
  "p2"."person_id" IS NOT NULL;