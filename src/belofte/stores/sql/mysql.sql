-- name: tables()
SELECT table_name AS name, table_type AS kind, table_rows AS "rows", engine AS engine
FROM information_schema.tables
WHERE table_schema = database() AND table_type <> 'SEQUENCE' AND left(table_name, 8) <> 'belofte_'
ORDER BY table_name;

-- name: columns()
SELECT table_name AS owner, column_name AS name, data_type AS base, column_type AS type, is_nullable AS nullable,
  column_default AS has_default, character_maximum_length AS length, extra AS extra, collation_name AS collation,
  generation_expression AS generated
FROM information_schema.columns
WHERE table_schema = database()
ORDER BY table_name, ordinal_position;

-- name: foreign_keys()
SELECT k.table_name AS owner, k.constraint_name AS name, k.column_name AS own, k.referenced_table_schema AS parent_schema,
  k.referenced_table_name AS parent, k.referenced_column_name AS theirs, r.delete_rule AS on_delete
FROM information_schema.key_column_usage k
JOIN information_schema.referential_constraints r
  ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
WHERE k.constraint_schema = database() AND k.referenced_table_name IS NOT NULL
ORDER BY k.table_name, k.constraint_name, k.ordinal_position;

-- name: indexes()
SELECT * FROM information_schema.statistics
WHERE table_schema = database()
ORDER BY table_name, index_name, seq_in_index;

-- name: triggers()
SELECT event_object_table AS owner, trigger_name AS name FROM information_schema.triggers
WHERE trigger_schema = database()
ORDER BY event_object_table, trigger_name;

-- name: checks_mariadb()
SELECT table_name AS owner, check_clause AS text FROM information_schema.check_constraints
WHERE constraint_schema = database()
ORDER BY table_name, constraint_name;

-- name: checks_mysql()
SELECT t.table_name AS owner, c.check_clause AS text
FROM information_schema.check_constraints c
JOIN information_schema.table_constraints t
  ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
WHERE c.constraint_schema = database() AND t.constraint_type = 'CHECK'
ORDER BY t.table_name, c.constraint_name;
