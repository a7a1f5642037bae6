-- Files that hang on something: on which (its kind and identifier), who may have them, and what is known of their bytes,
-- which are kept elsewhere under the identifier.
CREATE TABLE attachments (
  id              UUID NOT NULL PRIMARY KEY,
  holder          TEXT NOT NULL,
  holder_id       UUID NOT NULL,
  organization_id UUID NOT NULL REFERENCES organizations (id),
  disclosure      TEXT NOT NULL CHECK (disclosure IN ('public', 'registered', 'confidential')),
  name            TEXT NOT NULL,
  media_type      TEXT NOT NULL,
  size            BIGINT NOT NULL CHECK (size > 0),
  sha256          TEXT NOT NULL,
  created_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX attachments_by_holder ON attachments (holder, holder_id, id);
CREATE INDEX attachments_by_organization ON attachments (organization_id, size);

-- Files that are being received: what stays here was cut off, and is cleared away.
CREATE TABLE incoming_files (
  id       UUID NOT NULL PRIMARY KEY,
  begun_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX incoming_files_by_time ON incoming_files (begun_at);

-- What is not confidential of an item's files, beside the item, so that reading one stays one query.
ALTER TABLE listings ADD COLUMN attachments JSONB NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN attachments JSONB NOT NULL DEFAULT '[]';

-- Which file was handed out, where it was one; its name stays after it is gone.
ALTER TABLE confidential_views ADD COLUMN file_id UUID;
ALTER TABLE confidential_views ADD COLUMN file_name TEXT;
