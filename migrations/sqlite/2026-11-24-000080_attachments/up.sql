-- Files that hang on something: on which (its kind and identifier), who may have them, and what is known of their bytes,
-- which are kept elsewhere under the identifier.
CREATE TABLE attachments (
  id              BLOB NOT NULL PRIMARY KEY,
  holder          TEXT NOT NULL,
  holder_id       BLOB NOT NULL,
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  disclosure      TEXT NOT NULL CHECK (disclosure IN ('public', 'registered', 'confidential')),
  name            TEXT NOT NULL,
  media_type      TEXT NOT NULL,
  size            INTEGER NOT NULL CHECK (size > 0),
  sha256          TEXT NOT NULL,
  created_at      TEXT NOT NULL
) STRICT;
CREATE INDEX attachments_by_holder ON attachments (holder, holder_id, id);
CREATE INDEX attachments_by_organization ON attachments (organization_id, size);

-- Files that are being received: what stays here was cut off, and is cleared away.
CREATE TABLE incoming_files (
  id       BLOB NOT NULL PRIMARY KEY,
  begun_at TEXT NOT NULL
) STRICT;
CREATE INDEX incoming_files_by_time ON incoming_files (begun_at);

-- What is not confidential of an item's files, beside the item, so that reading one stays one query.
ALTER TABLE listings ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';

-- Which file was handed out, where it was one; its name stays after it is gone.
ALTER TABLE confidential_views ADD COLUMN file_id BLOB;
ALTER TABLE confidential_views ADD COLUMN file_name TEXT;
