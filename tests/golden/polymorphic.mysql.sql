-- access: person
SELECT
  `t`.`id`,
  `t`.`name`,
  `t`.`email`
FROM `person` AS `t`
WHERE
  `t`.`id` IN (:cohort);

-- access: remark
SELECT
  `t`.`id`,
  `t`.`kind`,
  `t`.`owner_id`,
  `t`.`words`
FROM `remark` AS `t`
WHERE
  `t`.`owner_id` IN (:cohort)
  AND CAST(CAST(`t`.`kind` AS CHAR CHARACTER SET utf8mb4) AS BINARY) = CAST('person' AS BINARY);

-- what is about them in person, and what justifies it
SELECT
  `t`.`id` AS `key0`
FROM `person` AS `t`
WHERE
  `t`.`id` IN (:cohort);

-- what is about them in remark, and what justifies it
--   x0: data.text (words) is there, and theirs
SELECT
  `t`.`id` AS `key0`,
  CASE WHEN `t`.`words` IS NOT NULL THEN 1 ELSE 0 END AS `x0`
FROM `remark` AS `t`
WHERE
  `t`.`owner_id` IN (:cohort)
  AND CAST(CAST(`t`.`kind` AS CHAR CHARACTER SET utf8mb4) AS BINARY) = CAST('person' AS BINARY);

-- remark that others keep is no longer linked to them by owner_id
UPDATE `remark` SET `owner_id` = NULL
WHERE
  `id` IN (:rows_remark_w0_not_gone);

-- remark in which nothing is justified any more
DELETE FROM `remark`
WHERE
  `id` IN (:rows_remark_gone);

-- remark: data.text that nothing justifies takes its removal form
UPDATE `remark` SET `words` = NULL
WHERE
  `id` IN (:rows_remark_x0_not_j0_not_gone);

-- rows of person that stay: remark.owner_id points at it
SELECT
  `t`.`id`
FROM `person` AS `t`
WHERE
  `t`.`id` IN (:rows_person_gone)
  AND EXISTS(
    SELECT
      1
    FROM `remark` AS `c`
    WHERE
      `c`.`owner_id` = `t`.`id`
      AND CAST(CAST(`c`.`kind` AS CHAR CHARACTER SET utf8mb4) AS BINARY) = CAST('person' AS BINARY)
  );

-- person in which nothing is justified any more
DELETE FROM `person`
WHERE
  `id` IN (:rows_person_gone);
