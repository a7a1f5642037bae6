DELETE FROM reviews WHERE decision IN ('suspend', 'reinstate');
ALTER TABLE reviews
  DROP CONSTRAINT reviews_decision_check,
  ADD CONSTRAINT reviews_decision_check CHECK (decision IN ('publish', 'request_changes', 'reject'));

UPDATE orders SET status = 'withdrawn' WHERE status IN ('suspended', 'archived');
DROP INDEX orders_by_expiry;
ALTER TABLE orders
  DROP COLUMN open_for_interest,
  DROP COLUMN last_confirmed_at,
  DROP COLUMN warned_at,
  DROP COLUMN expires_at,
  DROP CONSTRAINT orders_status_check,
  ADD CONSTRAINT orders_status_check CHECK (status IN ('draft', 'submitted', 'published', 'changes_requested', 'rejected', 'withdrawn'));

UPDATE listings SET status = 'withdrawn' WHERE status IN ('suspended', 'archived');
DROP INDEX listings_by_expiry;
ALTER TABLE listings
  DROP COLUMN open_for_interest,
  DROP COLUMN last_confirmed_at,
  DROP COLUMN warned_at,
  DROP COLUMN expires_at,
  DROP CONSTRAINT listings_status_check,
  ADD CONSTRAINT listings_status_check CHECK (status IN ('draft', 'submitted', 'published', 'changes_requested', 'rejected', 'withdrawn'));
