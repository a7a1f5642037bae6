//! What falls with an owner who is none any more.

use super::super::{api_keys, invitations};
use crate::db::Failure;
use crate::events::Tx;
use crate::kernel::id::{OrganizationId, UserId};

/// Revokes the API keys the person made for the organisation and withdraws the invitations nobody has answered: neither may
/// leave a way in to somebody who had to go.
///
/// # Errors
/// The database's failure.
pub(super) fn step_down(tx: &mut Tx<'_>, organization: OrganizationId, user: UserId) -> Result<(), Failure> {
    api_keys::revoke_made_by(tx, organization, user)?;
    invitations::withdraw_all(tx, Some(organization), Some(user))
}
