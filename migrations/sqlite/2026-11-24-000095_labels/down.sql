DELETE FROM labels WHERE facet IN ('ip_kind', 'ip_status') OR facet = 'ipc' AND length(value) = 1;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''sdg'', ''territory'', ''ip_kind'', ''ip_status'')', '''sdg'', ''territory'')')
  WHERE type = 'table' AND name = 'labels';
PRAGMA writable_schema = RESET;
