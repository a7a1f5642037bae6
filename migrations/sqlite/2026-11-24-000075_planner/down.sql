UPDATE sqlite_stat1 SET stat = '6000 1' WHERE idx = 'sqlite_autoindex_organizations_1';
UPDATE sqlite_stat1 SET stat = '6000 3000 1 1' WHERE idx IN ('organizations_by_name', 'organizations_by_age');
