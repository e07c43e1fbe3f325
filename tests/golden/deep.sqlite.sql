-- access: engraving
SELECT
  "t"."id",
  "t"."line_id",
  "t"."words"
FROM "engraving" AS "t"
WHERE
  "t"."line_id" IN (
    SELECT
      "r3"."id"
    FROM "line" AS "r3"
    WHERE
      "r3"."purchase_id" IN (
        SELECT
          "r4"."id"
        FROM "purchase" AS "r4"
        WHERE
          "r4"."person_id" IN (:cohort)
      )
  );

-- access: person
SELECT
  "t"."id",
  "t"."name",
  "t"."email"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- what is about them in engraving, and what justifies it
--   x0: data.text (words) is there, and theirs
SELECT
  "t"."id" AS "key0",
  CASE WHEN "t"."words" IS NOT NULL THEN 1 ELSE 0 END AS "x0"
FROM "engraving" AS "t"
WHERE
  "t"."line_id" IN (
    SELECT
      "r1"."id"
    FROM "line" AS "r1"
    WHERE
      "r1"."purchase_id" IN (
        SELECT
          "r2"."id"
        FROM "purchase" AS "r2"
        WHERE
          "r2"."person_id" IN (:cohort)
      )
  );

-- what is about them in person, and what justifies it
SELECT
  "t"."id" AS "key0"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- rows of person that stay: purchase.person_id points at it
SELECT
  "t"."id"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:rows_person_gone)
  AND EXISTS(
    SELECT
      1
    FROM "purchase" AS "c"
    WHERE
      "c"."person_id" = "t"."id"
  );

-- person in which nothing is justified any more
DELETE FROM "person"
WHERE
  "id" IN (:rows_person_gone);

-- engraving in which nothing is justified any more
DELETE FROM "engraving"
WHERE
  "id" IN (:rows_engraving_gone);

-- engraving: data.text that nothing justifies takes its removal form
UPDATE "engraving" SET "words" = NULL
WHERE
  "id" IN (:rows_engraving_x0_not_j0_not_gone);
