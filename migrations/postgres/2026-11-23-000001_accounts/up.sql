CREATE TABLE users (
  id                UUID NOT NULL PRIMARY KEY,
  email             TEXT NOT NULL CONSTRAINT users_email_key UNIQUE,
  full_name         TEXT NOT NULL,
  password_hash     TEXT NOT NULL,
  locale            TEXT NOT NULL CHECK (locale IN ('vi', 'en')),
  email_verified_at TIMESTAMPTZ,
  disabled_at       TIMESTAMPTZ,
  version           BIGINT NOT NULL,
  created_at        TIMESTAMPTZ NOT NULL,
  updated_at        TIMESTAMPTZ NOT NULL
);

CREATE TABLE email_tokens (
  token_hash TEXT NOT NULL PRIMARY KEY,
  user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose    TEXT NOT NULL CHECK (purpose IN ('verify_email')),
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX email_tokens_by_user ON email_tokens (user_id);

CREATE TABLE sessions (
  id           UUID NOT NULL PRIMARY KEY,
  user_id      UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  user_agent   TEXT NOT NULL,
  address      TEXT NOT NULL,
  created_at   TIMESTAMPTZ NOT NULL,
  renewed_at   TIMESTAMPTZ NOT NULL,
  expires_at   TIMESTAMPTZ NOT NULL,
  ended_at     TIMESTAMPTZ,
  end_reason   TEXT CHECK (end_reason IN ('logged_out', 'revoked', 'token_reused'))
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at, id);

CREATE TABLE refresh_tokens (
  token_hash TEXT NOT NULL PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at TIMESTAMPTZ NOT NULL,
  spent_at   TIMESTAMPTZ
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE organizations (
  id           UUID NOT NULL PRIMARY KEY,
  kind         TEXT NOT NULL CHECK (kind IN ('institute', 'enterprise', 'intermediary', 'individual', 'authority')),
  name         TEXT NOT NULL,
  name_folded  TEXT NOT NULL,
  tax_code     TEXT CONSTRAINT organizations_tax_code_key UNIQUE,
  province     TEXT,
  website      TEXT,
  about        TEXT,
  verification TEXT NOT NULL CHECK (verification IN ('unverified', 'verified', 'refused')),
  version      BIGINT NOT NULL,
  created_at   TIMESTAMPTZ NOT NULL,
  updated_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX organizations_by_name ON organizations (verification, name_folded, id);
CREATE INDEX organizations_by_age ON organizations (verification, created_at, id);

CREATE TABLE memberships (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id         UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role            TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  created_at      TIMESTAMPTZ NOT NULL,
  updated_at      TIMESTAMPTZ NOT NULL,
  version         BIGINT NOT NULL,
  CONSTRAINT memberships_pkey PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE verifications (
  id              UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  decision        TEXT NOT NULL CHECK (decision IN ('verified', 'refused')),
  method          TEXT NOT NULL CHECK (method IN ('business_register', 'official_letter', 'site_visit', 'other')),
  evidence        TEXT NOT NULL,
  officer_id      UUID NOT NULL REFERENCES users (id),
  created_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX verifications_by_organization ON verifications (organization_id, created_at, id);
