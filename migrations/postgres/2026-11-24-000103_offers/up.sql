-- Offers of negotiations. What is offered never changes; only what becomes of it does.
CREATE TABLE offers (
  id             UUID NOT NULL PRIMARY KEY,
  negotiation_id UUID NOT NULL REFERENCES negotiations (id),
  number         INTEGER NOT NULL CHECK (number > 0),
  offered_by     UUID NOT NULL REFERENCES organizations (id),
  previous_id    UUID REFERENCES offers (id),
  terms          JSONB NOT NULL,
  terms_sha256   TEXT NOT NULL,
  valid_until    TIMESTAMPTZ NOT NULL,
  status         TEXT NOT NULL CHECK (status IN ('proposed', 'countered', 'accepted', 'rejected', 'withdrawn', 'lapsed')),
  reason         TEXT,
  made_by        UUID NOT NULL REFERENCES users (id),
  answered_by    UUID REFERENCES users (id),
  ended_at       TIMESTAMPTZ,
  version        BIGINT NOT NULL,
  created_at     TIMESTAMPTZ NOT NULL,
  updated_at     TIMESTAMPTZ NOT NULL,
  CHECK ((status = 'proposed') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX offers_number_key ON offers (negotiation_id, number);
CREATE INDEX offers_waiting ON offers (valid_until) WHERE status = 'proposed';
CREATE INDEX offers_by_maker ON offers (made_by);
CREATE INDEX offers_by_answerer ON offers (answered_by);
-- One negotiation, one open offer, and one that was agreed.
CREATE UNIQUE INDEX offers_open_key ON offers (negotiation_id) WHERE status IN ('proposed', 'accepted');

CREATE FUNCTION offers_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'offers are immutable';
END $$;
CREATE TRIGGER offers_no_change BEFORE UPDATE OF id, negotiation_id, number, offered_by, previous_id, terms, terms_sha256,
  valid_until, made_by, created_at ON offers FOR EACH ROW EXECUTE FUNCTION offers_are_immutable();
CREATE TRIGGER offers_no_delete BEFORE DELETE ON offers FOR EACH ROW EXECUTE FUNCTION offers_are_immutable();
CREATE TRIGGER offers_no_truncate BEFORE TRUNCATE ON offers FOR EACH STATEMENT EXECUTE FUNCTION offers_are_immutable();
