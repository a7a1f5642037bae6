-- More ways to check, the hash of what was looked at, the last day, and revocations, which have no method.
CREATE TABLE verifications_next (
  id              BLOB NOT NULL PRIMARY KEY,
  organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  decision        TEXT NOT NULL CHECK (decision IN ('verified', 'refused', 'revoked')),
  method          TEXT CHECK (method IN ('business_register', 'science_registration', 'establishment_decision', 'credentials', 'electronic_identity', 'official_letter', 'site_visit', 'other')),
  evidence        TEXT NOT NULL,
  evidence_sha256 TEXT,
  expires_on      TEXT,
  officer_id      BLOB NOT NULL REFERENCES users (id),
  created_at      TEXT NOT NULL
) STRICT;
INSERT INTO verifications_next (id, organization_id, decision, method, evidence, officer_id, created_at)
  SELECT id, organization_id, decision, method, evidence, officer_id, created_at FROM verifications;
DROP TABLE verifications;
ALTER TABLE verifications_next RENAME TO verifications;
CREATE INDEX verifications_by_organization ON verifications (organization_id, created_at, id);
