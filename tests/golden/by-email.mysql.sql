-- access: person
SELECT
  `t`.`id`,
  `t`.`name`,
  `t`.`email`
FROM `person` AS `t`
WHERE
  `t`.`id` IN (:cohort);

-- access: visit
SELECT
  `t`.`email`,
  `t`.`page`
FROM `visit` AS `t`
WHERE
  CAST(CAST(LOWER(`t`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY) IN (
    SELECT
      CAST(CAST(LOWER(`r2`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY)
    FROM `person` AS `r2`
    WHERE
      `r2`.`id` IN (:cohort)
  );

-- what is about them in visit, and what justifies it
--   x0: data.text (page) is there, and theirs
--   w0: nothing justifies what is theirs by email
SELECT
  HEX(COALESCE(CAST(`t`.`email` AS CHAR), '∅')) AS `key0`,
  HEX(COALESCE(CAST(`t`.`page` AS CHAR), '∅')) AS `key1`,
  MAX(CASE WHEN `t`.`page` IS NOT NULL THEN 1 ELSE 0 END) AS `x0`,
  MAX(CASE WHEN `p1`.`id` IS NOT NULL AND `p1`.`id` IN (:cohort) THEN 1 ELSE 0 END) * MIN(
    CASE
      WHEN (
        `p1`.`id` IS NULL
      ) OR (
        `p1`.`id` IS NOT NULL AND `p1`.`id` IN (:cohort)
      )
      THEN 1
      ELSE 0
    END
  ) AS `w0`
FROM `visit` AS `t`
LEFT JOIN `person` AS `p1`
  ON CAST(CAST(LOWER(`t`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY) = CAST(CAST(LOWER(`p1`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY)
WHERE
  CAST(CAST(LOWER(`t`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY) IN (
    SELECT
      CAST(CAST(LOWER(`r1`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY)
    FROM `person` AS `r1`
    WHERE
      `r1`.`id` IN (:cohort)
  )
GROUP BY
  HEX(COALESCE(CAST(`t`.`email` AS CHAR), '∅')),
  HEX(COALESCE(CAST(`t`.`page` AS CHAR), '∅'));

-- visit that others keep is no longer linked to them by email
UPDATE `visit` SET `email` = NULL
WHERE
  (HEX(COALESCE(CAST(`email` AS CHAR), '∅')), HEX(COALESCE(CAST(`page` AS CHAR), '∅'))) IN (:rows_visit_w0_not_gone);

-- visit in which nothing is justified any more
DELETE FROM `visit`
WHERE
  (HEX(COALESCE(CAST(`email` AS CHAR), '∅')), HEX(COALESCE(CAST(`page` AS CHAR), '∅'))) IN (:rows_visit_gone);

-- visit: data.text that nothing justifies takes its removal form
UPDATE `visit` SET `page` = NULL
WHERE
  (HEX(COALESCE(CAST(`email` AS CHAR), '∅')), HEX(COALESCE(CAST(`page` AS CHAR), '∅'))) IN (:rows_visit_x0_not_j0_not_gone);

-- person: all that is about them, for nothing in it is justified
DELETE FROM `person`
WHERE
  `person`.`id` IN (:cohort)
  AND NOT (
    EXISTS(
      SELECT
        1
      FROM `visit` AS `c`
      WHERE
        CAST(CAST(LOWER(`c`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY) = CAST(CAST(LOWER(`person`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY)
    )
  );

-- what of theirs is left in person: something still points at it
SELECT
  `t`.`id` AS `key0`,
  CASE
    WHEN EXISTS(
      SELECT
        1
      FROM `visit` AS `c`
      WHERE
        CAST(CAST(LOWER(`c`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY) = CAST(CAST(LOWER(`t`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY)
    )
    THEN 1
    ELSE 0
  END AS `spared`
FROM `person` AS `t`
WHERE
  `t`.`id` IN (:cohort);
