-- What is public or was, each with the time its last change was noted; and the head: the latest such time, and until when
-- what is gone has been forgotten.
CREATE TABLE public_changes (
  kind       TEXT NOT NULL CHECK (kind IN ('listing', 'order')),
  item_id    BLOB NOT NULL,
  changed_at TEXT NOT NULL,
  gone       TEXT CHECK (gone IN ('withdrawn', 'suspended', 'archived', 'organization_deactivated')),
  PRIMARY KEY (kind, item_id)
) STRICT;
CREATE INDEX public_changes_by_time ON public_changes (kind, changed_at, item_id);
CREATE INDEX public_changes_gone ON public_changes (changed_at) WHERE gone IS NOT NULL;

CREATE TABLE feed_head (
  id              INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  changed_at      TEXT NOT NULL,
  forgotten_until TEXT NOT NULL
) STRICT;

INSERT INTO public_changes (kind, item_id, changed_at)
  SELECT 'listing', id, updated_at FROM listings WHERE status = 'published'
  UNION ALL SELECT 'order', id, updated_at FROM orders WHERE status = 'published';
INSERT INTO feed_head (id, changed_at, forgotten_until)
  SELECT 1, COALESCE(MAX(changed_at), '1970-01-01T00:00:00.000000Z'), '1970-01-01T00:00:00.000000Z' FROM public_changes;
