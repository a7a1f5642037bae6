-- What a listing says under NDA, to whom its owners have granted it, and who has read it.
CREATE TABLE confidential_parts (
  listing_id BLOB NOT NULL PRIMARY KEY REFERENCES listings (id) ON DELETE CASCADE,
  sections   TEXT NOT NULL,
  version    INTEGER NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE confidential_grants (
  id              BLOB NOT NULL PRIMARY KEY,
  listing_id      BLOB NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  purpose         TEXT NOT NULL,
  granted_by      BLOB NOT NULL REFERENCES users (id),
  created_at      TEXT NOT NULL,
  expires_at      TEXT NOT NULL,
  revoked_at      TEXT
) STRICT;
CREATE INDEX confidential_grants_by_listing ON confidential_grants (listing_id, created_at, id);
CREATE INDEX confidential_grants_by_reader ON confidential_grants (organization_id, listing_id, expires_at);

CREATE TABLE confidential_views (
  id              BLOB NOT NULL PRIMARY KEY,
  listing_id      BLOB NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  user_id         BLOB NOT NULL REFERENCES users (id),
  grant_id        BLOB REFERENCES confidential_grants (id),
  reason          TEXT,
  created_at      TEXT NOT NULL
) STRICT;
CREATE INDEX confidential_views_by_listing ON confidential_views (listing_id, created_at, id);
