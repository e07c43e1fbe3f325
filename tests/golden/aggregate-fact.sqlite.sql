-- access: person
--   k0: what may keep data.name (name): 1 service
--   u0: what may use data.name (name) now: 1 service
SELECT
  "t"."id",
  "t"."name",
  "t"."email",
  CASE
    WHEN (
      (
        CASE
          WHEN EXISTS(
            SELECT
              1
            FROM "phone_call" AS "h"
            WHERE
              "h"."person_id" = "t"."id" AND DATETIME("h"."day") >= :day
          )
          THEN TRUE
          WHEN EXISTS(
            SELECT
              1
            FROM "phone_call" AS "h"
            WHERE
              "h"."person_id" = "t"."id" AND (
                DATETIME("h"."day") >= :day
              ) IS NULL
          )
          THEN NULL
          ELSE FALSE
        END
      )
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END AS "k0",
  CASE
    WHEN (
      (
        CASE
          WHEN EXISTS(
            SELECT
              1
            FROM "phone_call" AS "h"
            WHERE
              "h"."person_id" = "t"."id" AND DATETIME("h"."day") >= :day
          )
          THEN TRUE
          WHEN EXISTS(
            SELECT
              1
            FROM "phone_call" AS "h"
            WHERE
              "h"."person_id" = "t"."id" AND (
                DATETIME("h"."day") >= :day
              ) IS NULL
          )
          THEN NULL
          ELSE FALSE
        END
      )
    ) IS TRUE
    THEN 1
    ELSE 0
  END AS "u0"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- access: phone_call
SELECT
  "t"."id",
  "t"."person_id",
  "t"."day"
FROM "phone_call" AS "t"
WHERE
  "t"."person_id" IN (:cohort);

-- what is about them in person, and what justifies it
--   j0: data.name (name) is there, and something justifies it
--   x0: data.name (name) is there, and theirs
--   k0: what may keep data.name (name): 1 service
SELECT
  "t"."id" AS "key0",
  CASE
    WHEN "t"."name" IS NOT NULL
    AND (
      (
        CASE
          WHEN EXISTS(
            SELECT
              1
            FROM "phone_call" AS "h"
            WHERE
              "h"."person_id" = "t"."id" AND DATETIME("h"."day") >= :day
          )
          THEN TRUE
          WHEN EXISTS(
            SELECT
              1
            FROM "phone_call" AS "h"
            WHERE
              "h"."person_id" = "t"."id" AND (
                DATETIME("h"."day") >= :day
              ) IS NULL
          )
          THEN NULL
          ELSE FALSE
        END
      )
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END AS "j0",
  CASE WHEN "t"."name" IS NOT NULL THEN 1 ELSE 0 END AS "x0",
  CASE
    WHEN (
      (
        CASE
          WHEN EXISTS(
            SELECT
              1
            FROM "phone_call" AS "h"
            WHERE
              "h"."person_id" = "t"."id" AND DATETIME("h"."day") >= :day
          )
          THEN TRUE
          WHEN EXISTS(
            SELECT
              1
            FROM "phone_call" AS "h"
            WHERE
              "h"."person_id" = "t"."id" AND (
                DATETIME("h"."day") >= :day
              ) IS NULL
          )
          THEN NULL
          ELSE FALSE
        END
      )
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END AS "k0"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- phone_call: all that is about them, for nothing in it is justified
DELETE FROM "phone_call"
WHERE
  "phone_call"."person_id" IN (:cohort);

-- rows of person that stay: phone_call.person_id points at it
SELECT
  "t"."id"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:rows_person_gone)
  AND EXISTS(
    SELECT
      1
    FROM "phone_call" AS "c"
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
