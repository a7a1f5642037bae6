-- What listings and orders said after each change of their content.
CREATE TABLE revisions (
  item_id    BLOB NOT NULL,
  version    INTEGER NOT NULL,
  content    TEXT NOT NULL,
  fields     TEXT NOT NULL,
  actor_id   BLOB,
  created_at TEXT NOT NULL,
  CONSTRAINT revisions_pkey PRIMARY KEY (item_id, version)
) STRICT;
