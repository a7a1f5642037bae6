-- Expressions of interest in listings and proposals on orders: from whom to whom, what they say, and what came of them.
CREATE TABLE approaches (
  id          BLOB NOT NULL PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('interest', 'proposal')),
  subject_id  BLOB NOT NULL,
  title       TEXT NOT NULL,
  sender_id   BLOB NOT NULL REFERENCES organizations (id),
  receiver_id BLOB NOT NULL REFERENCES organizations (id),
  veiled      INTEGER NOT NULL CHECK (veiled IN (0, 1)),
  interest    TEXT,
  proposal    TEXT,
  status      TEXT NOT NULL CHECK (status IN ('sent', 'acknowledged', 'accepted', 'declined', 'withdrawn', 'expired')),
  reason      TEXT,
  note        TEXT,
  answer_by   TEXT NOT NULL,
  reminded_at TEXT,
  ended_at    TEXT,
  sent_by     BLOB NOT NULL REFERENCES users (id),
  answered_by BLOB REFERENCES users (id),
  version     INTEGER NOT NULL,
  created_at  TEXT NOT NULL,
  updated_at  TEXT NOT NULL,
  CHECK (sender_id <> receiver_id),
  CHECK ((kind = 'interest') = (interest IS NOT NULL) AND (kind = 'proposal') = (proposal IS NOT NULL)),
  CHECK ((status = 'declined') = (reason IS NOT NULL))
) STRICT;
CREATE INDEX approaches_by_sender ON approaches (sender_id, created_at, id);
CREATE INDEX approaches_by_receiver ON approaches (receiver_id, created_at, id);
CREATE INDEX approaches_waiting ON approaches (answer_by) WHERE status IN ('sent', 'acknowledged');
CREATE INDEX approaches_by_sending_person ON approaches (sent_by);
CREATE INDEX approaches_by_answering_person ON approaches (answered_by);
-- One organisation, one open approach to the same thing.
CREATE UNIQUE INDEX approaches_open_key ON approaches (sender_id, subject_id) WHERE status IN ('sent', 'acknowledged');
