-- The purposes of tokens in mails, and the address a token is for where that is not the account's own yet.
CREATE TABLE new_email_tokens (
  token_hash TEXT NOT NULL PRIMARY KEY,
  user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose    TEXT NOT NULL CHECK (purpose IN ('verify_email', 'reset_password', 'change_email')),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  email      TEXT
) STRICT;
INSERT INTO new_email_tokens SELECT token_hash, user_id, purpose, created_at, expires_at, NULL FROM email_tokens;
DROP TABLE email_tokens;
ALTER TABLE new_email_tokens RENAME TO email_tokens;
CREATE INDEX email_tokens_by_user ON email_tokens (user_id);

-- A column in the place of another, because refresh tokens would go with a table in the place of another.
ALTER TABLE sessions ADD COLUMN new_end_reason TEXT CHECK (
  new_end_reason IN ('logged_out', 'revoked', 'token_reused', 'password_changed', 'account_suspended', 'account_closed'));
UPDATE sessions SET new_end_reason = end_reason;
ALTER TABLE sessions DROP COLUMN end_reason;
ALTER TABLE sessions RENAME COLUMN new_end_reason TO end_reason;

ALTER TABLE users ADD COLUMN pending_email TEXT;
ALTER TABLE users ADD COLUMN disabled_reason TEXT;
