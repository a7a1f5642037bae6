-- When the account's owner was last told that somebody registered the address.
ALTER TABLE users ADD COLUMN reminded_at TIMESTAMPTZ;

CREATE INDEX invitations_by_email ON invitations (email);
CREATE INDEX invitations_by_inviter ON invitations (invited_by);

-- What falls with an account that is closed, with an owner who is none any more, and with an organisation's deactivation.
DELETE FROM saved_searches
  WHERE user_id IN (SELECT id FROM users WHERE disabled_at IS NOT NULL AND disabled_reason IS NULL);
UPDATE sessions SET user_agent = '', address = ''
  WHERE user_id IN (SELECT id FROM users WHERE disabled_at IS NOT NULL AND disabled_reason IS NULL);
UPDATE api_keys SET revoked_at = now()
  WHERE revoked_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM memberships m
    WHERE m.organization_id = api_keys.organization_id AND m.user_id = api_keys.created_by AND m.role = 'owner');
UPDATE invitations SET status = 'withdrawn', token_hash = NULL, version = version + 1,
    ended_at = now()
  WHERE status = 'pending' AND (
    organization_id IN (SELECT id FROM organizations WHERE deactivated_at IS NOT NULL)
    OR invited_by IN (SELECT id FROM users WHERE disabled_at IS NOT NULL)
    OR NOT EXISTS (
      SELECT 1 FROM memberships m
      WHERE m.organization_id = invitations.organization_id AND m.user_id = invitations.invited_by AND m.role = 'owner'));
