-- name: tables()
-- Tables and views of the company: no system schemas, no members of extensions, nothing of Belofte's own, but where the
-- address says that its own schema is the one that is mapped (`search_path=belofte`).
SELECT c.oid::int8 AS id, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, c.reltuples::int8 AS rows,
  n.nspname = current_schema() AS home, has_table_privilege(c.oid, 'SELECT') AS readable,
  row_security_active(c.oid) AS narrowed
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND (n.nspname !~ '^belofte(_|$)' OR n.nspname = current_schema())
  AND NOT (n.nspname ~ '^for_' AND pg_catalog.pg_get_userbyid(n.nspowner) ~ '^belofte_')
  AND c.relname !~ '^belofte_' AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname;

-- name: columns()
-- A domain counts as the type below it; its own NOT NULL is the column's.
SELECT a.attrelid::int8 AS id, a.attnum AS number, a.attname AS name,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, b.typname AS base, b.typtype::text AS typtype,
  b.typcategory::text AS category, NOT (a.attnotnull OR t.typnotnull) AS nullable,
  greatest(a.atttypmod, t.typtypmod) AS modifier, a.attgenerated <> '' AS generated,
  a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL AS has_default,
  CASE WHEN o.collisdeterministic IS FALSE THEN coalesce(
    to_jsonb(o) ->> 'colllocale', to_jsonb(o) ->> 'colliculocale', o.collcollate) END AS collation,
  CASE WHEN t.typtype = 'd' THEN t.oid::int8 END AS domain
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  AND (n.nspname !~ '^(pg_|information_schema$|belofte(_|$))' OR n.nspname = current_schema())
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation
WHERE a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum;

-- name: constraints()
-- Keys, foreign keys and checks; not the copies of a foreign key that point at each partition of its target.
SELECT k.conrelid::int8 AS id, k.contype::text AS kind, k.conname AS name, k.conkey::int2[] AS columns,
  k.confrelid::int8 AS parent, k.confkey::int2[] AS parent_columns, k.confdeltype::text AS on_delete,
  CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_constraintdef(k.oid) END AS text
FROM pg_catalog.pg_constraint k
LEFT JOIN pg_catalog.pg_constraint up ON up.oid = k.conparentid
WHERE k.conrelid <> 0 AND k.contype IN ('p', 'u', 'f', 'c') AND up.conrelid IS DISTINCT FROM k.conrelid
ORDER BY k.conrelid, k.conname;

-- name: domains()
-- The checks of domains; VALUE stands for the column.
SELECT k.contypid::int8 AS id, pg_catalog.pg_get_constraintdef(k.oid) AS text
FROM pg_catalog.pg_constraint k WHERE k.contypid <> 0 AND k.contype = 'c'
ORDER BY k.contypid, k.conname;

-- name: indexes()
-- Indexes that can answer an equality over the whole table.
SELECT i.indrelid::int8 AS id, i.indisunique AS is_unique, i.indkey::int2[] AS columns, i.indnkeyatts AS keys,
  CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(
    SELECT pg_catalog.pg_get_indexdef(i.indexrelid, k, false) FROM generate_series(1, i.indnkeyatts) k) END AS texts
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_am m ON m.oid = x.relam AND m.amname IN ('btree', 'hash')
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  AND (n.nspname !~ '^(pg_|information_schema$|belofte(_|$))' OR n.nspname = current_schema())
WHERE i.indisvalid AND i.indpred IS NULL
ORDER BY i.indrelid, x.relname;

-- name: few()
-- Columns of larger tables in which the database has seen few different values: less than 200.
SELECT c.oid::int8 AS id, s.attname AS name
FROM pg_catalog.pg_stats s
JOIN pg_catalog.pg_namespace n ON n.nspname = s.schemaname
  AND (n.nspname !~ '^(pg_|information_schema$|belofte(_|$))' OR n.nspname = current_schema())
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename AND c.reltuples > 2000
WHERE s.n_distinct > 0 AND s.n_distinct < 200
ORDER BY c.oid, s.attname;

-- name: triggers()
-- Triggers of the company, not those that enforce foreign keys or serve a partition's parent.
SELECT t.tgrelid::int8 AS id, t.tgname AS name FROM pg_catalog.pg_trigger t
WHERE NOT t.tgisinternal
ORDER BY t.tgrelid, t.tgname;

-- name: rules()
-- Rules that turn a write into something else.
SELECT r.ev_class::int8 AS id, count(*) AS rules FROM pg_catalog.pg_rewrite r
WHERE r.ev_type <> '1' GROUP BY r.ev_class ORDER BY r.ev_class;

-- name: parents()
-- Inheritance and partitions.
SELECT h.inhrelid::int8 AS id, h.inhparent::int8 AS parent FROM pg_catalog.pg_inherits h
JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relkind IN ('r', 'p', 'f')
ORDER BY h.inhrelid, h.inhseqno;

-- name: bound_views()
-- What is in the schemas of purposes, each with a digest of everything about it that decides who sees what.
SELECT n.nspname || '.' || c.relname AS name,
  md5(concat_ws('|', c.relkind, pg_catalog.pg_get_viewdef(c.oid), array_to_string(c.reloptions, ','),
    pg_catalog.pg_get_userbyid(c.relowner), c.relacl::text)) AS digest
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname ~ '^for_'
  AND pg_catalog.pg_get_userbyid(n.nspowner) ~ '^belofte_';

-- name: bound_schemas()
-- The schemas of purposes: who owns them, and who may look into them.
SELECT n.nspname AS name, md5(pg_catalog.pg_get_userbyid(n.nspowner)) AS digest,
  md5((SELECT string_agg(pg_catalog.pg_get_userbyid(a.grantee) || ' ' || a.privilege_type, ',' ORDER BY 1)
       FROM pg_catalog.aclexplode(n.nspacl) a WHERE a.grantee <> n.nspowner)) AS usage
FROM pg_catalog.pg_namespace n
WHERE n.nspname ~ '^for_' AND pg_catalog.pg_get_userbyid(n.nspowner) ~ '^belofte_';

-- name: bound_relations()
-- What the store is told in: columns and rights.
SELECT n.nspname || '.' || c.relname AS name, md5(concat_ws('|', pg_catalog.pg_get_userbyid(c.relowner), c.relacl::text,
  (SELECT string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod) || coalesce(a.attacl::text, ''),
    ',' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))) AS digest
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = 'belofte' AND c.relname NOT IN ('made', 'journal');

-- name: bound_functions()
-- The functions that tell the day and the moment, and those by which readers state their purpose.
SELECT n.nspname || '.' || p.proname AS name,
  md5(concat_ws('|', pg_catalog.pg_get_functiondef(p.oid), pg_catalog.pg_get_userbyid(p.proowner), p.proacl::text)) AS digest
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE (n.nspname = 'belofte' AND p.prorettype <> 'trigger'::regtype) OR n.nspname ~ '^for_';

-- name: bound_watches()
-- The functions that say which people changed, each with the triggers that call it and whether they are on.
SELECT n.nspname || '.' || p.proname AS name,
  md5(concat_ws('|', pg_catalog.pg_get_functiondef(p.oid), pg_catalog.pg_get_userbyid(p.proowner), p.proacl::text,
    (SELECT string_agg(pg_catalog.pg_get_triggerdef(g.oid) || ' ' || CAST(g.tgenabled AS text), ',' ORDER BY g.tgname)
     FROM pg_catalog.pg_trigger g WHERE g.tgfoid = p.oid))) AS digest
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'belofte' AND p.prorettype = 'trigger'::regtype;

-- name: bound_roles()
-- Roles of ours: what they may do in the cluster, which roles they were given, and what they may read or write here.
SELECT r.rolname AS name, md5(concat_ws('|', r.rolsuper, r.rolcanlogin, r.rolcreaterole, r.rolcreatedb, r.rolbypassrls,
  r.rolreplication,
  (SELECT string_agg(pg_catalog.pg_get_userbyid(m.roleid), ',' ORDER BY 1) FROM pg_catalog.pg_auth_members m
    WHERE m.member = r.oid),
  (SELECT string_agg(n.nspname || '.' || c.relname || ' ' || a.privilege_type, ',' ORDER BY 1)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) a WHERE a.grantee = r.oid),
  (SELECT string_agg(c.oid::regclass::text || '.' || t.attname || ' ' || a.privilege_type, ',' ORDER BY 1)
    FROM pg_catalog.pg_attribute t JOIN pg_catalog.pg_class c ON c.oid = t.attrelid
    CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) a WHERE a.grantee = r.oid))) AS digest
FROM pg_catalog.pg_roles r WHERE r.rolname ~ '^belofte_';

-- name: bound_rights()
-- Rights on relations that roles of ours were given and do not own, by relation; columns' rights go with them.
SELECT DISTINCT r.rolname AS name, n.nspname || '.' || c.relname AS relation
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
  SELECT a.grantee FROM pg_catalog.aclexplode(c.relacl) a
  UNION
  SELECT a.grantee FROM pg_catalog.pg_attribute t CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) a
  WHERE t.attrelid = c.oid
) given
JOIN pg_catalog.pg_roles r ON r.oid = given.grantee
WHERE r.rolname ~ '^belofte_' AND c.relowner <> r.oid ORDER BY 1, 2;

-- name: bound_lookers()
-- Who may do something in a purpose's schema, its owner aside; NULL: everybody.
SELECT DISTINCT n.nspname AS name, r.rolname AS account
FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) a
LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
WHERE n.nspname ~ '^for_' AND pg_catalog.pg_get_userbyid(n.nspowner) ~ '^belofte_' AND a.grantee <> n.nspowner
ORDER BY 1, 2;

-- name: bound_readers()
-- Accounts that log in and read company tables themselves, past the views; and those that act through a role of ours.
SELECT r.rolname AS name, r.rolsuper AS superuser,
  (SELECT array_agg(n.nspname || '.' || c.relname ORDER BY 1)
   FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^(pg_|information_schema$|belofte$|for_)'
     AND has_any_column_privilege(r.oid, c.oid, 'SELECT')) AS tables,
  (SELECT array_agg(g.rolname::text ORDER BY 1) FROM pg_catalog.pg_roles g
   WHERE g.rolname ~ '^belofte_' AND NOT r.rolsuper AND pg_has_role(r.oid, g.oid, 'MEMBER')) AS through
FROM pg_catalog.pg_roles r WHERE r.rolcanlogin ORDER BY r.rolname;

-- name: bound_accounts_in()
-- Who reads through a role of ours, and may hand it on or not; who makes roles is a member by that alone.
SELECT a.rolname AS account, r.rolname AS role, string_agg(concat_ws('|', m.admin_option,
  to_jsonb(m) ->> 'inherit_option', to_jsonb(m) ->> 'set_option'), ',' ORDER BY m.grantor) AS digest
FROM pg_catalog.pg_auth_members m
JOIN pg_catalog.pg_roles a ON a.oid = m.member JOIN pg_catalog.pg_roles r ON r.oid = m.roleid
WHERE r.rolname ~ '^belofte_' AND a.rolname !~ '^belofte_' AND a.rolname <> current_user
GROUP BY 1, 2;

-- name: bound_accounts()
-- Accounts and groups that may be named in a map.
SELECT rolname AS name FROM pg_catalog.pg_roles WHERE rolname !~ '^(belofte_|pg_)';

-- name: bound_members()
-- The roles that were given to roles of ours: none should be, but what the views' owner is given by who applies.
SELECT r.rolname AS name, g.rolname AS given FROM pg_catalog.pg_auth_members m
JOIN pg_catalog.pg_roles r ON r.oid = m.member JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
WHERE r.rolname ~ '^belofte_' ORDER BY 1, 2;
