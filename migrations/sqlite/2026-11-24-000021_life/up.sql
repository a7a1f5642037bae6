-- SQLite cannot alter a CHECK; editing it in the schema is what its documentation advises where the stored rows stay as they
-- are (https://www.sqlite.org/lang_altertable.html#otheralter), and leaves the other columns and indexes alone.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''rejected'', ''withdrawn'')', '''rejected'', ''withdrawn'', ''suspended'', ''archived'')')
  WHERE type = 'table' AND name IN ('listings', 'orders');
UPDATE sqlite_schema SET sql = replace(sql, '''request_changes'', ''reject'')', '''request_changes'', ''reject'', ''suspend'', ''reinstate'')')
  WHERE type = 'table' AND name = 'reviews';
PRAGMA writable_schema = RESET;

ALTER TABLE listings ADD COLUMN expires_at TEXT;
ALTER TABLE listings ADD COLUMN warned_at TEXT;
ALTER TABLE listings ADD COLUMN last_confirmed_at TEXT;
ALTER TABLE listings ADD COLUMN open_for_interest INTEGER NOT NULL DEFAULT 1;
CREATE INDEX listings_by_expiry ON listings (status, expires_at, id);

ALTER TABLE orders ADD COLUMN expires_at TEXT;
ALTER TABLE orders ADD COLUMN warned_at TEXT;
ALTER TABLE orders ADD COLUMN last_confirmed_at TEXT;
ALTER TABLE orders ADD COLUMN open_for_interest INTEGER NOT NULL DEFAULT 1;
CREATE INDEX orders_by_expiry ON orders (status, expires_at, id);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('listings', 'listings_by_expiry', '100000 50000 10 1'),
  ('orders', 'orders_by_expiry', '30000 15000 10 1');
