ALTER TABLE memberships DROP COLUMN signatory_until;
ALTER TABLE memberships DROP COLUMN signatory_since;
ALTER TABLE memberships DROP COLUMN signatory_reference;
ALTER TABLE memberships DROP COLUMN signatory_basis;
