-- claims: folder (data.text)
SELECT
  "t"."id",
  "t"."parent_id",
  "t"."person_id",
  "t"."title"
FROM "folder" AS "t"
JOIN (
  SELECT
    "t"."id" AS "key0",
    MAX(CASE WHEN "p3"."id" IS NOT NULL THEN 1 ELSE 0 END) * MIN(
      CASE
        WHEN (
          (
            "p3"."id" IS NULL
          )
          OR (
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
                      "p3"."id" IN (
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
          ) IS TRUE
        ) IS TRUE
        THEN 1
        ELSE 0
      END
    ) AS "shown0"
  FROM "folder" AS "t"
  LEFT JOIN (
    WITH RECURSIVE "above"("k0", "a0") AS (
      SELECT
        "s"."id",
        "s"."id"
      FROM "folder" AS "s"
      UNION
      SELECT
        "above"."k0",
        "l1"."id"
      FROM "above"
      JOIN "folder" AS "l0"
        ON "l0"."id" = "above"."a0"
      JOIN "folder" AS "l1"
        ON "l0"."parent_id" = "l1"."id"
    )
    SELECT
      "k0",
      "a0"
    FROM "above"
  ) AS "p1"
    ON "t"."id" = "p1"."k0"
  LEFT JOIN "folder" AS "p2"
    ON "p2"."id" = "p1"."a0"
  LEFT JOIN "person" AS "p3"
    ON "p2"."person_id" = "p3"."id"
  LEFT JOIN "belofte"."allowed_customer" AS "a1"
    ON "a1"."slot" = 504340066 AND "a1"."k0" = "p3"."id"
  GROUP BY
    "t"."id"
) AS "v"
  ON "t"."id" = "v"."key0"
WHERE
  "v"."shown0" = 1