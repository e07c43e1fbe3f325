-- access: person
SELECT
  "t"."id",
  "t"."words",
  "t"."email"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- what is about them in person, and what justifies it
--   j0: data.text (words) is there, and something justifies it
--   x0: data.text (words) is there, and theirs
--   x1: data.name (email) is there, and theirs
SELECT
  "t"."id" AS "key0",
  CASE WHEN "t"."words" IS NOT NULL THEN 1 ELSE 0 END AS "j0",
  CASE WHEN "t"."words" IS NOT NULL THEN 1 ELSE 0 END AS "x0",
  CASE WHEN "t"."email" IS NOT NULL THEN 1 ELSE 0 END AS "x1"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- person in which nothing is justified any more
DELETE FROM "person"
WHERE
  "id" IN (:rows_person_gone);

-- person: data.text that nothing justifies takes its removal form
UPDATE "person" SET "words" = NULL
WHERE
  "id" IN (:rows_person_x0_not_j0_not_gone);

-- person: data.name that nothing justifies becomes a pseudonym, and stays personal data
UPDATE "person" SET "email" = CASE
  WHEN "email" IS NOT NULL
  THEN CASE
    WHEN "email" ~ '^p-[0-9a-f]{28}$'
    THEN "email"
    ELSE 'p-' || SUBSTRING(ENCODE(
      SHA256(
        CAST(:pseudonym_web_outer AS BYTEA) || SHA256(CAST(:pseudonym_web_inner AS BYTEA) || CONVERT_TO(CAST("email" AS TEXT), 'UTF8'))
      ),
      'hex'
    ) FROM 1 FOR 28)
  END
END
WHERE
  "id" IN (:rows_person_x1_not_j1_not_gone);
