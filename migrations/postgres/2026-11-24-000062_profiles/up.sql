-- What the public page of an organisation shows, and whether there is one.
ALTER TABLE organizations ADD COLUMN name_en TEXT;
ALTER TABLE organizations ADD COLUMN about_en TEXT;
ALTER TABLE organizations ADD COLUMN contact_email TEXT;
ALTER TABLE organizations ADD COLUMN contact_phone TEXT;
ALTER TABLE organizations ADD COLUMN founded_year SMALLINT;
ALTER TABLE organizations ADD COLUMN research_fields JSONB NOT NULL DEFAULT '[]';
ALTER TABLE organizations ADD COLUMN competences JSONB NOT NULL DEFAULT '[]';
ALTER TABLE organizations ADD COLUMN credentials JSONB NOT NULL DEFAULT '[]';
ALTER TABLE organizations ADD COLUMN verified_at TIMESTAMPTZ;
ALTER TABLE organizations ADD COLUMN verified_method TEXT;
ALTER TABLE organizations ADD COLUMN verified_until DATE;
ALTER TABLE organizations ADD COLUMN deactivated_at TIMESTAMPTZ;
ALTER TABLE organizations ADD COLUMN deactivated_by TEXT CHECK (deactivated_by IN ('owner', 'officer'));
ALTER TABLE organizations ADD COLUMN deactivation_reason TEXT;
CREATE INDEX organizations_by_renewal ON organizations (verified_until) WHERE verified_until IS NOT NULL;

UPDATE organizations SET
  verified_at = COALESCE((SELECT MAX(v.created_at) FROM verifications v WHERE v.organization_id = organizations.id AND v.decision = 'verified'), created_at),
  verified_method = (SELECT v.method FROM verifications v WHERE v.organization_id = organizations.id AND v.decision = 'verified' ORDER BY v.created_at DESC LIMIT 1)
WHERE verification = 'verified';
