CREATE TABLE listings (
  id                 BLOB NOT NULL PRIMARY KEY,
  organization_id    BLOB NOT NULL REFERENCES organizations (id),
  status             TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'published', 'changes_requested', 'rejected', 'withdrawn')),
  language           TEXT NOT NULL CHECK (language IN ('vi', 'en')),
  title              TEXT NOT NULL,
  summary            TEXT,
  description        TEXT,
  problem_solved     TEXT,
  existing_solution  TEXT,
  measured_advantage TEXT,
  economics          TEXT,
  trl                INTEGER CHECK (trl BETWEEN 1 AND 9),
  transfer_forms     TEXT NOT NULL,
  price              TEXT NOT NULL,
  price_from         INTEGER,
  price_to           INTEGER,
  research_field     TEXT,
  ipc                TEXT NOT NULL,
  keywords           TEXT NOT NULL,
  source             TEXT,
  external_id        TEXT,
  version            INTEGER NOT NULL,
  created_at         TEXT NOT NULL,
  updated_at         TEXT NOT NULL,
  submitted_at       TEXT,
  published_at       TEXT,
  trl_rank           INTEGER NOT NULL GENERATED ALWAYS AS (COALESCE(trl, 0)) STORED,
  price_rank         INTEGER NOT NULL GENERATED ALWAYS AS (COALESCE(price_from, 9223372036854775807)) STORED
) STRICT;
CREATE UNIQUE INDEX listings_by_source ON listings (source, external_id);
CREATE INDEX listings_by_publication ON listings (status, published_at, id);
CREATE INDEX listings_by_field ON listings (status, research_field, published_at, id);
CREATE INDEX listings_by_trl ON listings (status, trl_rank, id);
CREATE INDEX listings_by_price ON listings (status, price_rank, id);
CREATE INDEX listings_by_submission ON listings (status, submitted_at, id);
CREATE INDEX listings_by_organization ON listings (organization_id, updated_at, id);

CREATE TABLE orders (
  id                 BLOB NOT NULL PRIMARY KEY,
  organization_id    BLOB NOT NULL REFERENCES organizations (id),
  status             TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'published', 'changes_requested', 'rejected', 'withdrawn')),
  language           TEXT NOT NULL CHECK (language IN ('vi', 'en')),
  title              TEXT NOT NULL,
  summary            TEXT,
  problem            TEXT,
  context            TEXT,
  requirements       TEXT NOT NULL,
  success_criteria   TEXT,
  out_of_scope       TEXT,
  trl_wanted         INTEGER CHECK (trl_wanted BETWEEN 1 AND 9),
  cooperation_forms  TEXT NOT NULL,
  budget             TEXT NOT NULL,
  budget_from        INTEGER,
  budget_to          INTEGER,
  deadline_on        TEXT,
  research_field     TEXT,
  ipc                TEXT NOT NULL,
  keywords           TEXT NOT NULL,
  source             TEXT,
  external_id        TEXT,
  version            INTEGER NOT NULL,
  created_at         TEXT NOT NULL,
  updated_at         TEXT NOT NULL,
  submitted_at       TEXT,
  published_at       TEXT,
  trl_rank           INTEGER NOT NULL GENERATED ALWAYS AS (COALESCE(trl_wanted, 0)) STORED,
  budget_rank        INTEGER NOT NULL GENERATED ALWAYS AS (COALESCE(budget_to, 0)) STORED
) STRICT;
CREATE UNIQUE INDEX orders_by_source ON orders (source, external_id);
CREATE INDEX orders_by_publication ON orders (status, published_at, id);
CREATE INDEX orders_by_field ON orders (status, research_field, published_at, id);
CREATE INDEX orders_by_trl ON orders (status, trl_rank, id);
CREATE INDEX orders_by_budget ON orders (status, budget_rank, id);
CREATE INDEX orders_by_submission ON orders (status, submitted_at, id);
CREATE INDEX orders_by_organization ON orders (organization_id, updated_at, id);

-- What lists are filtered by where an item has several values: its transfer forms and its IPC codes.
CREATE TABLE labels (
  item_id BLOB NOT NULL,
  facet   TEXT NOT NULL CHECK (facet IN ('transfer_form', 'ipc')),
  value   TEXT NOT NULL,
  PRIMARY KEY (item_id, facet, value)
) STRICT;
CREATE INDEX labels_by_value ON labels (facet, value, item_id);

CREATE TABLE reviews (
  id           BLOB NOT NULL PRIMARY KEY,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('listing', 'order')),
  subject_id   BLOB NOT NULL,
  decision     TEXT NOT NULL CHECK (decision IN ('publish', 'request_changes', 'reject')),
  reasons      TEXT NOT NULL,
  officer_id   BLOB NOT NULL REFERENCES users (id),
  created_at   TEXT NOT NULL
) STRICT;
CREATE INDEX reviews_by_subject ON reviews (subject_id, created_at, id);
