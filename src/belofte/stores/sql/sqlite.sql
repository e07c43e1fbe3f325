-- name: tables()
-- Tables and views; not the tables that a virtual table keeps its own data in.
SELECT l.name AS name, l.type AS kind
FROM pragma_table_list l
WHERE l.schema = 'main' AND l.type <> 'shadow' AND l.name NOT LIKE 'sqlite\_%' ESCAPE '\'
  AND l.name NOT LIKE 'belofte\_%' ESCAPE '\'
ORDER BY l.name;

-- name: texts()
-- What was written to make each table, view and index.
SELECT name AS name, sql AS text FROM sqlite_master WHERE type IN ('table', 'view', 'index') AND sql IS NOT NULL;

-- name: columns()
SELECT m.name AS owner, c.name AS name, c.type AS type, c."notnull" AS required, c.dflt_value IS NOT NULL AS has_default,
  c.pk AS pk, c.hidden AS hidden
FROM sqlite_master m, pragma_table_xinfo(m.name) c
WHERE m.type IN ('table', 'view') AND c.hidden <> 1
ORDER BY m.name, c.cid;

-- name: foreign_keys()
SELECT m.name AS owner, f.id AS id, f."from" AS own, f."table" AS parent, f."to" AS theirs, f.on_delete AS on_delete
FROM sqlite_master m, pragma_foreign_key_list(m.name) f
WHERE m.type = 'table'
ORDER BY m.name, f.id DESC, f.seq;

-- name: indexes()
SELECT m.name AS owner, i.name AS name, i."unique" AS is_unique, i.origin AS origin, x.cid AS cid, x.name AS column_name,
  x.coll AS collation
FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_xinfo(i.name) x
WHERE m.type = 'table' AND x.key = 1 AND NOT i.partial
ORDER BY m.name, i.name, x.seqno;

-- name: triggers()
SELECT tbl_name AS owner, name AS name FROM sqlite_master WHERE type = 'trigger' ORDER BY tbl_name, name;

-- name: analysed()
SELECT name AS name FROM sqlite_master WHERE name = 'sqlite_stat1';

-- name: estimates()
SELECT tbl AS owner, max(CAST(stat AS INTEGER)) AS rows FROM sqlite_stat1 GROUP BY tbl;
