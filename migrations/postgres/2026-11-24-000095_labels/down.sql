DELETE FROM labels WHERE facet IN ('ip_kind', 'ip_status') OR facet = 'ipc' AND length(value) = 1;
ALTER TABLE labels DROP CONSTRAINT labels_facet_check;
ALTER TABLE labels ADD CONSTRAINT labels_facet_check CHECK (facet IN ('transfer_form', 'ipc', 'vsic', 'nace', 'sdg', 'territory'));
