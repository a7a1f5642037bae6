ALTER TABLE listings
  DROP CONSTRAINT listings_status_check,
  ADD CONSTRAINT listings_status_check CHECK (status IN ('draft', 'submitted', 'published', 'changes_requested', 'rejected', 'withdrawn', 'suspended', 'archived')),
  ADD COLUMN expires_at        TIMESTAMPTZ,
  ADD COLUMN warned_at         TIMESTAMPTZ,
  ADD COLUMN last_confirmed_at TIMESTAMPTZ,
  ADD COLUMN open_for_interest BOOLEAN NOT NULL DEFAULT TRUE;
CREATE INDEX listings_by_expiry ON listings (status, expires_at, id);

ALTER TABLE orders
  DROP CONSTRAINT orders_status_check,
  ADD CONSTRAINT orders_status_check CHECK (status IN ('draft', 'submitted', 'published', 'changes_requested', 'rejected', 'withdrawn', 'suspended', 'archived')),
  ADD COLUMN expires_at        TIMESTAMPTZ,
  ADD COLUMN warned_at         TIMESTAMPTZ,
  ADD COLUMN last_confirmed_at TIMESTAMPTZ,
  ADD COLUMN open_for_interest BOOLEAN NOT NULL DEFAULT TRUE;
CREATE INDEX orders_by_expiry ON orders (status, expires_at, id);

ALTER TABLE reviews
  DROP CONSTRAINT reviews_decision_check,
  ADD CONSTRAINT reviews_decision_check CHECK (decision IN ('publish', 'request_changes', 'reject', 'suspend', 'reinstate'));
