//! Accounts: people, their sessions, their organisations, and who belongs to which.
//!
//! Other slices use what is re-exported here; the tables belong to the `store.rs` of each resource.

mod api_keys;
mod credentials;
mod failures;
mod invitations;
mod memberships;
mod organizations;
mod paging;
mod password;
mod provision;
mod seal;
mod second_factor;
mod sessions;
mod token;
mod users;

pub use credentials::Credentials;
pub use invitations::{InvitationLetter, letter as invitation_letter, mint as mint_invitation_token};
pub use memberships::owners_of;
pub use organizations::{
    Organization, OrganizationBrief, OrganizationContent, OrganizationView, Verification, brief as organization_brief,
    briefs as organization_briefs, find_named as find_organization, find_public as find_public_organization,
    public_after as public_organizations_after,
};
pub use password::{Password, PasswordHash, Passwords, SHORTEST_ALONE as OFFICER_PASSWORD_LENGTH};
pub use provision::{
    NewOfficer, NewUser, add_member, create_imported_organization, create_officer, create_organization,
    create_verified_user,
};
pub use token::Tokens;
pub use users::{
    Email, EmailToken, FullName, PersonalData, PersonalDataParts, TokenPurpose, User, find as find_user,
    mint_email_token, note_reminder, withdraw_email_token,
};

use crate::events::{Job, Run};
use crate::http::Operation;

/// What the slice holds about a person.
#[must_use]
pub fn personal_data() -> Vec<PersonalData> {
    let [account, activity, history] = users::personal_data();
    vec![
        account,
        memberships::personal_data(),
        second_factor::personal_data(),
        sessions::personal_data(),
        api_keys::personal_data(),
        invitations::personal_data(),
        activity,
        history,
    ]
}

/// Every operation of the slice.
#[must_use]
pub fn operations() -> Vec<Operation> {
    [
        users::operations(),
        sessions::operations(),
        second_factor::operations(),
        organizations::operations(),
        memberships::operations(),
        invitations::operations(),
        api_keys::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Periodic work: removes what is of no more use, which are expired mail tokens, sessions that ended or expired 30 days ago
/// with their refresh tokens, invitations that ended or expired 90 days ago, and failed logins that no longer count; and
/// ends verifications after their last day.
#[must_use]
pub fn jobs() -> Vec<Job> {
    let clear = |run: &Run<'_>| {
        run.write(|tx| {
            let invitations = invitations::sweep(tx.conn, tx.now.plus_days(-90))?;
            let accounts = users::sweep(tx.conn, tx.now)? + failures::sweep(tx.conn, tx.now)?;
            Ok(accounts + sessions::sweep(tx.conn, tx.now.plus_days(-30))? + invitations)
        })
    };
    vec![Job::new("clear_accounts", 600, clear), Job::new("lapse_verifications", 3600, organizations::lapse)]
}
