CREATE TABLE verifications_before (
  id              BLOB NOT NULL PRIMARY KEY,
  organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  decision        TEXT NOT NULL CHECK (decision IN ('verified', 'refused')),
  method          TEXT NOT NULL CHECK (method IN ('business_register', 'official_letter', 'site_visit', 'other')),
  evidence        TEXT NOT NULL,
  officer_id      BLOB NOT NULL REFERENCES users (id),
  created_at      TEXT NOT NULL
) STRICT;
INSERT INTO verifications_before (id, organization_id, decision, method, evidence, officer_id, created_at)
  SELECT id, organization_id, CASE decision WHEN 'revoked' THEN 'refused' ELSE decision END,
    CASE WHEN method IN ('business_register', 'official_letter', 'site_visit') THEN method ELSE 'other' END,
    evidence, officer_id, created_at FROM verifications;
DROP TABLE verifications;
ALTER TABLE verifications_before RENAME TO verifications;
CREATE INDEX verifications_by_organization ON verifications (organization_id, created_at, id);
