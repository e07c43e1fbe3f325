-- claims: engraving (data.text)
SELECT
  "t"."id",
  "t"."line_id",
  "t"."words"
FROM "engraving" AS "t"
LEFT JOIN "line" AS "p1"
  ON "t"."line_id" = "p1"."id"
LEFT JOIN "purchase" AS "p2"
  ON "p1"."purchase_id" = "p2"."id"
LEFT JOIN "belofte"."allowed_customer" AS "a1"
  ON "a1"."slot" = 504340066 AND "a1"."k0" = "p2"."person_id"
WHERE
  "p2"."person_id" IS NOT NULL
  AND (
    (
      (
        SELECT
          "s"."until" > "belofte".moment()
        FROM "belofte"."slot" AS "s"
        WHERE
          "s"."id" = 504340066
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
              "p2"."person_id" IN (
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
    AND NOT (
      "a1"."restricted" IS NOT NULL AND POSITION(' data ' IN "a1"."restricted") > 0
    )
  )