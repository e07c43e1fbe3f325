-- mail: visit (data.text)
SELECT
  "t"."email",
  "t"."page"
FROM "visit" AS "t"
JOIN (
  SELECT
    COALESCE(CAST("t"."email" AS TEXT), '∅') AS "key0",
    COALESCE(CAST("t"."page" AS TEXT), '∅') AS "key1",
    MAX(CASE WHEN "p1"."id" IS NOT NULL THEN 1 ELSE 0 END) * MIN(
      CASE
        WHEN (
          (
            "p1"."id" IS NULL
          )
          OR (
            (
              (
                CASE
                  WHEN "p1"."id" >= 0
                  AND "p1"."id" < (
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
                    "p1"."id"
                  ) = 1
                  ELSE FALSE
                END
                OR "p1"."id" IN (
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
                  "p1"."id" IN (
                    SELECT
                      "c"."k0"
                    FROM "belofte"."changed_customer" AS "c"
                    LIMIT 100000
                  )
                )
              END
            )
            AND NOT (
              "p1"."id" IN (
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
          ) IS TRUE
        ) IS TRUE
        THEN 1
        ELSE 0
      END
    ) AS "shown0"
  FROM "visit" AS "t"
  LEFT JOIN "person" AS "p1"
    ON LOWER("t"."email") = LOWER("p1"."email")
  GROUP BY
    COALESCE(CAST("t"."email" AS TEXT), '∅'),
    COALESCE(CAST("t"."page" AS TEXT), '∅')
) AS "v"
  ON COALESCE(CAST("t"."email" AS TEXT), '∅') = "v"."key0"
  AND COALESCE(CAST("t"."page" AS TEXT), '∅') = "v"."key1"
WHERE
  "v"."shown0" = 1