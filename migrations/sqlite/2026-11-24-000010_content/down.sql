CREATE TABLE labels_old (
  item_id BLOB NOT NULL,
  facet   TEXT NOT NULL CHECK (facet IN ('transfer_form', 'ipc')),
  value   TEXT NOT NULL,
  PRIMARY KEY (item_id, facet, value)
) STRICT;
INSERT INTO labels_old SELECT item_id, facet, value FROM labels WHERE facet IN ('transfer_form', 'ipc');
DROP TABLE labels;
ALTER TABLE labels_old RENAME TO labels;
CREATE INDEX labels_by_value ON labels (facet, value, item_id);

ALTER TABLE orders DROP COLUMN translation;
ALTER TABLE orders DROP COLUMN anonymous;
ALTER TABLE orders DROP COLUMN territories;
ALTER TABLE orders DROP COLUMN vsic;
ALTER TABLE orders DROP COLUMN nace;
ALTER TABLE orders DROP COLUMN sdg;
ALTER TABLE orders DROP COLUMN completeness;

ALTER TABLE listings DROP COLUMN translation;
ALTER TABLE listings DROP COLUMN development_stage;
ALTER TABLE listings DROP COLUMN trl_assessment;
ALTER TABLE listings DROP COLUMN ip_rights;
ALTER TABLE listings DROP COLUMN owners;
ALTER TABLE listings DROP COLUMN funding;
ALTER TABLE listings DROP COLUMN evidence;
ALTER TABLE listings DROP COLUMN territories;
ALTER TABLE listings DROP COLUMN vsic;
ALTER TABLE listings DROP COLUMN nace;
ALTER TABLE listings DROP COLUMN sdg;
ALTER TABLE listings DROP COLUMN badges;
ALTER TABLE listings DROP COLUMN completeness;
