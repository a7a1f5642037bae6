CREATE TABLE second_factors (
  user_id      BLOB NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  secret       TEXT NOT NULL,
  confirmed_at TEXT,
  last_step    INTEGER NOT NULL,
  failures     INTEGER NOT NULL,
  wait_until   TEXT,
  created_at   TEXT NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
  code_hash  TEXT NOT NULL PRIMARY KEY,
  user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

ALTER TABLE sessions ADD COLUMN second_factor_at TEXT;
