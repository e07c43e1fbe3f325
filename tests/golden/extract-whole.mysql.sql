-- books: person (data.name, data.text)
SELECT
  `t`.`id`,
  `t`.`company_id`,
  `t`.`name`,
  `t`.`email`,
  `t`.`born`
FROM `person` AS `t`
WHERE
  1 = 0;

-- books: bill (data.name)
SELECT
  `t`.`id`,
  `t`.`company_id`,
  `t`.`attention`
FROM `bill` AS `t`
WHERE
  `t`.`person_id` IS NOT NULL AND `t`.`issued` >= :day;

-- figures: person (data.name, data.text)
SELECT
  `t`.`id`,
  `t`.`company_id`,
  CONCAT(
    'p-',
    SUBSTRING(
      SHA2(
        CONCAT(
          :pseudonym_figures_outer,
          UNHEX(
            SHA2(
              CONCAT(
                :pseudonym_figures_inner,
                CAST(CAST(`t`.`name` AS CHAR CHARACTER SET utf8mb4) AS BINARY)
              ),
              256
            )
          )
        ),
        256
      ),
      1,
      32
    )
  ) AS `name`,
  CONCAT(
    'p-',
    SUBSTRING(
      SHA2(
        CONCAT(
          :pseudonym_figures_outer,
          UNHEX(
            SHA2(
              CONCAT(
                :pseudonym_figures_inner,
                CAST(CAST(`t`.`email` AS CHAR CHARACTER SET utf8mb4) AS BINARY)
              ),
              256
            )
          )
        ),
        256
      ),
      1,
      32
    )
  ) AS `email`,
  CAST(CONCAT(SUBSTRING(CAST(`t`.`born` AS CHAR), 1, 4), '-01-01') AS DATE) AS `born`
FROM `person` AS `t`
WHERE
  1 = 1;

-- figures: bill (data.name)
SELECT
  `t`.`id`,
  `t`.`company_id`,
  CONCAT(
    'p-',
    SUBSTRING(
      SHA2(
        CONCAT(
          :pseudonym_figures_outer,
          UNHEX(
            SHA2(
              CONCAT(
                :pseudonym_figures_inner,
                CAST(CAST(`t`.`attention` AS CHAR CHARACTER SET utf8mb4) AS BINARY)
              ),
              256
            )
          )
        ),
        256
      ),
      1,
      32
    )
  ) AS `attention`
FROM `bill` AS `t`
WHERE
  `t`.`person_id` IS NOT NULL;

-- service: person (data.name, data.text)
SELECT
  `t`.`id`,
  `t`.`company_id`,
  `t`.`name`,
  `t`.`email`,
  `t`.`born`
FROM `person` AS `t`
LEFT JOIN `company` AS `p1`
  ON `t`.`company_id` = `p1`.`id`
WHERE
  `p1`.`id` IS NOT NULL
  AND (
    CAST(CAST(`p1`.`status` AS CHAR CHARACTER SET utf8mb4) AS BINARY) = CAST('active' AS BINARY)
  );

-- service: bill (data.name)
SELECT
  `t`.`id`,
  `t`.`company_id`,
  `t`.`attention`
FROM `bill` AS `t`
LEFT JOIN `person` AS `p1`
  ON `t`.`person_id` = `p1`.`id`
LEFT JOIN `company` AS `p2`
  ON `p1`.`company_id` = `p2`.`id`
WHERE
  `t`.`person_id` IS NOT NULL
  AND (
    `p2`.`id` IS NOT NULL
    AND (
      CAST(CAST(`p2`.`status` AS CHAR CHARACTER SET utf8mb4) AS BINARY) = CAST('active' AS BINARY)
    )
  );