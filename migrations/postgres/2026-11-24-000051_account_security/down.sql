ALTER TABLE users DROP COLUMN disabled_reason;
ALTER TABLE users DROP COLUMN pending_email;

UPDATE sessions SET end_reason = 'revoked' WHERE end_reason IN ('password_changed', 'account_suspended', 'account_closed');
ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_end_reason_check
  CHECK (end_reason IN ('logged_out', 'revoked', 'token_reused'));

DELETE FROM email_tokens WHERE purpose <> 'verify_email';
ALTER TABLE email_tokens DROP COLUMN email;
ALTER TABLE email_tokens DROP CONSTRAINT email_tokens_purpose_check;
ALTER TABLE email_tokens ADD CONSTRAINT email_tokens_purpose_check CHECK (purpose IN ('verify_email'));
