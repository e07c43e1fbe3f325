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
            CASE
              WHEN PG_CATALOG.GET_BIT("b1"."bits", "p1"."id" & 32767) = 1
              OR (
                "b1"."more" IS NOT FALSE
                AND "p1"."id" IN (
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
                  "p1"."id" IN (
                    SELECT
                      "c"."k0"
                    FROM "belofte"."changed_customer" AS "c"
                    LIMIT 100000
                  )
                )
              END
              ELSE FALSE
            END
          ) IS TRUE
        ) IS TRUE
        THEN 1
        ELSE 0
      END
    ) AS "shown0"
  FROM "visit" AS "t"
  LEFT JOIN "person" AS "p1"
    ON LOWER("t"."email") = LOWER("p1"."email")
  LEFT JOIN "belofte"."open_customer" AS "b1"
    ON "b1"."slot" = 1550279209 AND "b1"."block" = "p1"."id" >> 15
  GROUP BY
    COALESCE(CAST("t"."email" AS TEXT), '∅'),
    COALESCE(CAST("t"."page" AS TEXT), '∅')
) AS "v"
  ON COALESCE(CAST("t"."email" AS TEXT), '∅') = "v"."key0"
  AND COALESCE(CAST("t"."page" AS TEXT), '∅') = "v"."key1"
WHERE
  "v"."shown0" = 1