-- mail: visit (data.text)
SELECT
  `t`.`email`,
  `t`.`page`
FROM `visit` AS `t`
JOIN (
  SELECT
    HEX(COALESCE(CAST(`t`.`email` AS CHAR), '∅')) AS `key0`,
    HEX(COALESCE(CAST(`t`.`page` AS CHAR), '∅')) AS `key1`,
    MAX(CASE WHEN `p1`.`id` IS NOT NULL THEN 1 ELSE 0 END) * MIN(CASE WHEN (
      (
        `p1`.`id` IS NULL
      )
    ) IS TRUE THEN 1 ELSE 0 END) AS `shown0`
  FROM `visit` AS `t`
  LEFT JOIN `person` AS `p1`
    ON CAST(CAST(LOWER(`t`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY) = CAST(CAST(LOWER(`p1`.`email`) AS CHAR CHARACTER SET utf8mb4) AS BINARY)
  GROUP BY
    HEX(COALESCE(CAST(`t`.`email` AS CHAR), '∅')),
    HEX(COALESCE(CAST(`t`.`page` AS CHAR), '∅'))
) AS `v`
  ON HEX(COALESCE(CAST(`t`.`email` AS CHAR), '∅')) = `v`.`key0`
  AND HEX(COALESCE(CAST(`t`.`page` AS CHAR), '∅')) = `v`.`key1`
WHERE
  `v`.`shown0` = 1;