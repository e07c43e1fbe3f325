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
LEFT JOIN "person" AS "p1"
  ON "t"."person_id" = "p1"."id"
WHERE
  "p1"."id" IS NOT NULL AND DATETIME("t"."issued") >= :day;

-- figures: person (data.name, data.text)
SELECT
  "t"."id",
  "t"."company_id",
  'p-' || SUBSTRING(BELOFTE_HMAC("t"."name", :pseudonym_figures_inner, :pseudonym_figures_outer), 1, 32) AS "name",
  'p-' || SUBSTRING(BELOFTE_HMAC("t"."email", :pseudonym_figures_inner, :pseudonym_figures_outer), 1, 32) AS "email",
  SUBSTRING(CAST("t"."born" AS TEXT), 1, 4) || '-01-01' AS "born"
FROM "person" AS "t"
WHERE
  1 = 1;

-- figures: bill (data.name)
SELECT
  "t"."id",
  "t"."company_id",
  'p-' || SUBSTRING(
    BELOFTE_HMAC("t"."attention", :pseudonym_figures_inner, :pseudonym_figures_outer),
    1,
    32
  ) AS "attention"
FROM "bill" AS "t"
LEFT JOIN "person" AS "p1"
  ON "t"."person_id" = "p1"."id"
WHERE
  "p1"."id" IS NOT NULL;

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
  "p1"."id" IS NOT NULL
  AND (
    "p2"."id" IS NOT NULL AND (
      "p2"."status" = 'active'
    )
  );