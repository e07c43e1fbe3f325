-- access: person
--   k0: what may keep data.name (name, email): 1 service, 2 books (WER III.86)
--   u0: what may use data.name (name, email) now: 1 service, 2 books (WER III.86)
--   k1: what may keep data.text (born): 1 service, 2 books (WER III.86)
--   u1: what may use data.text (born) now: 1 service, 2 books (WER III.86)
SELECT
  "t"."id",
  "t"."company_id",
  "t"."name",
  "t"."email",
  "t"."born",
  CASE
    WHEN (
      "p1"."id" IS NOT NULL AND (
        "p1"."status" = 'active'
      )
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END AS "k0",
  CASE
    WHEN (
      "p1"."id" IS NOT NULL AND (
        "p1"."status" = 'active'
      )
    ) IS TRUE
    THEN 1
    ELSE 0
  END AS "u0",
  CASE
    WHEN (
      "p1"."id" IS NOT NULL AND (
        "p1"."status" = 'active'
      )
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END AS "k1",
  CASE
    WHEN (
      "p1"."id" IS NOT NULL AND (
        "p1"."status" = 'active'
      )
    ) IS TRUE
    THEN 1
    ELSE 0
  END AS "u1"
FROM "person" AS "t"
LEFT JOIN "company" AS "p1"
  ON "t"."company_id" = "p1"."id"
WHERE
  "t"."id" IN (:cohort);

-- access: bill
--   org: it belongs to an organisation
--   about0: data.name (attention) is about them
--   k0: what may keep data.name (attention): 1 service, 2 books (WER III.86)
--   u0: what may use data.name (attention) now: 1 service, 2 books (WER III.86)
SELECT
  "t"."id",
  "t"."company_id",
  "t"."person_id",
  "t"."issued",
  "t"."attention",
  CASE WHEN "p1"."id" IS NOT NULL THEN 1 ELSE 0 END AS "org",
  CASE
    WHEN "t"."person_id" IS NOT NULL AND "t"."person_id" IN (:cohort)
    THEN 1
    ELSE 0
  END AS "about0",
  CASE
    WHEN "t"."person_id" IS NOT NULL
    AND (
      "p3"."id" IS NOT NULL AND (
        "p3"."status" = 'active'
      )
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END + 2 * CASE
    WHEN "t"."person_id" IS NOT NULL AND (
      "t"."issued" >= :day
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END AS "k0",
  CASE WHEN "t"."person_id" IS NOT NULL THEN 1 ELSE 0 END * (
    CASE
      WHEN (
        "t"."person_id" IS NULL
      )
      OR (
        "p3"."id" IS NOT NULL AND (
          "p3"."status" = 'active'
        )
      ) IS TRUE
      THEN 1
      ELSE 0
    END + 2 * CASE
      WHEN (
        "t"."person_id" IS NULL
      ) OR (
        "t"."issued" >= :day
      ) IS TRUE
      THEN 1
      ELSE 0
    END
  ) AS "u0"
FROM "bill" AS "t"
LEFT JOIN "company" AS "p1"
  ON "t"."company_id" = "p1"."id"
LEFT JOIN "person" AS "p2"
  ON "t"."person_id" = "p2"."id"
LEFT JOIN "company" AS "p3"
  ON "p2"."company_id" = "p3"."id"
WHERE
  "t"."person_id" IN (:cohort);

-- what is about them in person, and what justifies it
--   j0: data.name (name, email) is there, and something justifies it
--   x0: data.name (name, email) is there, and theirs
--   j1: data.text (born) is there, and something justifies it
--   x1: data.text (born) is there, and theirs
--   k0: what may keep data.name (name, email): 1 service, 2 books (WER III.86)
--   k1: what may keep data.text (born): 1 service, 2 books (WER III.86)
SELECT
  "t"."id" AS "key0",
  CASE
    WHEN (
      NOT (
        "t"."name" IS NULL OR "t"."name" = '[erased]'
      )
      OR "t"."email" IS NOT NULL
    )
    AND (
      "p1"."id" IS NOT NULL AND (
        "p1"."status" = 'active'
      )
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END AS "j0",
  CASE
    WHEN NOT (
      "t"."name" IS NULL OR "t"."name" = '[erased]'
    )
    OR "t"."email" IS NOT NULL
    THEN 1
    ELSE 0
  END AS "x0",
  CASE
    WHEN NOT (
      "t"."born" IS NULL OR SUBSTRING(CAST("t"."born" AS TEXT) FROM 6 FOR 5) = '01-01'
    )
    AND (
      "p1"."id" IS NOT NULL AND (
        "p1"."status" = 'active'
      )
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END AS "j1",
  CASE
    WHEN NOT (
      "t"."born" IS NULL OR SUBSTRING(CAST("t"."born" AS TEXT) FROM 6 FOR 5) = '01-01'
    )
    THEN 1
    ELSE 0
  END AS "x1",
  CASE
    WHEN (
      "p1"."id" IS NOT NULL AND (
        "p1"."status" = 'active'
      )
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END AS "k0",
  CASE
    WHEN (
      "p1"."id" IS NOT NULL AND (
        "p1"."status" = 'active'
      )
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END AS "k1"
FROM "person" AS "t"
LEFT JOIN "company" AS "p1"
  ON "t"."company_id" = "p1"."id"
WHERE
  "t"."id" IN (:cohort);

-- what is about them in bill, and what justifies it
--   org: it belongs to an organisation
--   about0: data.name (attention) is about them
--   j0: data.name (attention) is there, and something justifies it
--   x0: data.name (attention) is there, and theirs
--   w0: nothing justifies what is theirs by person_id
--   k0: what may keep data.name (attention): 1 service, 2 books (WER III.86)
SELECT
  "t"."id" AS "key0",
  CASE WHEN "p1"."id" IS NOT NULL THEN 1 ELSE 0 END AS "org",
  CASE
    WHEN "t"."person_id" IS NOT NULL AND "t"."person_id" IN (:cohort)
    THEN 1
    ELSE 0
  END AS "about0",
  CASE
    WHEN NOT (
      "t"."attention" IS NULL OR "t"."attention" = '[erased]'
    )
    AND (
      "t"."person_id" IS NOT NULL
      AND (
        (
          "p3"."id" IS NOT NULL AND (
            "p3"."status" = 'active'
          )
        ) IS NOT FALSE
        OR (
          "t"."issued" >= :day
        ) IS NOT FALSE
      )
    )
    THEN 1
    ELSE 0
  END AS "j0",
  CASE
    WHEN NOT (
      "t"."attention" IS NULL OR "t"."attention" = '[erased]'
    )
    AND (
      "t"."person_id" IS NOT NULL AND "t"."person_id" IN (:cohort)
    )
    THEN 1
    ELSE 0
  END AS "x0",
  CASE
    WHEN (
      "t"."person_id" IS NOT NULL AND "t"."person_id" IN (:cohort)
    )
    AND NOT (
      NOT (
        "t"."attention" IS NULL OR "t"."attention" = '[erased]'
      )
      AND (
        (
          "p3"."id" IS NOT NULL AND (
            "p3"."status" = 'active'
          )
        ) IS NOT FALSE
        OR (
          "t"."issued" >= :day
        ) IS NOT FALSE
      )
    )
    THEN 1
    ELSE 0
  END AS "w0",
  CASE
    WHEN "t"."person_id" IS NOT NULL
    AND (
      "p3"."id" IS NOT NULL AND (
        "p3"."status" = 'active'
      )
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END + 2 * CASE
    WHEN "t"."person_id" IS NOT NULL AND (
      "t"."issued" >= :day
    ) IS NOT FALSE
    THEN 1
    ELSE 0
  END AS "k0"
FROM "bill" AS "t"
LEFT JOIN "company" AS "p1"
  ON "t"."company_id" = "p1"."id"
LEFT JOIN "person" AS "p2"
  ON "t"."person_id" = "p2"."id"
LEFT JOIN "company" AS "p3"
  ON "p2"."company_id" = "p3"."id"
WHERE
  "t"."person_id" IN (:cohort);

-- bill that others keep is no longer linked to them by person_id
UPDATE "bill" SET "person_id" = NULL
WHERE
  "id" IN (:rows_bill_w0_not_gone);

-- bill in which nothing is justified any more
DELETE FROM "bill"
WHERE
  "id" IN (:rows_bill_gone);

-- bill: data.name that nothing justifies takes its removal form
UPDATE "bill" SET "attention" = CASE WHEN "attention" IS NOT NULL THEN '[erased]' END
WHERE
  "id" IN (:rows_bill_x0_not_j0_not_gone);

-- rows of person that stay: bill.person_id points at it
SELECT
  "t"."id"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:rows_person_gone)
  AND EXISTS(
    SELECT
      1
    FROM "bill" AS "c"
    WHERE
      "c"."person_id" = "t"."id"
  );

-- person in which nothing is justified any more
DELETE FROM "person"
WHERE
  "id" IN (:rows_person_gone);

-- person: data.name that nothing justifies takes its removal form
UPDATE "person" SET "name" = '[erased]', "email" = NULL
WHERE
  "id" IN (:rows_person_x0_not_j0_not_gone);

-- person: data.text that nothing justifies takes its removal form
UPDATE "person" SET "born" = CASE
  WHEN "born" IS NOT NULL
  THEN CAST((
    SUBSTRING(CAST("born" AS TEXT) FROM 1 FOR 4) || '-01-01'
  ) AS DATE)
END
WHERE
  "id" IN (:rows_person_x1_not_j1_not_gone);
