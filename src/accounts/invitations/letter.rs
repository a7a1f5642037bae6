//! What the mail with an invitation says, for the one who writes it.

use super::super::users::{EmailToken, store as users};
use super::store;
use crate::db::{Conn, DbError};
use crate::kernel::access::Role;
use crate::kernel::clock::At;
use crate::kernel::id::InvitationId;
use crate::kernel::locale::Locale;

/// The facts of an invitation.
#[derive(Clone, Debug)]
pub struct InvitationLetter {
    /// The address it goes to.
    pub email: String,
    /// The language of the account with that address, or else of the inviter.
    pub locale: Locale,
    /// The organisation's name.
    pub organization: String,
    /// The role offered.
    pub role: Role,
    /// Until when it can be accepted.
    pub expires_at: At,
}

/// The letter of an invitation; `None` when it is no longer open.
///
/// # Errors
/// The database's failure.
pub fn letter(conn: &mut Conn, id: InvitationId) -> Result<Option<InvitationLetter>, DbError> {
    let Some((invitation, organization, inviters)) = store::find_open(conn, id)? else { return Ok(None) };
    let account = users::find_by_email(conn, &invitation.email)?;
    let locale = account.map_or(inviters, |user| user.profile.locale);
    let (role, expires_at) = (invitation.role, invitation.expires_at);
    Ok(Some(InvitationLetter { email: invitation.email, locale, organization, role, expires_at }))
}

/// Makes `token` the one that answers the invitation; any before it is void. `false` when it is no longer open.
///
/// # Errors
/// The database's failure.
pub fn mint(conn: &mut Conn, id: InvitationId, token: &EmailToken) -> Result<bool, DbError> {
    store::set_token(conn, id, &token.hash())
}
