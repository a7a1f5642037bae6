CREATE TABLE audit_log (
  id              UUID NOT NULL PRIMARY KEY,
  at              TIMESTAMPTZ NOT NULL,
  event           TEXT NOT NULL,
  object_kind     TEXT NOT NULL,
  object_id       UUID NOT NULL,
  object_version  BIGINT NOT NULL,
  actor_id        UUID,
  organization_id UUID,
  request_id      TEXT NOT NULL,
  address         TEXT NOT NULL,
  changes         JSONB NOT NULL
);
CREATE INDEX audit_log_by_object ON audit_log (object_id, id);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, id);

CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_log is append-only';
END $$;
CREATE TRIGGER audit_log_no_change BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only();

CREATE TABLE outbox (
  id             UUID NOT NULL PRIMARY KEY,
  consumer       TEXT NOT NULL,
  event_id       UUID NOT NULL,
  event          TEXT NOT NULL,
  object_id      UUID NOT NULL,
  attempts       INTEGER NOT NULL,
  available_at   TIMESTAMPTZ NOT NULL,
  last_error     TEXT,
  dead_at        TIMESTAMPTZ,
  created_at     TIMESTAMPTZ NOT NULL
);
CREATE INDEX outbox_waiting ON outbox (consumer, available_at, id) WHERE dead_at IS NULL;

CREATE TABLE idempotency_keys (
  scope       TEXT NOT NULL,
  key         TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  answer      JSONB,
  created_at  TIMESTAMPTZ NOT NULL,
  expires_at  TIMESTAMPTZ NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
