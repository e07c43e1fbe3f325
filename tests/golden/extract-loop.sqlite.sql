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
    MAX(CASE WHEN "p3"."id" IS NOT NULL THEN 1 ELSE 0 END) * MIN(1) AS "shown0"
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
  GROUP BY
    "t"."id"
) AS "v"
  ON "t"."id" = "v"."key0"
WHERE
  "v"."shown0" = 1;