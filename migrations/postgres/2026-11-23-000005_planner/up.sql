-- PostgreSQL keeps statistics by itself; names are sorted as SQLite sorts them, byte by byte.
ALTER TABLE organizations ALTER COLUMN name_folded TYPE TEXT COLLATE "C";
