-- What is public or was, each with the time its last change was noted; and the head: the latest such time, and until when
-- what is gone has been forgotten.
CREATE TABLE public_changes (
  kind       TEXT NOT NULL CHECK (kind IN ('listing', 'order')),
  item_id    UUID NOT NULL,
  changed_at TIMESTAMPTZ NOT NULL,
  gone       TEXT CHECK (gone IN ('withdrawn', 'suspended', 'archived', 'organization_deactivated')),
  PRIMARY KEY (kind, item_id)
);
CREATE INDEX public_changes_by_time ON public_changes (kind, changed_at, item_id);
CREATE INDEX public_changes_gone ON public_changes (changed_at) WHERE gone IS NOT NULL;

CREATE TABLE feed_head (
  id              SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1),
  changed_at      TIMESTAMPTZ NOT NULL,
  forgotten_until TIMESTAMPTZ NOT NULL
);

INSERT INTO public_changes (kind, item_id, changed_at)
  SELECT 'listing', id, updated_at FROM listings WHERE status = 'published'
  UNION ALL SELECT 'order', id, updated_at FROM orders WHERE status = 'published';
INSERT INTO feed_head (id, changed_at, forgotten_until)
  SELECT 1, COALESCE(MAX(changed_at), TIMESTAMPTZ '1970-01-01T00:00:00Z'), TIMESTAMPTZ '1970-01-01T00:00:00Z' FROM public_changes;
