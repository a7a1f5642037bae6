-- Labels say which intellectual property rights there are, and in which section and main group of the IPC an item is.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''sdg'', ''territory'')', '''sdg'', ''territory'', ''ip_kind'', ''ip_status'')')
  WHERE type = 'table' AND name = 'labels';
PRAGMA writable_schema = RESET;

INSERT OR IGNORE INTO labels (item_id, facet, value)
  SELECT l.id, 'ip_kind', r.value ->> 'kind' FROM listings l, json_each(l.ip_rights) r
  UNION SELECT l.id, 'ip_status', r.value ->> 'status' FROM listings l, json_each(l.ip_rights) r;
INSERT OR IGNORE INTO labels (item_id, facet, value)
  SELECT item_id, 'ipc', substr(value, 1, 1) FROM labels WHERE facet = 'ipc'
  UNION SELECT item_id, 'ipc', substr(value, 1, instr(value, '/')) || '00' FROM labels WHERE facet = 'ipc' AND value LIKE '%/%';
