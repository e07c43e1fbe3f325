-- books: person (data.name, data.text)
SELECT
  "t"."id",
  "t"."company_id",
  "t"."name",
  "t"."email",
  "t"."born"
FROM "person" AS "t"
WHERE
  1 = 0

-- books: bill (data.name)
SELECT
  "t"."id",
  "t"."company_id",
  "t"."attention"
FROM "bill" AS "t"
LEFT JOIN "belofte"."allowed_customer" AS "a1"
  ON "a1"."slot" = 1960133981 AND "a1"."k0" = "t"."person_id"
WHERE
  "t"."person_id" IS NOT NULL
  AND (
    (
      (
        (
          SELECT
            "s"."until" > "belofte".moment()
          FROM "belofte"."slot" AS "s"
          WHERE
            "s"."id" = 1960133981
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
                "t"."person_id" IN (
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
      AND "t"."issued" >= (
        SELECT
          "f"."day"
        FROM "belofte"."first_day" AS "f"
        WHERE
          "f"."term" = 'P7Y' AND "f"."today" = "belofte".today()
      )
    )
    AND NOT (
      "a1"."restricted" IS NOT NULL AND POSITION(' data ' IN "a1"."restricted") > 0
    )
  )

-- figures: person (data.name, data.text)
SELECT
  "t"."id",
  "t"."company_id",
  'p-' || SUBSTRING(ENCODE(
    SHA256(
      CAST((
        SELECT
          "k"."outer_half"
        FROM "belofte"."pseudonym_key" AS "k"
        WHERE
          "k"."purpose" = 'figures'
      ) AS BYTEA) || SHA256(
        CAST((
          SELECT
            "k"."inner_half"
          FROM "belofte"."pseudonym_key" AS "k"
          WHERE
            "k"."purpose" = 'figures'
        ) AS BYTEA) || CONVERT_TO(CAST("t"."name" AS TEXT), 'UTF8')
      )
    ),
    'hex'
  ) FROM 1 FOR 32) AS "name",
  'p-' || SUBSTRING(ENCODE(
    SHA256(
      CAST((
        SELECT
          "k"."outer_half"
        FROM "belofte"."pseudonym_key" AS "k"
        WHERE
          "k"."purpose" = 'figures'
      ) AS BYTEA) || SHA256(
        CAST((
          SELECT
            "k"."inner_half"
          FROM "belofte"."pseudonym_key" AS "k"
          WHERE
            "k"."purpose" = 'figures'
        ) AS BYTEA) || CONVERT_TO(CAST("t"."email" AS TEXT), 'UTF8')
      )
    ),
    'hex'
  ) FROM 1 FOR 32) AS "email",
  CAST(PG_CATALOG.DATE_TRUNC('year', CAST("t"."born" AS TIMESTAMP)) AS DATE) AS "born"
FROM "person" AS "t"
LEFT JOIN "belofte"."allowed_customer" AS "a1"
  ON "a1"."slot" = 1544284558 AND "a1"."k0" = "t"."id"
WHERE
  (
    (
      SELECT
        "s"."until" > "belofte".moment()
      FROM "belofte"."slot" AS "s"
      WHERE
        "s"."id" = 1544284558
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

-- figures: bill (data.name)
SELECT
  "t"."id",
  "t"."company_id",
  'p-' || SUBSTRING(ENCODE(
    SHA256(
      CAST((
        SELECT
          "k"."outer_half"
        FROM "belofte"."pseudonym_key" AS "k"
        WHERE
          "k"."purpose" = 'figures'
      ) AS BYTEA) || SHA256(
        CAST((
          SELECT
            "k"."inner_half"
          FROM "belofte"."pseudonym_key" AS "k"
          WHERE
            "k"."purpose" = 'figures'
        ) AS BYTEA) || CONVERT_TO(CAST("t"."attention" AS TEXT), 'UTF8')
      )
    ),
    'hex'
  ) FROM 1 FOR 32) AS "attention"
FROM "bill" AS "t"
LEFT JOIN "belofte"."allowed_customer" AS "a1"
  ON "a1"."slot" = 1544284558 AND "a1"."k0" = "t"."person_id"
WHERE
  "t"."person_id" IS NOT NULL
  AND (
    (
      (
        SELECT
          "s"."until" > "belofte".moment()
        FROM "belofte"."slot" AS "s"
        WHERE
          "s"."id" = 1544284558
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
              "t"."person_id" IN (
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

-- service: person (data.name, data.text)
SELECT
  "t"."id",
  "t"."company_id",
  "t"."name",
  "t"."email",
  "t"."born"
FROM "person" AS "t"
LEFT JOIN "company" AS "p1"
  ON "t"."company_id" = "p1"."id"
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
      "p1"."id" IS NOT NULL AND (
        "p1"."status" = 'active'
      )
    )
  )
  AND (
    "p1"."id" IS NOT NULL AND (
      "p1"."status" = 'active'
    )
  )
  AND NOT (
    "a1"."restricted" IS NOT NULL AND POSITION(' data ' IN "a1"."restricted") > 0
  )

-- service: bill (data.name)
SELECT
  "t"."id",
  "t"."company_id",
  "t"."attention"
FROM "bill" AS "t"
LEFT JOIN "person" AS "p1"
  ON "t"."person_id" = "p1"."id"
LEFT JOIN "company" AS "p2"
  ON "p1"."company_id" = "p2"."id"
LEFT JOIN "belofte"."allowed_customer" AS "a1"
  ON "a1"."slot" = 332029961 AND "a1"."k0" = "t"."person_id"
WHERE
  "t"."person_id" IS NOT NULL
  AND (
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
                "t"."person_id" IN (
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
        "p2"."id" IS NOT NULL AND (
          "p2"."status" = 'active'
        )
      )
    )
    AND (
      "p2"."id" IS NOT NULL AND (
        "p2"."status" = 'active'
      )
    )
    AND NOT (
      "a1"."restricted" IS NOT NULL AND POSITION(' data ' IN "a1"."restricted") > 0
    )
  )