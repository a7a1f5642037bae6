CREATE TABLE api_keys (
  id              UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name            TEXT NOT NULL,
  role            TEXT NOT NULL CHECK (role IN ('viewer', 'editor')),
  prefix          TEXT NOT NULL,
  key_hash        TEXT NOT NULL CONSTRAINT api_keys_key_hash_key UNIQUE,
  created_by      UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at      TIMESTAMPTZ NOT NULL,
  expires_at      TIMESTAMPTZ NOT NULL,
  last_used_at    TIMESTAMPTZ,
  revoked_at      TIMESTAMPTZ
);
CREATE INDEX api_keys_by_organization ON api_keys (organization_id, created_at, id);

-- The key that acted, beside the person who made it.
ALTER TABLE audit_log ADD COLUMN api_key_id UUID;
