ALTER TABLE users DROP COLUMN disabled_reason;
ALTER TABLE users DROP COLUMN pending_email;

UPDATE sessions SET end_reason = 'revoked' WHERE end_reason IN ('password_changed', 'account_suspended', 'account_closed');
ALTER TABLE sessions ADD COLUMN old_end_reason TEXT CHECK (old_end_reason IN ('logged_out', 'revoked', 'token_reused'));
UPDATE sessions SET old_end_reason = end_reason;
ALTER TABLE sessions DROP COLUMN end_reason;
ALTER TABLE sessions RENAME COLUMN old_end_reason TO end_reason;

CREATE TABLE old_email_tokens (
  token_hash TEXT NOT NULL PRIMARY KEY,
  user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose    TEXT NOT NULL CHECK (purpose IN ('verify_email')),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
) STRICT;
INSERT INTO old_email_tokens SELECT token_hash, user_id, purpose, created_at, expires_at FROM email_tokens
  WHERE purpose = 'verify_email';
DROP TABLE email_tokens;
ALTER TABLE old_email_tokens RENAME TO email_tokens;
CREATE INDEX email_tokens_by_user ON email_tokens (user_id);
