-- books: person (data.name, data.text)
SELECT
  "t"."id",
  "t"."company_id",
  "t"."name",
  "t"."email",
  "t"."born"
FROM "person" AS "t"
WHERE
  1 = 0;

-- books: bill (data.name)
SELECT
  "t"."id",
  "t"."company_id",
  "t"."attention"
FROM "bill" AS "t"
WHERE
  "t"."person_id" IS NOT NULL AND "t"."issued" >= :day;

-- figures: person (data.name, data.text)
SELECT
  "t"."id",
  "t"."company_id",
  'p-' || SUBSTRING(ENCODE(
    SHA256(
      CAST(:pseudonym_figures_outer AS BYTEA) || SHA256(
        CAST(:pseudonym_figures_inner AS BYTEA) || CONVERT_TO(CAST("t"."name" AS TEXT), 'UTF8')
      )
    ),
    'hex'
  ) FROM 1 FOR 32) AS "name",
  'p-' || SUBSTRING(ENCODE(
    SHA256(
      CAST(:pseudonym_figures_outer AS BYTEA) || SHA256(
        CAST(:pseudonym_figures_inner AS BYTEA) || CONVERT_TO(CAST("t"."email" AS TEXT), 'UTF8')
      )
    ),
    'hex'
  ) FROM 1 FOR 32) AS "email",
  CAST(PG_CATALOG.DATE_TRUNC('year', CAST("t"."born" AS TIMESTAMP)) AS DATE) AS "born"
FROM "person" AS "t"
WHERE
  1 = 1;

-- figures: bill (data.name)
SELECT
  "t"."id",
  "t"."company_id",
  'p-' || SUBSTRING(ENCODE(
    SHA256(
      CAST(:pseudonym_figures_outer AS BYTEA) || SHA256(
        CAST(:pseudonym_figures_inner AS BYTEA) || CONVERT_TO(CAST("t"."attention" AS TEXT), 'UTF8')
      )
    ),
    'hex'
  ) FROM 1 FOR 32) AS "attention"
FROM "bill" AS "t"
WHERE
  "t"."person_id" IS NOT NULL;

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
WHERE
  "p1"."id" IS NOT NULL AND (
    "p1"."status" = 'active'
  );

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
WHERE
  "t"."person_id" IS NOT NULL
  AND (
    "p2"."id" IS NOT NULL AND (
      "p2"."status" = 'active'
    )
  );