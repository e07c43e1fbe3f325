-- access: person
SELECT
  "t"."id",
  "t"."name",
  "t"."email"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- access: remark
SELECT
  "t"."id",
  "t"."kind",
  "t"."owner_id",
  "t"."words"
FROM "remark" AS "t"
WHERE
  "t"."owner_id" IN (:cohort) AND "t"."kind" = 'person';

-- remark: all that is about them, for nothing in it is justified
DELETE FROM "remark"
WHERE
  "remark"."owner_id" IN (:cohort) AND "remark"."kind" = 'person';

-- person: all that is about them, for nothing in it is justified
DELETE FROM "person"
WHERE
  "person"."id" IN (:cohort)
  AND NOT (
    EXISTS(
      SELECT
        1
      FROM "remark" AS "c"
      WHERE
        "c"."owner_id" = "person"."id" AND "c"."kind" = 'person'
    )
  );

-- what of theirs is left in person: something still points at it
SELECT
  "t"."id" AS "key0",
  CASE
    WHEN EXISTS(
      SELECT
        1
      FROM "remark" AS "c"
      WHERE
        "c"."owner_id" = "t"."id" AND "c"."kind" = 'person'
    )
    THEN 1
    ELSE 0
  END AS "spared"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);
