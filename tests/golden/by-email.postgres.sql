-- access: person
SELECT
  "t"."id",
  "t"."name",
  "t"."email"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- access: visit
SELECT
  "t"."email",
  "t"."page"
FROM "visit" AS "t"
WHERE
  LOWER("t"."email") IN (
    SELECT
      LOWER("r2"."email")
    FROM "person" AS "r2"
    WHERE
      "r2"."id" IN (:cohort)
  );

-- what is about them in visit, and what justifies it
--   x0: data.text (page) is there, and theirs
--   w0: nothing justifies what is theirs by email
SELECT
  COALESCE(CAST("t"."email" AS TEXT), '∅') AS "key0",
  COALESCE(CAST("t"."page" AS TEXT), '∅') AS "key1",
  MAX(CASE WHEN "t"."page" IS NOT NULL THEN 1 ELSE 0 END) AS "x0",
  MAX(CASE WHEN "p1"."id" IS NOT NULL AND "p1"."id" IN (:cohort) THEN 1 ELSE 0 END) * MIN(
    CASE
      WHEN (
        "p1"."id" IS NULL
      ) OR (
        "p1"."id" IS NOT NULL AND "p1"."id" IN (:cohort)
      )
      THEN 1
      ELSE 0
    END
  ) AS "w0"
FROM "visit" AS "t"
LEFT JOIN "person" AS "p1"
  ON LOWER("t"."email") = LOWER("p1"."email")
WHERE
  LOWER("t"."email") IN (
    SELECT
      LOWER("r1"."email")
    FROM "person" AS "r1"
    WHERE
      "r1"."id" IN (:cohort)
  )
GROUP BY
  COALESCE(CAST("t"."email" AS TEXT), '∅'),
  COALESCE(CAST("t"."page" AS TEXT), '∅');

-- visit that others keep is no longer linked to them by email
UPDATE "visit" SET "email" = NULL
WHERE
  (COALESCE(CAST("email" AS TEXT), '∅'), COALESCE(CAST("page" AS TEXT), '∅')) IN (:rows_visit_w0_not_gone);

-- visit in which nothing is justified any more
DELETE FROM "visit"
WHERE
  (COALESCE(CAST("email" AS TEXT), '∅'), COALESCE(CAST("page" AS TEXT), '∅')) IN (:rows_visit_gone);

-- visit: data.text that nothing justifies takes its removal form
UPDATE "visit" SET "page" = NULL
WHERE
  (COALESCE(CAST("email" AS TEXT), '∅'), COALESCE(CAST("page" AS TEXT), '∅')) IN (:rows_visit_x0_not_j0_not_gone);

-- person: all that is about them, for nothing in it is justified
DELETE FROM "person"
WHERE
  "person"."id" IN (:cohort)
  AND NOT (
    EXISTS(
      SELECT
        1
      FROM "visit" AS "c"
      WHERE
        LOWER("c"."email") = LOWER("person"."email")
    )
  );

-- what of theirs is left in person: something still points at it
SELECT
  "t"."id" AS "key0",
  CASE
    WHEN EXISTS(
      SELECT
        1
      FROM "visit" AS "c"
      WHERE
        LOWER("c"."email") = LOWER("t"."email")
    )
    THEN 1
    ELSE 0
  END AS "spared"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);
