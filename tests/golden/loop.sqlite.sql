-- access: person
SELECT
  "t"."id",
  "t"."name",
  "t"."email"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- access: folder
SELECT
  "t"."id",
  "t"."parent_id",
  "t"."person_id",
  "t"."title"
FROM "folder" AS "t"
WHERE
  "t"."id" IN (
    WITH RECURSIVE "below_r14"("k0") AS (
      SELECT
        "r13"."id"
      FROM "folder" AS "r13"
      WHERE
        "r13"."person_id" IN (:cohort)
      UNION
      SELECT
        "r15"."id"
      FROM "folder" AS "r15"
      JOIN "folder" AS "r16"
        ON "r15"."parent_id" = "r16"."id"
      JOIN "below_r14"
        ON "r16"."id" = "below_r14"."k0"
    )
    SELECT
      "k0"
    FROM "below_r14"
  );

-- what is about them in folder, and what justifies it
--   x0: data.text (title) is there, and theirs
--   w0: nothing justifies what is theirs by person_id
SELECT
  "t"."id" AS "key0",
  MAX(CASE WHEN "t"."title" IS NOT NULL THEN 1 ELSE 0 END) AS "x0",
  MAX(
    CASE
      WHEN (
        "p3"."id" IS NOT NULL AND "p3"."id" IN (:cohort)
      )
      AND "t"."person_id" = "p3"."id"
      THEN 1
      ELSE 0
    END
  ) * MIN(
    CASE
      WHEN NOT (
        "p3"."id" IS NOT NULL AND "t"."person_id" = "p3"."id"
      )
      OR (
        "p3"."id" IS NOT NULL AND "p3"."id" IN (:cohort)
      )
      THEN 1
      ELSE 0
    END
  ) AS "w0"
FROM "folder" AS "t"
LEFT JOIN (
  WITH RECURSIVE "above"("k0", "a0") AS (
    SELECT
      "s"."id",
      "s"."id"
    FROM "folder" AS "s"
    WHERE
      "s"."id" IN (
        WITH RECURSIVE "below_r2"("k0") AS (
          SELECT
            "r1"."id"
          FROM "folder" AS "r1"
          WHERE
            "r1"."person_id" IN (:cohort)
          UNION
          SELECT
            "r3"."id"
          FROM "folder" AS "r3"
          JOIN "folder" AS "r4"
            ON "r3"."parent_id" = "r4"."id"
          JOIN "below_r2"
            ON "r4"."id" = "below_r2"."k0"
        )
        SELECT
          "k0"
        FROM "below_r2"
      )
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
WHERE
  "t"."id" IN (
    WITH RECURSIVE "below_r6"("k0") AS (
      SELECT
        "r5"."id"
      FROM "folder" AS "r5"
      WHERE
        "r5"."person_id" IN (:cohort)
      UNION
      SELECT
        "r7"."id"
      FROM "folder" AS "r7"
      JOIN "folder" AS "r8"
        ON "r7"."parent_id" = "r8"."id"
      JOIN "below_r6"
        ON "r8"."id" = "below_r6"."k0"
    )
    SELECT
      "k0"
    FROM "below_r6"
  )
GROUP BY
  "t"."id";

-- rows of folder that stay: folder.parent_id points at it
SELECT
  "t"."id"
FROM "folder" AS "t"
WHERE
  "t"."id" IN (:rows_folder_gone)
  AND EXISTS(
    SELECT
      1
    FROM "folder" AS "c"
    WHERE
      "c"."parent_id" = "t"."id" AND NOT (
        "c"."id" IN (:rows_folder_gone)
      )
  );

-- rows of folder by which kept rows reach their person: folder.parent_id
SELECT
  "t"."id"
FROM "folder" AS "t"
WHERE
  "t"."id" IN (:rows_folder_not_gone_not_tw0)
  AND EXISTS(
    SELECT
      1
    FROM "folder" AS "c"
    WHERE
      "c"."id" IN (:rows_folder_tw0) AND "c"."parent_id" = "t"."id"
  );

-- folder that others keep is no longer linked to them by person_id
UPDATE "folder" SET "person_id" = NULL
WHERE
  "id" IN (:rows_folder_w0_not_gone_not_tw0);

-- folder in which nothing is justified any more
DELETE FROM "folder"
WHERE
  "id" IN (:rows_folder_gone);

-- folder: data.text that nothing justifies takes its removal form
UPDATE "folder" SET "title" = NULL
WHERE
  "id" IN (:rows_folder_x0_not_j0_not_gone);

-- person: all that is about them, for nothing in it is justified
DELETE FROM "person"
WHERE
  "person"."id" IN (:cohort)
  AND NOT (
    EXISTS(
      SELECT
        1
      FROM "folder" AS "c"
      WHERE
        "c"."person_id" = "person"."id"
    )
  );

-- what of theirs is left in person: something still points at it
SELECT
  "t"."id" AS "key0",
  CASE
    WHEN EXISTS(
      SELECT
        1
      FROM "folder" AS "c"
      WHERE
        "c"."person_id" = "t"."id"
    )
    THEN 1
    ELSE 0
  END AS "spared"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);
