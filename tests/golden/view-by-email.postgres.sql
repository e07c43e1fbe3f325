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
          ) IS TRUE
        ) IS TRUE
        THEN 1
        ELSE 0
      END
    ) AS "shown0"
  FROM "visit" AS "t"
  LEFT JOIN "person" AS "p1"
    ON LOWER("t"."email") = LOWER("p1"."email")
  LEFT JOIN "belofte"."allowed_customer" AS "a1"
    ON "a1"."slot" = 1550279209 AND "a1"."k0" = "p1"."id"
  GROUP BY
    COALESCE(CAST("t"."email" AS TEXT), '∅'),
    COALESCE(CAST("t"."page" AS TEXT), '∅')
) AS "v"
  ON COALESCE(CAST("t"."email" AS TEXT), '∅') = "v"."key0"
  AND COALESCE(CAST("t"."page" AS TEXT), '∅') = "v"."key1"
WHERE
  "v"."shown0" = 1