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

-- remark: all that is about them, for nothing in it is justified
DELETE FROM `remark`
WHERE
  `remark`.`owner_id` IN (:cohort)
  AND CAST(CAST(`remark`.`kind` AS CHAR CHARACTER SET utf8mb4) AS BINARY) = CAST('person' AS BINARY);

-- person: all that is about them, for nothing in it is justified
DELETE FROM `person`
WHERE
  `person`.`id` IN (:cohort);
