-- Negotiations between two organisations. The head is the last event of the timeline.
CREATE TABLE negotiations (
  id            BLOB NOT NULL PRIMARY KEY,
  approach_id   BLOB NOT NULL UNIQUE REFERENCES approaches (id),
  listing_id    BLOB,
  order_id      BLOB,
  title         TEXT NOT NULL,
  transferor_id BLOB NOT NULL REFERENCES organizations (id),
  transferee_id BLOB NOT NULL REFERENCES organizations (id),
  status        TEXT NOT NULL CHECK (status IN ('open', 'agreed', 'ended')),
  head_seq      INTEGER NOT NULL,
  head_hash     TEXT NOT NULL,
  version       INTEGER NOT NULL,
  created_at    TEXT NOT NULL,
  updated_at    TEXT NOT NULL,
  CHECK (transferor_id <> transferee_id)
) STRICT;
CREATE INDEX negotiations_by_transferor ON negotiations (transferor_id, updated_at, id);
CREATE INDEX negotiations_by_transferee ON negotiations (transferee_id, updated_at, id);

-- What happened, each with the hash of the one before. The data are canonical JSON, kept as text so that not a byte changes.
CREATE TABLE negotiation_events (
  negotiation_id  BLOB NOT NULL REFERENCES negotiations (id),
  seq             INTEGER NOT NULL CHECK (seq > 0),
  at              TEXT NOT NULL,
  kind            TEXT NOT NULL,
  user_id         BLOB REFERENCES users (id),
  organization_id BLOB REFERENCES organizations (id),
  data            TEXT NOT NULL,
  previous_hash   TEXT NOT NULL,
  hash            TEXT NOT NULL,
  PRIMARY KEY (negotiation_id, seq)
) STRICT;

-- Up to where a person has read.
CREATE TABLE negotiation_reads (
  negotiation_id BLOB NOT NULL REFERENCES negotiations (id),
  user_id        BLOB NOT NULL REFERENCES users (id),
  seq            INTEGER NOT NULL,
  PRIMARY KEY (negotiation_id, user_id)
) STRICT;
CREATE INDEX negotiation_reads_by_person ON negotiation_reads (user_id);

-- Where an accepted approach led.
ALTER TABLE approaches ADD COLUMN negotiation_id BLOB;

CREATE TRIGGER negotiation_events_no_update BEFORE UPDATE ON negotiation_events
BEGIN SELECT RAISE(ABORT, 'negotiation_events is append-only'); END;
CREATE TRIGGER negotiation_events_no_delete BEFORE DELETE ON negotiation_events
BEGIN SELECT RAISE(ABORT, 'negotiation_events is append-only'); END;
