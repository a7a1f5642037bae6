-- What a listing says under NDA, to whom its owners have granted it, and who has read it.
CREATE TABLE confidential_parts (
  listing_id UUID NOT NULL PRIMARY KEY REFERENCES listings (id) ON DELETE CASCADE,
  sections   JSONB NOT NULL,
  version    BIGINT NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE confidential_grants (
  id              UUID NOT NULL PRIMARY KEY,
  listing_id      UUID NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  purpose         TEXT NOT NULL,
  granted_by      UUID NOT NULL REFERENCES users (id),
  created_at      TIMESTAMPTZ NOT NULL,
  expires_at      TIMESTAMPTZ NOT NULL,
  revoked_at      TIMESTAMPTZ
);
CREATE INDEX confidential_grants_by_listing ON confidential_grants (listing_id, created_at, id);
CREATE INDEX confidential_grants_by_reader ON confidential_grants (organization_id, listing_id, expires_at);

CREATE TABLE confidential_views (
  id              UUID NOT NULL PRIMARY KEY,
  listing_id      UUID NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  user_id         UUID NOT NULL REFERENCES users (id),
  grant_id        UUID REFERENCES confidential_grants (id),
  reason          TEXT,
  created_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX confidential_views_by_listing ON confidential_views (listing_id, created_at, id);
