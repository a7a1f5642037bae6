CREATE TABLE audit_log (
  id              BLOB NOT NULL PRIMARY KEY,
  at              TEXT NOT NULL,
  event           TEXT NOT NULL,
  object_kind     TEXT NOT NULL,
  object_id       BLOB NOT NULL,
  object_version  INTEGER NOT NULL,
  actor_id        BLOB,
  organization_id BLOB,
  request_id      TEXT NOT NULL,
  address         TEXT NOT NULL,
  changes         TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_by_object ON audit_log (object_id, id);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, id);

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;

CREATE TABLE outbox (
  id             BLOB NOT NULL PRIMARY KEY,
  consumer       TEXT NOT NULL,
  event_id       BLOB NOT NULL,
  event          TEXT NOT NULL,
  object_id      BLOB NOT NULL,
  attempts       INTEGER NOT NULL,
  available_at   TEXT NOT NULL,
  last_error     TEXT,
  dead_at        TEXT,
  created_at     TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_waiting ON outbox (consumer, available_at, id) WHERE dead_at IS NULL;

CREATE TABLE idempotency_keys (
  scope       TEXT NOT NULL,
  key         TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  answer      TEXT,
  created_at  TEXT NOT NULL,
  expires_at  TEXT NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
