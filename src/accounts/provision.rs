//! What the operator's commands do to accounts: officers, and whole sets of people and organisations. Ordinary writes, with
//! audit entries and events like any other.

use super::memberships;
use super::organizations::{
    self, Organization, OrganizationContent, Verification, VerificationDecision, VerificationMethod,
};
use super::password::PasswordHash;
use super::users::{Email, FullName, User, store as users};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::kernel::access::{OrganizationKind, Role};
use crate::kernel::fold::fold;
use crate::kernel::id::{OrganizationId, UserId};
use crate::kernel::locale::Locale;
use crate::kernel::text::{Line, Prose};
use crate::kernel::validate::{FieldError, FieldErrors};

/// A person to be given an account.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address to sign in with.
    pub email: Email,
    /// Full name.
    pub full_name: FullName,
    /// The language of mails.
    pub locale: Locale,
    /// The hashed password; made once outside the transaction with [`super::Password::hash`].
    pub password_hash: PasswordHash,
}

/// An officer to be given an account.
#[derive(Clone, Debug)]
pub struct NewOfficer {
    /// The name of the authority; it is made if there is none of this name.
    pub authority: Line<2, 200>,
    /// The person.
    pub user: NewUser,
}

/// An account with a confirmed address. One that exists and is confirmed stays as it is, password included; one that nobody
/// confirmed gets the name and the password given here, because anybody may have registered it.
///
/// # Errors
/// The database's failure.
pub fn create_verified_user(tx: &mut Tx<'_>, new: &NewUser) -> Result<UserId, Failure> {
    let now = tx.now;
    let profile = super::users::Profile { full_name: new.full_name.clone(), locale: new.locale };
    let user = match users::find_by_email(tx.conn, new.email.as_str())? {
        Some(user) if user.email_verified_at.is_some() => return Ok(user.id),
        Some(mut user) => {
            users::replace_unverified(tx.conn, &user, &profile, &new.password_hash, now)?;
            user.version += 1;
            user
        }
        None => {
            let user = User::new(tx.id(), &new.email, profile.clone(), new.password_hash.clone(), now);
            users::insert(tx.conn, &user)?;
            user
        }
    };
    users::mark_verified(tx.conn, &user, now)?;
    let change = Change::new("user.created", user.id.0, user.version + 1).between(None, &profile);
    tx.record(&change.field("email_verified_at", (), now))?;
    Ok(user.id)
}

/// An organisation, verified by the officer `verified_by` where one is given, without members.
///
/// # Errors
/// A field error when the province is unknown or the tax code is taken; the database's failure.
pub fn create_organization(
    tx: &mut Tx<'_>,
    content: OrganizationContent,
    verified_by: Option<UserId>,
) -> Result<OrganizationId, Failure> {
    let organization = organizations::add(tx, content, Verification::Unverified)?;
    if let Some(officer) = verified_by {
        let body = organizations::VerificationBody {
            decision: VerificationDecision::Verified,
            method: Some(VerificationMethod::Other),
            evidence: Prose::literal("Do người vận hành hệ thống nhập."),
            evidence_sha256: None,
            expires_on: None,
        };
        organizations::decide(tx, officer, organization.id, None, &body)?;
    }
    Ok(organization.id)
}

/// An organisation that an import brings: its name is all that is known, nobody has verified it, it has no members.
///
/// # Errors
/// A field error when the name is no name; the database's failure.
pub fn create_imported_organization(
    tx: &mut Tx<'_>,
    kind: OrganizationKind,
    name: &str,
) -> Result<OrganizationId, Failure> {
    let name = Line::new(name)
        .map_err(|(code, args)| FieldErrors(vec![FieldError { pointer: "/organization".into(), code, args }]))?;
    let content = OrganizationContent::named(kind, name);
    Ok(organizations::add(tx, content, Verification::Unverified)?.id)
}

/// Makes somebody a member; one who is a member already keeps the role.
///
/// # Errors
/// The database's failure.
pub fn add_member(tx: &mut Tx<'_>, organization: OrganizationId, user: UserId, role: Role) -> Result<(), Failure> {
    if memberships::find(tx.conn, organization, user)?.is_none() {
        memberships::add(tx, organization, user, role)?;
    }
    Ok(())
}

/// A verified authority with the person as an owner, which makes them an officer. What is there already stays as it is.
///
/// # Errors
/// The database's failure.
pub fn create_officer(tx: &mut Tx<'_>, new: &NewOfficer) -> Result<(UserId, OrganizationId), Failure> {
    let user = create_verified_user(tx, &new.user)?;
    let found = organizations::find_authority(tx.conn, &fold(new.authority.as_str()))?;
    let authority: Organization = match found {
        Some(authority) => authority,
        None => {
            let content = OrganizationContent::named(OrganizationKind::Authority, new.authority.clone());
            organizations::add(tx, content, Verification::Verified)?
        }
    };
    add_member(tx, authority.id, user, Role::Owner)?;
    Ok((user, authority.id))
}
