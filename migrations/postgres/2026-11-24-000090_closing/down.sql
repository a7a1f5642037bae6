DROP INDEX invitations_by_inviter;
DROP INDEX invitations_by_email;
ALTER TABLE users DROP COLUMN reminded_at;
