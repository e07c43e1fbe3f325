-- service: person (data.name)
SELECT
  "t"."id",
  "t"."name"
FROM "person" AS "t"
WHERE
  (
    CASE
      WHEN EXISTS(
        SELECT
          1
        FROM "phone_call" AS "h"
        WHERE
          "h"."person_id" = "t"."id" AND "h"."day" >= :day
      )
      THEN TRUE
      WHEN EXISTS(
        SELECT
          1
        FROM "phone_call" AS "h"
        WHERE
          "h"."person_id" = "t"."id" AND (
            "h"."day" >= :day
          ) IS NULL
      )
      THEN NULL
      ELSE FALSE
    END
  );