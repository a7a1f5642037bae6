DELETE FROM reviews WHERE decision IN ('suspend', 'reinstate');

UPDATE orders SET status = 'withdrawn' WHERE status IN ('suspended', 'archived');
DROP INDEX orders_by_expiry;
ALTER TABLE orders DROP COLUMN open_for_interest;
ALTER TABLE orders DROP COLUMN last_confirmed_at;
ALTER TABLE orders DROP COLUMN warned_at;
ALTER TABLE orders DROP COLUMN expires_at;

UPDATE listings SET status = 'withdrawn' WHERE status IN ('suspended', 'archived');
DROP INDEX listings_by_expiry;
ALTER TABLE listings DROP COLUMN open_for_interest;
ALTER TABLE listings DROP COLUMN last_confirmed_at;
ALTER TABLE listings DROP COLUMN warned_at;
ALTER TABLE listings DROP COLUMN expires_at;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''rejected'', ''withdrawn'', ''suspended'', ''archived'')', '''rejected'', ''withdrawn'')')
  WHERE type = 'table' AND name IN ('listings', 'orders');
UPDATE sqlite_schema SET sql = replace(sql, '''request_changes'', ''reject'', ''suspend'', ''reinstate'')', '''request_changes'', ''reject'')')
  WHERE type = 'table' AND name = 'reviews';
PRAGMA writable_schema = RESET;
