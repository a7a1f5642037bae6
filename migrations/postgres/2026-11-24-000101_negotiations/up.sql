-- Negotiations between two organisations. The head is the last event of the timeline.
CREATE TABLE negotiations (
  id            UUID NOT NULL PRIMARY KEY,
  approach_id   UUID NOT NULL UNIQUE REFERENCES approaches (id),
  listing_id    UUID,
  order_id      UUID,
  title         TEXT NOT NULL,
  transferor_id UUID NOT NULL REFERENCES organizations (id),
  transferee_id UUID NOT NULL REFERENCES organizations (id),
  status        TEXT NOT NULL CHECK (status IN ('open', 'agreed', 'ended')),
  head_seq      BIGINT NOT NULL,
  head_hash     TEXT NOT NULL,
  version       BIGINT NOT NULL,
  created_at    TIMESTAMPTZ NOT NULL,
  updated_at    TIMESTAMPTZ NOT NULL,
  CHECK (transferor_id <> transferee_id)
);
CREATE INDEX negotiations_by_transferor ON negotiations (transferor_id, updated_at, id);
CREATE INDEX negotiations_by_transferee ON negotiations (transferee_id, updated_at, id);

-- What happened, each with the hash of the one before. The data are canonical JSON, kept as text so that not a byte changes.
CREATE TABLE negotiation_events (
  negotiation_id  UUID NOT NULL REFERENCES negotiations (id),
  seq             BIGINT NOT NULL CHECK (seq > 0),
  at              TIMESTAMPTZ NOT NULL,
  kind            TEXT NOT NULL,
  user_id         UUID REFERENCES users (id),
  organization_id UUID REFERENCES organizations (id),
  data            TEXT NOT NULL,
  previous_hash   TEXT NOT NULL,
  hash            TEXT NOT NULL,
  PRIMARY KEY (negotiation_id, seq)
);

-- Up to where a person has read.
CREATE TABLE negotiation_reads (
  negotiation_id UUID NOT NULL REFERENCES negotiations (id),
  user_id        UUID NOT NULL REFERENCES users (id),
  seq            BIGINT NOT NULL,
  PRIMARY KEY (negotiation_id, user_id)
);
CREATE INDEX negotiation_reads_by_person ON negotiation_reads (user_id);

-- Where an accepted approach led.
ALTER TABLE approaches ADD COLUMN negotiation_id UUID;

CREATE FUNCTION negotiation_events_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'negotiation_events is append-only';
END $$;
CREATE TRIGGER negotiation_events_no_change BEFORE UPDATE OR DELETE ON negotiation_events
  FOR EACH ROW EXECUTE FUNCTION negotiation_events_is_append_only();
CREATE TRIGGER negotiation_events_no_truncate BEFORE TRUNCATE ON negotiation_events
  FOR EACH STATEMENT EXECUTE FUNCTION negotiation_events_is_append_only();
