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
  "person"."id" IN (:cohort);
