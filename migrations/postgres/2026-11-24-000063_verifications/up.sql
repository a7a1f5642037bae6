-- More ways to check, the hash of what was looked at, the last day, and revocations, which have no method.
ALTER TABLE verifications ADD COLUMN evidence_sha256 TEXT;
ALTER TABLE verifications ADD COLUMN expires_on DATE;
ALTER TABLE verifications ALTER COLUMN method DROP NOT NULL;
ALTER TABLE verifications DROP CONSTRAINT verifications_decision_check;
ALTER TABLE verifications DROP CONSTRAINT verifications_method_check;
ALTER TABLE verifications ADD CONSTRAINT verifications_decision_check CHECK (decision IN ('verified', 'refused', 'revoked'));
ALTER TABLE verifications ADD CONSTRAINT verifications_method_check CHECK (method IN ('business_register', 'science_registration', 'establishment_decision', 'credentials', 'electronic_identity', 'official_letter', 'site_visit', 'other'));
