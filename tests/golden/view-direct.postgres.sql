-- mail: note (data.text)
SELECT
  "t"."id",
  "t"."person_id",
  "t"."words"
FROM "note" AS "t"
WHERE
  "t"."person_id" IS NOT NULL
  AND (
    (
      (
        CASE
          WHEN "t"."person_id" >= 0
          AND "t"."person_id" < (
            SELECT
              (
                "o"."block" + 1
              ) * 32768
            FROM "belofte"."open_customer" AS "o"
            CROSS JOIN (
              SELECT
                "s"."id"
              FROM "belofte"."slot" AS "s"
              WHERE
                "s"."id" = 1550279209 AND "s"."until" > "belofte".moment()
            ) AS "l"
            WHERE
              "o"."slot" = 1550279209
            ORDER BY
              "o"."block" DESC
            LIMIT 1
          )
          THEN PG_CATALOG.GET_BIT(
            (
              SELECT
                STRING_AGG("o"."bits", CAST('' AS BYTEA)
                ORDER BY
                  "o"."block")
              FROM "belofte"."open_customer" AS "o"
              WHERE
                "o"."slot" = 1550279209
            ),
            "t"."person_id"
          ) = 1
          ELSE FALSE
        END
        OR "t"."person_id" IN (
          SELECT
            "d"."k0"
          FROM "belofte"."allowed_customer" AS "d"
          CROSS JOIN (
            SELECT
              "s"."id"
            FROM "belofte"."slot" AS "s"
            WHERE
              "s"."id" = 1550279209 AND "s"."until" > "belofte".moment()
          ) AS "l"
          WHERE
            "d"."slot" = 1550279209
            AND NOT (
              "d"."shut"
            )
            AND (
              "d"."consent" AND NOT (
                "d"."shut"
              ) AND "d"."after" IS NULL
            )
          LIMIT 100000
        )
      )
      AND CASE
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
    )
    AND NOT (
      "t"."person_id" IN (
        SELECT
          "d"."k0"
        FROM "belofte"."allowed_customer" AS "d"
        CROSS JOIN (
          SELECT
            "s"."id"
          FROM "belofte"."slot" AS "s"
          WHERE
            "s"."id" = 1550279209 AND "s"."until" > "belofte".moment()
        ) AS "l"
        WHERE
          "d"."slot" = 1550279209
          AND NOT (
            "d"."shut"
          )
          AND (
            "d"."restricted" IS NOT NULL AND POSITION(' data ' IN "d"."restricted") > 0
          )
      )
    )
  )