CREATE TABLE reference_items_before (
  list       TEXT NOT NULL,
  code       TEXT NOT NULL,
  parent     TEXT,
  name_vi    TEXT NOT NULL,
  name_en    TEXT NOT NULL,
  position   INTEGER NOT NULL,
  valid_from TEXT,
  valid_to   TEXT,
  PRIMARY KEY (list, code)
) STRICT;
INSERT INTO reference_items_before
  SELECT list, code, parent, name_vi, name_en, position, valid_from, valid_to FROM reference_items
  WHERE list IN ('research_field', 'province') AND version IN ('24/2025/TT-BKHCN', '2025-07-01');
DROP TABLE reference_items;
DROP TABLE reference_versions;
ALTER TABLE reference_items_before RENAME TO reference_items;
