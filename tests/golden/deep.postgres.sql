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

-- person: all that is about them, for nothing in it is justified
DELETE FROM "person"
WHERE
  "person"."id" IN (:cohort)
  AND NOT (
    EXISTS(
      SELECT
        1
      FROM "purchase" AS "c"
      WHERE
        "c"."person_id" = "person"."id"
    )
  );

-- what of theirs is left in person: something still points at it
SELECT
  "t"."id" AS "key0",
  CASE
    WHEN EXISTS(
      SELECT
        1
      FROM "purchase" AS "c"
      WHERE
        "c"."person_id" = "t"."id"
    )
    THEN 1
    ELSE 0
  END AS "spared"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- engraving in which nothing is justified any more
DELETE FROM "engraving"
WHERE
  "id" IN (:rows_engraving_gone);

-- engraving: data.text that nothing justifies takes its removal form
UPDATE "engraving" SET "words" = NULL
WHERE
  "id" IN (:rows_engraving_x0_not_j0_not_gone);
