DELETE FROM labels WHERE facet NOT IN ('transfer_form', 'ipc');
ALTER TABLE labels DROP CONSTRAINT labels_facet_check;
ALTER TABLE labels ADD CONSTRAINT labels_facet_check CHECK (facet IN ('transfer_form', 'ipc'));

ALTER TABLE orders
  DROP COLUMN translation,
  DROP COLUMN anonymous,
  DROP COLUMN territories,
  DROP COLUMN vsic,
  DROP COLUMN nace,
  DROP COLUMN sdg,
  DROP COLUMN completeness;

ALTER TABLE listings
  DROP COLUMN translation,
  DROP COLUMN development_stage,
  DROP COLUMN trl_assessment,
  DROP COLUMN ip_rights,
  DROP COLUMN owners,
  DROP COLUMN funding,
  DROP COLUMN evidence,
  DROP COLUMN territories,
  DROP COLUMN vsic,
  DROP COLUMN nace,
  DROP COLUMN sdg,
  DROP COLUMN badges,
  DROP COLUMN completeness;
