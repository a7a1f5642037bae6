-- The right to sign for the organisation: on what it rests, by which document, since when and until which day.
ALTER TABLE memberships ADD COLUMN signatory_basis TEXT CHECK (signatory_basis IN ('legal_representative', 'power_of_attorney'));
ALTER TABLE memberships ADD COLUMN signatory_reference TEXT;
ALTER TABLE memberships ADD COLUMN signatory_since TIMESTAMPTZ;
ALTER TABLE memberships ADD COLUMN signatory_until DATE;
