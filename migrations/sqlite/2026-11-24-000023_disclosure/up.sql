-- The columns of an item hold what everybody may read. Where its owner keeps blocks for registered readers, `whole` has all
-- of what it says; no list, no search and no anonymous reader touches it.
ALTER TABLE listings ADD COLUMN registered_only TEXT NOT NULL DEFAULT '[]';
ALTER TABLE listings ADD COLUMN whole TEXT;
ALTER TABLE orders ADD COLUMN registered_only TEXT NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN whole TEXT;
