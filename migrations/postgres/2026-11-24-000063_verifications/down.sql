UPDATE verifications SET decision = 'refused' WHERE decision = 'revoked';
UPDATE verifications SET method = 'other' WHERE method IS NULL OR method NOT IN ('business_register', 'official_letter', 'site_visit');
ALTER TABLE verifications DROP CONSTRAINT verifications_decision_check;
ALTER TABLE verifications DROP CONSTRAINT verifications_method_check;
ALTER TABLE verifications ADD CONSTRAINT verifications_decision_check CHECK (decision IN ('verified', 'refused'));
ALTER TABLE verifications ADD CONSTRAINT verifications_method_check CHECK (method IN ('business_register', 'official_letter', 'site_visit', 'other'));
ALTER TABLE verifications ALTER COLUMN method SET NOT NULL;
ALTER TABLE verifications DROP COLUMN expires_on;
ALTER TABLE verifications DROP COLUMN evidence_sha256;
