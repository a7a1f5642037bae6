CREATE TABLE listings (
  id                 UUID NOT NULL PRIMARY KEY,
  organization_id    UUID NOT NULL REFERENCES organizations (id),
  status             TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'published', 'changes_requested', 'rejected', 'withdrawn')),
  language           TEXT NOT NULL CHECK (language IN ('vi', 'en')),
  title              TEXT NOT NULL,
  summary            TEXT,
  description        TEXT,
  problem_solved     TEXT,
  existing_solution  TEXT,
  measured_advantage TEXT,
  economics          TEXT,
  trl                SMALLINT CHECK (trl BETWEEN 1 AND 9),
  transfer_forms     JSONB NOT NULL,
  price              JSONB NOT NULL,
  price_from         BIGINT,
  price_to           BIGINT,
  research_field     TEXT,
  ipc                JSONB NOT NULL,
  keywords           JSONB NOT NULL,
  source             TEXT,
  external_id        TEXT,
  version            BIGINT NOT NULL,
  created_at         TIMESTAMPTZ NOT NULL,
  updated_at         TIMESTAMPTZ NOT NULL,
  submitted_at       TIMESTAMPTZ,
  published_at       TIMESTAMPTZ,
  trl_rank           SMALLINT NOT NULL GENERATED ALWAYS AS (COALESCE(trl, 0)) STORED,
  price_rank         BIGINT NOT NULL GENERATED ALWAYS AS (COALESCE(price_from, 9223372036854775807)) STORED
);
CREATE UNIQUE INDEX listings_by_source ON listings (source, external_id);
CREATE INDEX listings_by_publication ON listings (status, published_at, id);
CREATE INDEX listings_by_field ON listings (status, research_field, published_at, id);
CREATE INDEX listings_by_trl ON listings (status, trl_rank, id);
CREATE INDEX listings_by_price ON listings (status, price_rank, id);
CREATE INDEX listings_by_submission ON listings (status, submitted_at, id);
CREATE INDEX listings_by_organization ON listings (organization_id, updated_at, id);

CREATE TABLE orders (
  id                 UUID NOT NULL PRIMARY KEY,
  organization_id    UUID NOT NULL REFERENCES organizations (id),
  status             TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'published', 'changes_requested', 'rejected', 'withdrawn')),
  language           TEXT NOT NULL CHECK (language IN ('vi', 'en')),
  title              TEXT NOT NULL,
  summary            TEXT,
  problem            TEXT,
  context            TEXT,
  requirements       JSONB NOT NULL,
  success_criteria   TEXT,
  out_of_scope       TEXT,
  trl_wanted         SMALLINT CHECK (trl_wanted BETWEEN 1 AND 9),
  cooperation_forms  JSONB NOT NULL,
  budget             JSONB NOT NULL,
  budget_from        BIGINT,
  budget_to          BIGINT,
  deadline_on        DATE,
  research_field     TEXT,
  ipc                JSONB NOT NULL,
  keywords           JSONB NOT NULL,
  source             TEXT,
  external_id        TEXT,
  version            BIGINT NOT NULL,
  created_at         TIMESTAMPTZ NOT NULL,
  updated_at         TIMESTAMPTZ NOT NULL,
  submitted_at       TIMESTAMPTZ,
  published_at       TIMESTAMPTZ,
  trl_rank           SMALLINT NOT NULL GENERATED ALWAYS AS (COALESCE(trl_wanted, 0)) STORED,
  budget_rank        BIGINT NOT NULL GENERATED ALWAYS AS (COALESCE(budget_to, 0)) STORED
);
CREATE UNIQUE INDEX orders_by_source ON orders (source, external_id);
CREATE INDEX orders_by_publication ON orders (status, published_at, id);
CREATE INDEX orders_by_field ON orders (status, research_field, published_at, id);
CREATE INDEX orders_by_trl ON orders (status, trl_rank, id);
CREATE INDEX orders_by_budget ON orders (status, budget_rank, id);
CREATE INDEX orders_by_submission ON orders (status, submitted_at, id);
CREATE INDEX orders_by_organization ON orders (organization_id, updated_at, id);

-- What lists are filtered by where an item has several values: its transfer forms and its IPC codes.
CREATE TABLE labels (
  item_id UUID NOT NULL,
  facet   TEXT NOT NULL CHECK (facet IN ('transfer_form', 'ipc')),
  value   TEXT NOT NULL,
  PRIMARY KEY (item_id, facet, value)
);
CREATE INDEX labels_by_value ON labels (facet, value, item_id);

CREATE TABLE reviews (
  id           UUID NOT NULL PRIMARY KEY,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('listing', 'order')),
  subject_id   UUID NOT NULL,
  decision     TEXT NOT NULL CHECK (decision IN ('publish', 'request_changes', 'reject')),
  reasons      JSONB NOT NULL,
  officer_id   UUID NOT NULL REFERENCES users (id),
  created_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX reviews_by_subject ON reviews (subject_id, created_at, id);
