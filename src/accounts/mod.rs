//! Accounts: people, their sessions, their organisations, and who belongs to which.
//!
//! Other slices use what is re-exported here; the tables belong to the `store.rs` of each resource.

mod credentials;
mod memberships;
mod organizations;
mod paging;
mod password;
mod provision;
mod sessions;
mod token;
mod users;

pub use credentials::Credentials;
pub use organizations::{
    Organization, OrganizationBrief, OrganizationContent, Verification, brief as organization_brief,
    find_named as find_organization,
};
pub use password::{Password, PasswordHash, Passwords};
pub use provision::{
    NewOfficer, NewUser, add_member, create_imported_organization, create_officer, create_organization,
    create_verified_user,
};
pub use token::Tokens;
pub use users::{
    Email, EmailToken, FullName, User, VALID_HOURS as EMAIL_TOKEN_HOURS, find as find_user, mint_email_token,
    withdraw_email_token,
};

use crate::db::{Conn, DbError};
use crate::http::Operation;
use crate::kernel::clock::At;

/// Every operation of the slice.
#[must_use]
pub fn operations() -> Vec<Operation> {
    [users::operations(), sessions::operations(), organizations::operations(), memberships::operations()]
        .into_iter()
        .flatten()
        .collect()
}

/// Removes what is of no more use: expired mail tokens and sessions that ended or expired 30 days ago, with their refresh
/// tokens. Tells how many rows went. Call it once in a while, in a write transaction.
///
/// # Errors
/// The database's failure.
pub fn sweep(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    Ok(users::sweep(conn, now)? + sessions::sweep(conn, now.plus_days(-30))?)
}
