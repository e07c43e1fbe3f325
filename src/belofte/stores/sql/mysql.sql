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

-- name: bound_tables()
-- What is in the databases of a store's purposes, whoever made it, each view with what decides who sees what.
SELECT t.table_schema, t.table_name, v.definer, v.view_definition, v.security_type, v.algorithm
FROM information_schema.tables t
LEFT JOIN information_schema.views v ON v.table_schema = t.table_schema AND v.table_name = t.table_name
WHERE t.table_schema LIKE %(schemas)s;

-- name: bound_schemas()
SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE %(schemas)s;

-- name: bound_columns()
-- The columns of what the store is told in, and of the log of what readers state, which no transaction takes back.
SELECT c.table_name, c.column_name, c.column_type, c.collation_name, t.engine
FROM information_schema.columns c
JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
WHERE c.table_schema = %(place)s AND c.table_name NOT IN ('made', 'journal', 'turn')
ORDER BY c.table_name, c.ordinal_position;

-- name: bound_functions()
SELECT routine_name, routine_definition, security_type, sql_mode FROM information_schema.routines
WHERE routine_schema = %(place)s;

-- name: bound_routines()
-- What may be called in the databases of a store's purposes, whoever made it.
SELECT r.routine_schema, r.routine_name, r.definer, r.routine_type, r.routine_definition, r.security_type, r.sql_mode,
  (SELECT group_concat(p.dtd_identifier ORDER BY p.ordinal_position) FROM information_schema.parameters p
   WHERE p.specific_schema = r.routine_schema AND p.specific_name = r.specific_name)
FROM information_schema.routines r WHERE r.routine_schema LIKE %(schemas)s;

-- name: bound_roles()
-- Roles of a store: what they may do on the whole server.
SELECT User, json_value(Priv, '$.access') FROM mysql.global_priv
WHERE json_value(Priv, '$.is_role') AND User LIKE %(roles)s;

-- name: bound_rights()
-- Rights on databases, tables, columns and routines, by account or role.
SELECT User, Host, 'DATABASE', Db, '*', concat_ws(',', Select_priv, Insert_priv, Update_priv, Delete_priv, Create_priv,
  Drop_priv, Alter_priv, Create_view_priv, Show_view_priv, Execute_priv, Create_routine_priv, Alter_routine_priv,
  Trigger_priv, Grant_priv) FROM mysql.db
UNION ALL SELECT User, Host, 'TABLE', Db, Table_name, Table_priv FROM mysql.tables_priv WHERE Table_priv <> ''
UNION ALL SELECT User, Host, 'TABLE', Db, concat_ws('.', Table_name, Column_name), Column_priv FROM mysql.columns_priv
UNION ALL SELECT User, Host, Routine_type, Db, Routine_name, Proc_priv FROM mysql.procs_priv
ORDER BY 1, 2, 4, 5;

-- name: bound_members()
-- Which account or role was given which role, and may hand it on or not.
SELECT User, Host, Role, Admin_option FROM mysql.roles_mapping ORDER BY User, Host, Role;

-- name: bound_names()
-- Accounts and roles that may be named in a map.
SELECT User, Host FROM mysql.global_priv;

-- name: bound_all_roles()
-- Every role, and whether it reads everything.
SELECT User, json_value(Priv, '$.access') & 1 FROM mysql.global_priv WHERE json_value(Priv, '$.is_role');

-- name: bound_accounts()
-- Accounts that can log in, and whether they read everything.
SELECT User, Host, json_value(Priv, '$.access') & 1 FROM mysql.global_priv
WHERE NOT coalesce(json_value(Priv, '$.is_role'), 0) AND NOT coalesce(json_value(Priv, '$.account_locked'), 0)
ORDER BY User, Host;

-- name: versioned()
-- Tables that keep their history: whoever reads a view over one can ask for it.
SELECT table_name FROM information_schema.tables
WHERE table_schema = database() AND table_type = 'SYSTEM VERSIONED' ORDER BY table_name;
