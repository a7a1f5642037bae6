-- Searches people keep. alerted_at: when it was last looked for news; found: what the latest alert told of.
CREATE TABLE saved_searches (
  id         UUID NOT NULL PRIMARY KEY,
  user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  query      JSONB NOT NULL,
  alert      TEXT NOT NULL CHECK (alert IN ('none', 'daily', 'weekly')),
  alerted_at TIMESTAMPTZ NOT NULL,
  found      JSONB NOT NULL,
  version    BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX saved_searches_of_user ON saved_searches (user_id, id);
CREATE INDEX saved_searches_due ON saved_searches (alert, alerted_at) WHERE alert <> 'none';
