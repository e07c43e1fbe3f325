-- mail: note (data.text)
SELECT
  "t"."id",
  "t"."person_id",
  "t"."words"
FROM "note" AS "t"
LEFT JOIN "belofte"."allowed_customer" AS "a1"
  ON "a1"."slot" = 1550279209 AND "a1"."k0" = "t"."person_id"
WHERE
  "t"."person_id" IS NOT NULL
  AND (
    (
      (
        SELECT
          "s"."until"
        FROM "belofte"."slot" AS "s"
        WHERE
          "s"."id" = 1550279209
      ) > "belofte".moment()
      AND "a1"."consent"
      AND NOT (
        "a1"."shut"
      )
      AND "a1"."identity" = 0
      AND "a1"."after" IS NULL
    )
    AND NOT (
      "a1"."restricted" IS NOT NULL AND POSITION(' data ' IN "a1"."restricted") > 0
    )
  )