-- Offers of negotiations. What is offered never changes; only what becomes of it does.
CREATE TABLE offers (
  id             BLOB NOT NULL PRIMARY KEY,
  negotiation_id BLOB NOT NULL REFERENCES negotiations (id),
  number         INTEGER NOT NULL CHECK (number > 0),
  offered_by     BLOB NOT NULL REFERENCES organizations (id),
  previous_id    BLOB REFERENCES offers (id),
  terms          TEXT NOT NULL,
  terms_sha256   TEXT NOT NULL,
  valid_until    TEXT NOT NULL,
  status         TEXT NOT NULL CHECK (status IN ('proposed', 'countered', 'accepted', 'rejected', 'withdrawn', 'lapsed')),
  reason         TEXT,
  made_by        BLOB NOT NULL REFERENCES users (id),
  answered_by    BLOB REFERENCES users (id),
  ended_at       TEXT,
  version        INTEGER NOT NULL,
  created_at     TEXT NOT NULL,
  updated_at     TEXT NOT NULL,
  CHECK ((status = 'proposed') = (ended_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX offers_number_key ON offers (negotiation_id, number);
CREATE INDEX offers_waiting ON offers (valid_until) WHERE status = 'proposed';
CREATE INDEX offers_by_maker ON offers (made_by);
CREATE INDEX offers_by_answerer ON offers (answered_by);
-- One negotiation, one open offer, and one that was agreed.
CREATE UNIQUE INDEX offers_open_key ON offers (negotiation_id) WHERE status IN ('proposed', 'accepted');

CREATE TRIGGER offers_no_change BEFORE UPDATE OF id, negotiation_id, number, offered_by, previous_id, terms, terms_sha256,
  valid_until, made_by, created_at ON offers BEGIN SELECT RAISE(ABORT, 'offers are immutable'); END;
CREATE TRIGGER offers_no_delete BEFORE DELETE ON offers BEGIN SELECT RAISE(ABORT, 'offers are immutable'); END;
