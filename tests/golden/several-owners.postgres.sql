-- access: person
SELECT
  "t"."id",
  "t"."name",
  "t"."email"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- access: message
--   k0: what may keep data.text (body): 1 service
SELECT
  "t"."id",
  "t"."sender_id",
  "t"."recipient_id",
  "t"."body",
  CASE
    WHEN "t"."sender_id" IS NOT NULL OR "t"."recipient_id" IS NOT NULL
    THEN 1
    ELSE 0
  END AS "k0"
FROM "message" AS "t"
WHERE
  "t"."sender_id" IN (:cohort) OR "t"."recipient_id" IN (:cohort);

-- what is about them in person, and what justifies it
--   j0: data.name (name) is there, and something justifies it
--   x0: data.name (name) is there, and theirs
SELECT
  "t"."id" AS "key0",
  CASE WHEN "t"."name" IS NOT NULL THEN 1 ELSE 0 END AS "j0",
  CASE WHEN "t"."name" IS NOT NULL THEN 1 ELSE 0 END AS "x0"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:cohort);

-- what is about them in message, and what justifies it
--   j0: data.text (body) is there, and something justifies it
--   x0: data.text (body) is there, and theirs
--   w0: nothing justifies what is theirs by sender_id
--   w1: nothing justifies what is theirs by recipient_id
--   k0: what may keep data.text (body): 1 service
SELECT
  "t"."id" AS "key0",
  CASE
    WHEN "t"."body" IS NOT NULL
    AND (
      "t"."sender_id" IS NOT NULL OR "t"."recipient_id" IS NOT NULL
    )
    THEN 1
    ELSE 0
  END AS "j0",
  CASE WHEN "t"."body" IS NOT NULL THEN 1 ELSE 0 END AS "x0",
  CASE
    WHEN (
      "t"."sender_id" IS NOT NULL AND "t"."sender_id" IN (:cohort)
    )
    AND (
      "t"."body" IS NULL
    )
    THEN 1
    ELSE 0
  END AS "w0",
  CASE
    WHEN (
      "t"."recipient_id" IS NOT NULL AND "t"."recipient_id" IN (:cohort)
    )
    AND (
      "t"."body" IS NULL
    )
    THEN 1
    ELSE 0
  END AS "w1",
  CASE
    WHEN "t"."sender_id" IS NOT NULL OR "t"."recipient_id" IS NOT NULL
    THEN 1
    ELSE 0
  END AS "k0"
FROM "message" AS "t"
WHERE
  "t"."sender_id" IN (:cohort) OR "t"."recipient_id" IN (:cohort);

-- message that others keep is no longer linked to them by sender_id
UPDATE "message" SET "sender_id" = NULL, "body" = NULL
WHERE
  "id" IN (:rows_message_w0_not_gone);

-- message that others keep is no longer linked to them by recipient_id
UPDATE "message" SET "recipient_id" = NULL, "body" = NULL
WHERE
  "id" IN (:rows_message_w1_not_gone);

-- message in which nothing is justified any more
DELETE FROM "message"
WHERE
  "id" IN (:rows_message_gone);

-- message: data.text that nothing justifies takes its removal form
UPDATE "message" SET "body" = NULL
WHERE
  "id" IN (:rows_message_x0_not_j0_not_gone);

-- rows of person that stay: message.recipient_id points at it
SELECT
  "t"."id"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:rows_person_gone)
  AND EXISTS(
    SELECT
      1
    FROM "message" AS "c"
    WHERE
      "c"."recipient_id" = "t"."id"
  );

-- rows of person that stay: message.sender_id points at it
SELECT
  "t"."id"
FROM "person" AS "t"
WHERE
  "t"."id" IN (:rows_person_gone)
  AND EXISTS(
    SELECT
      1
    FROM "message" AS "c"
    WHERE
      "c"."sender_id" = "t"."id"
  );

-- person in which nothing is justified any more
DELETE FROM "person"
WHERE
  "id" IN (:rows_person_gone);

-- person: data.name that nothing justifies takes its removal form
UPDATE "person" SET "name" = NULL
WHERE
  "id" IN (:rows_person_x0_not_j0_not_gone);
