ALTER TABLE organizations ALTER COLUMN name_folded TYPE TEXT COLLATE "default";
