-- claims: person (data.name)
SELECT
  "t"."id",
  "t"."name"
FROM "person" AS "t"
LEFT JOIN "belofte"."allowed_customer" AS "a1"
  ON "a1"."slot" = 504340066 AND "a1"."k0" = "t"."id"
WHERE
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
  AND NOT (
    "a1"."restricted" IS NOT NULL AND POSITION(' data ' IN "a1"."restricted") > 0
  )

-- claims: message (data.text)
SELECT
  "t"."id",
  "t"."sender_id",
  "t"."recipient_id",
  "t"."body"
FROM "message" AS "t"
LEFT JOIN "belofte"."allowed_customer" AS "a1"
  ON "a1"."slot" = 504340066 AND "a1"."k0" = "t"."sender_id"
LEFT JOIN "belofte"."allowed_customer" AS "a2"
  ON "a2"."slot" = 504340066 AND "a2"."k0" = "t"."recipient_id"
WHERE
  (
    "t"."sender_id" IS NOT NULL OR "t"."recipient_id" IS NOT NULL
  )
  AND (
    (
      (
        "t"."sender_id" IS NULL
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
                  "t"."sender_id" IN (
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
    )
    AND (
      (
        "t"."recipient_id" IS NULL
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
            "a2"."slot" IS NULL
            OR (
              NOT (
                "a2"."shut"
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
                  "t"."recipient_id" IN (
                    SELECT
                      "c"."k0"
                    FROM "belofte"."changed_customer" AS "c"
                    LIMIT 100000
                  )
                )
              END
              AND "a2"."after" IS NULL
            )
          )
        )
        AND NOT (
          "a2"."restricted" IS NOT NULL AND POSITION(' data ' IN "a2"."restricted") > 0
        )
      ) IS TRUE
    )
  )