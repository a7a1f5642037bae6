-- Addresses that owners have invited. At most one invitation of an address is open in an organisation.
CREATE TABLE invitations (
  id              BLOB NOT NULL PRIMARY KEY,
  organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  email           TEXT NOT NULL,
  role            TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  status          TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'declined', 'withdrawn')),
  token_hash      TEXT UNIQUE,
  mails           INTEGER NOT NULL,
  mailed_at       TEXT NOT NULL,
  invited_by      BLOB NOT NULL REFERENCES users (id),
  expires_at      TEXT NOT NULL,
  ended_at        TEXT,
  version         INTEGER NOT NULL,
  created_at      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX invitations_open_key ON invitations (organization_id, email) WHERE status = 'pending';
CREATE INDEX invitations_by_organization ON invitations (organization_id, created_at, id);
CREATE INDEX invitations_by_mail ON invitations (organization_id, mailed_at);
