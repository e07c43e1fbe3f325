-- access: person
--   h0: data.name (name): 1 held, 2 restricted
SELECT
  `t`.`id`,
  `t`.`name`,
  `t`.`email`,
  CASE WHEN `t`.`id` IN (:people_1) THEN 1 ELSE 0 END AS `h0`
FROM `person` AS `t`
WHERE
  `t`.`id` IN (:cohort);

-- what is about them in person, and what justifies it
--   j0: data.name (name) is there, and something justifies it
--   x0: data.name (name) is there, and theirs
SELECT
  `t`.`id` AS `key0`,
  CASE WHEN `t`.`name` IS NOT NULL THEN 1 ELSE 0 END AS `j0`,
  CASE WHEN `t`.`name` IS NOT NULL THEN 1 ELSE 0 END AS `x0`
FROM `person` AS `t`
WHERE
  `t`.`id` IN (:cohort);

-- person in which nothing is justified any more
DELETE FROM `person`
WHERE
  `id` IN (:rows_person_gone);

-- person: data.name that nothing justifies takes its removal form
UPDATE `person` SET `name` = NULL
WHERE
  `id` IN (:rows_person_x0_not_j0_not_gone);
