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

-- what is about them in person, and what justifies it
--   x0: data.name (name) is there, and theirs
SELECT
  "t"."id" AS "key0",
  CASE WHEN "t"."name" IS NOT NULL THEN 1 ELSE 0 END AS "x0"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- what is about them in note, and what justifies it
--   x0: data.text (words) is there, and theirs
SELECT
  "t"."id" AS "key0",
  CASE WHEN "t"."words" IS NOT NULL THEN 1 ELSE 0 END AS "x0"
FROM "note" AS "t"
WHERE
  "t"."person_id" IN (:cohort);

-- note that others keep is no longer linked to them by person_id
UPDATE "note" SET "person_id" = NULL
WHERE
  "id" IN (:rows_note_w0_not_gone);

-- note in which nothing is justified any more
DELETE FROM "note"
WHERE
  "id" IN (:rows_note_gone);

-- note: data.text that nothing justifies takes its removal form
UPDATE "note" SET "words" = NULL
WHERE
  "id" IN (:rows_note_x0_not_j0_not_gone);

-- rows of person that stay: note.person_id points at it
SELECT
  "t"."id"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:rows_person_gone)
  AND EXISTS(
    SELECT
      1
    FROM "note" AS "c"
    WHERE
      "c"."person_id" = "t"."id"
  );

-- person in which nothing is justified any more
DELETE FROM "person"
WHERE
  "id" IN (:rows_person_gone);

-- person: data.name that nothing justifies takes its removal form
UPDATE "person" SET "name" = NULL
WHERE
  "id" IN (:rows_person_x0_not_j0_not_gone);
