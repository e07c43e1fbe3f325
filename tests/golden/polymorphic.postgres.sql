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
  "person"."id" IN (:cohort);
