-- What listings and orders said after each change of their content.
CREATE TABLE revisions (
  item_id    UUID NOT NULL,
  version    BIGINT NOT NULL,
  content    JSONB NOT NULL,
  fields     JSONB NOT NULL,
  actor_id   UUID,
  created_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT revisions_pkey PRIMARY KEY (item_id, version)
);
