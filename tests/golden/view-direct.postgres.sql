-- mail: note (data.text)
SELECT
  "t"."id",
  "t"."person_id",
  "t"."words"
FROM "note" AS "t"
LEFT JOIN "belofte"."open_customer" AS "b1"
  ON "b1"."slot" = 1550279209 AND "b1"."block" = "t"."person_id" >> 15
WHERE
  "t"."person_id" IS NOT NULL
  AND CASE
    WHEN PG_CATALOG.GET_BIT("b1"."bits", "t"."person_id" & 32767) = 1
    OR (
      "b1"."more" IS NOT FALSE
      AND "t"."person_id" IN (
        SELECT
          "d"."k0"
        FROM "belofte"."allowed_customer" AS "d"
        WHERE
          (
            "d"."slot" = 1550279209 AND "d"."consent"
          )
          AND NOT (
            "d"."shut"
          )
          AND "d"."after" IS NULL
          AND NOT (
            "d"."restricted" IS NOT NULL AND POSITION(' data ' IN "d"."restricted") > 0
          )
        LIMIT 100000
      )
    )
    THEN (
      SELECT
        "s"."until" > "belofte".moment()
      FROM "belofte"."slot" AS "s"
      WHERE
        "s"."id" = 1550279209
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
        "t"."person_id" IN (
          SELECT
            "c"."k0"
          FROM "belofte"."changed_customer" AS "c"
          LIMIT 100000
        )
      )
    END
    ELSE FALSE
  END