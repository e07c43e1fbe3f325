-- access: person
SELECT
  "t"."id",
  "t"."name",
  "t"."email"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- access: note
SELECT
  "t"."id",
  "t"."person_id",
  "t"."words"
FROM "note" AS "t"
WHERE
  "t"."person_id" IN (:cohort);

-- note: all that is about them, for nothing in it is justified
DELETE FROM "note"
WHERE
  "note"."person_id" IN (:cohort);

-- person: all that is about them, for nothing in it is justified
DELETE FROM "person"
WHERE
  "person"."id" IN (:cohort)
  AND NOT (
    EXISTS(
      SELECT
        1
      FROM "note" AS "c"
      WHERE
        "c"."person_id" = "person"."id"
    )
  );

-- what of theirs is left in person: something still points at it
--   x0: data.name (name) is there, and theirs
SELECT
  "t"."id" AS "key0",
  CASE
    WHEN EXISTS(
      SELECT
        1
      FROM "note" AS "c"
      WHERE
        "c"."person_id" = "t"."id"
    )
    THEN 1
    ELSE 0
  END AS "spared",
  CASE WHEN "t"."name" IS NOT NULL THEN 1 ELSE 0 END AS "x0"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- person: data.name that nothing justifies takes its removal form
UPDATE "person" SET "name" = NULL
WHERE
  "id" IN (:rows_person_x0_not_j0_not_gone);
