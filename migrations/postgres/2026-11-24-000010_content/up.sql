-- What listings and orders say beyond their texts: rights, owners, money, evidence, territories, classification, the
-- texts in the other language; the badges of officers; how complete the content is; whether an order hides whose it is.
ALTER TABLE listings
  ADD COLUMN translation       jsonb,
  ADD COLUMN development_stage text CHECK (development_stage IN ('concept', 'laboratory', 'prototype', 'pilot', 'first_customers', 'commercial')),
  ADD COLUMN trl_assessment    jsonb,
  ADD COLUMN ip_rights         jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN owners            jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN funding           jsonb,
  ADD COLUMN evidence          jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN territories       jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN vsic              jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN nace              jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN sdg               jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN badges            jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN completeness      smallint CHECK (completeness BETWEEN 0 AND 100);

ALTER TABLE orders
  ADD COLUMN translation       jsonb,
  ADD COLUMN anonymous         boolean NOT NULL DEFAULT false,
  ADD COLUMN territories       jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN vsic              jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN nace              jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN sdg               jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN completeness      smallint CHECK (completeness BETWEEN 0 AND 100);

ALTER TABLE labels DROP CONSTRAINT labels_facet_check;
ALTER TABLE labels ADD CONSTRAINT labels_facet_check CHECK (facet IN ('transfer_form', 'ipc', 'vsic', 'nace', 'sdg', 'territory'));
