-- Searches people keep. alerted_at: when it was last looked for news; found: what the latest alert told of.
CREATE TABLE saved_searches (
  id         BLOB NOT NULL PRIMARY KEY,
  user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  query      TEXT NOT NULL,
  alert      TEXT NOT NULL CHECK (alert IN ('none', 'daily', 'weekly')),
  alerted_at TEXT NOT NULL,
  found      TEXT NOT NULL,
  version    INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX saved_searches_of_user ON saved_searches (user_id, id);
CREATE INDEX saved_searches_due ON saved_searches (alert, alerted_at) WHERE alert <> 'none';
