-- Labels say which intellectual property rights there are, and in which section and main group of the IPC an item is.
ALTER TABLE labels DROP CONSTRAINT labels_facet_check;
ALTER TABLE labels ADD CONSTRAINT labels_facet_check CHECK (facet IN ('transfer_form', 'ipc', 'vsic', 'nace', 'sdg', 'territory', 'ip_kind', 'ip_status'));

INSERT INTO labels (item_id, facet, value)
  SELECT l.id, 'ip_kind', r ->> 'kind' FROM listings l, jsonb_array_elements(l.ip_rights) r
  UNION SELECT l.id, 'ip_status', r ->> 'status' FROM listings l, jsonb_array_elements(l.ip_rights) r
  ON CONFLICT DO NOTHING;
INSERT INTO labels (item_id, facet, value)
  SELECT item_id, 'ipc', left(value, 1) FROM labels WHERE facet = 'ipc'
  UNION SELECT item_id, 'ipc', split_part(value, '/', 1) || '/00' FROM labels WHERE facet = 'ipc' AND value LIKE '%/%'
  ON CONFLICT DO NOTHING;
