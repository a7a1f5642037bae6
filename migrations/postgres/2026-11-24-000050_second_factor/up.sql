CREATE TABLE second_factors (
  user_id      UUID NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  secret       TEXT NOT NULL,
  confirmed_at TIMESTAMPTZ,
  last_step    BIGINT NOT NULL,
  failures     INTEGER NOT NULL,
  wait_until   TIMESTAMPTZ,
  created_at   TIMESTAMPTZ NOT NULL
);

CREATE TABLE recovery_codes (
  code_hash  TEXT NOT NULL PRIMARY KEY,
  user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

ALTER TABLE sessions ADD COLUMN second_factor_at TIMESTAMPTZ;
