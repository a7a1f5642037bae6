-- With few organisations expected, SQLite makes a Bloom filter of all active ones for each page of listings or orders.
ANALYZE sqlite_schema;
UPDATE sqlite_stat1 SET stat = '1000000 1' WHERE idx = 'sqlite_autoindex_organizations_1';
UPDATE sqlite_stat1 SET stat = '1000000 500000 1 1' WHERE idx IN ('organizations_by_name', 'organizations_by_age');
