-- What listings and orders say beyond their texts: rights, owners, money, evidence, territories, classification, the
-- texts in the other language; the badges of officers; how complete the content is; whether an order hides whose it is.
ALTER TABLE listings ADD COLUMN translation       TEXT;
ALTER TABLE listings ADD COLUMN development_stage TEXT CHECK (development_stage IN ('concept', 'laboratory', 'prototype', 'pilot', 'first_customers', 'commercial'));
ALTER TABLE listings ADD COLUMN trl_assessment    TEXT;
ALTER TABLE listings ADD COLUMN ip_rights         TEXT NOT NULL DEFAULT '[]';
ALTER TABLE listings ADD COLUMN owners            TEXT NOT NULL DEFAULT '[]';
ALTER TABLE listings ADD COLUMN funding           TEXT;
ALTER TABLE listings ADD COLUMN evidence          TEXT NOT NULL DEFAULT '[]';
ALTER TABLE listings ADD COLUMN territories       TEXT NOT NULL DEFAULT '[]';
ALTER TABLE listings ADD COLUMN vsic              TEXT NOT NULL DEFAULT '[]';
ALTER TABLE listings ADD COLUMN nace              TEXT NOT NULL DEFAULT '[]';
ALTER TABLE listings ADD COLUMN sdg               TEXT NOT NULL DEFAULT '[]';
ALTER TABLE listings ADD COLUMN badges            TEXT NOT NULL DEFAULT '[]';
ALTER TABLE listings ADD COLUMN completeness      INTEGER CHECK (completeness BETWEEN 0 AND 100);

ALTER TABLE orders ADD COLUMN translation       TEXT;
ALTER TABLE orders ADD COLUMN anonymous         INTEGER NOT NULL DEFAULT 0 CHECK (anonymous IN (0, 1));
ALTER TABLE orders ADD COLUMN territories       TEXT NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN vsic              TEXT NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN nace              TEXT NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN sdg               TEXT NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN completeness      INTEGER CHECK (completeness BETWEEN 0 AND 100);

-- SQLite changes a constraint by a new table only.
CREATE TABLE labels_new (
  item_id BLOB NOT NULL,
  facet   TEXT NOT NULL CHECK (facet IN ('transfer_form', 'ipc', 'vsic', 'nace', 'sdg', 'territory')),
  value   TEXT NOT NULL,
  PRIMARY KEY (item_id, facet, value)
) STRICT;
INSERT INTO labels_new SELECT item_id, facet, value FROM labels;
DROP TABLE labels;
ALTER TABLE labels_new RENAME TO labels;
CREATE INDEX labels_by_value ON labels (facet, value, item_id);
