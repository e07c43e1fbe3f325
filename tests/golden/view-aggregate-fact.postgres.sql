-- service: person (data.name)
SELECT
  "t"."id",
  "t"."name"
FROM "person" AS "t"
LEFT JOIN "belofte"."allowed_customer" AS "a1"
  ON "a1"."slot" = 332029961 AND "a1"."k0" = "t"."id"
WHERE
  (
    (
      (
        SELECT
          "s"."until" > "belofte".moment()
        FROM "belofte"."slot" AS "s"
        WHERE
          "s"."id" = 332029961
      )
      AND (
        "a1"."slot" IS NULL
        OR (
          NOT (
            "a1"."shut"
          )
          AND CASE
            WHEN NOT (
              EXISTS(
                SELECT
                  1
                FROM "belofte"."changed_customer" AS "c"
              )
            )
            THEN TRUE
            WHEN EXISTS(
              SELECT
                1
              FROM "belofte"."changed_customer" AS "c"
              LIMIT 1
              OFFSET 100000
            )
            THEN FALSE
            ELSE NOT (
              "t"."id" IN (
                SELECT
                  "c"."k0"
                FROM "belofte"."changed_customer" AS "c"
                LIMIT 100000
              )
            )
          END
          AND "a1"."after" IS NULL
        )
      )
    )
    AND (
      CASE
        WHEN EXISTS(
          SELECT
            1
          FROM "phone_call" AS "h"
          WHERE
            "h"."person_id" = "t"."id"
            AND "h"."day" >= (
              SELECT
                "f"."day"
              FROM "belofte"."first_day" AS "f"
              WHERE
                "f"."term" = 'P2Y' AND "f"."today" = "belofte".today()
            )
        )
        THEN TRUE
        WHEN EXISTS(
          SELECT
            1
          FROM "phone_call" AS "h"
          WHERE
            "h"."person_id" = "t"."id"
            AND (
              "h"."day" >= (
                SELECT
                  "f"."day"
                FROM "belofte"."first_day" AS "f"
                WHERE
                  "f"."term" = 'P2Y' AND "f"."today" = "belofte".today()
              )
            ) IS NULL
        )
        THEN NULL
        ELSE FALSE
      END
    )
  )
  AND NOT (
    "a1"."restricted" IS NOT NULL AND POSITION(' data ' IN "a1"."restricted") > 0
  )