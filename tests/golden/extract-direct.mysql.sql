-- mail: note (data.text)
SELECT
  `t`.`id`,
  `t`.`person_id`,
  `t`.`words`
FROM `note` AS `t`
WHERE
  1 = 0;