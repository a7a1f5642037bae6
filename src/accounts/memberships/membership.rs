//! A membership: the row, the right to sign, and the rule that an organisation never loses its last owner.

use deserr::{Deserr, ValuePointerRef};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::MultiBackend;
use crate::db::schema::memberships;
use crate::http::Sample;
use crate::kernel::access::{Role, SignatoryBasis};
use crate::kernel::clock::{At, Day};
use crate::kernel::code::Code;
use crate::kernel::id::{OrganizationId, UserId};
use crate::kernel::problem::Problem;
use crate::kernel::text::Line;
use crate::kernel::validate::{FieldCode, FieldErrors};

/// Somebody's place in an organisation.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct MembershipRow {
    /// The organisation.
    pub organization_id: OrganizationId,
    /// The person.
    pub user_id: UserId,
    /// The person's role.
    pub role: Role,
    /// Since when.
    pub created_at: At,
    /// When the role was last changed.
    pub updated_at: At,
    /// Counts changes.
    pub version: i64,
    /// On what the right to sign rests; none without the right.
    pub signatory_basis: Option<SignatoryBasis>,
    /// The document that gives the right.
    pub signatory_reference: Option<String>,
    /// When the right was recorded.
    pub signatory_since: Option<At>,
    /// The last day of the right.
    pub signatory_until: Option<Day>,
}

impl MembershipRow {
    /// A new membership without the right to sign.
    #[must_use]
    pub fn new(organization_id: OrganizationId, user_id: UserId, role: Role, now: At) -> Self {
        Self {
            organization_id,
            user_id,
            role,
            created_at: now,
            updated_at: now,
            version: 1,
            signatory_basis: None,
            signatory_reference: None,
            signatory_since: None,
            signatory_until: None,
        }
    }

    /// The membership with this right to sign, or without any.
    #[must_use]
    pub fn with_signatory(&self, right: Option<&SignatoryGrant>, now: At) -> Self {
        Self {
            signatory_basis: right.map(|right| right.basis),
            signatory_reference: right.and_then(|right| right.reference.clone()).map(Into::into),
            signatory_since: right.map(|_| now),
            signatory_until: right.and_then(|right| right.until_on),
            version: self.version + 1,
            updated_at: now,
            ..self.clone()
        }
    }

    /// The right to sign as it is shown.
    #[must_use]
    pub fn signatory(&self) -> Option<Signatory> {
        let (basis, since) = (self.signatory_basis?, self.signatory_since?);
        Some(Signatory { basis, reference: self.signatory_reference.clone(), since, until_on: self.signatory_until })
    }
}

/// The right to sign for an organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Signatory {
    /// On what it rests.
    pub basis: SignatoryBasis,
    /// The document that gives it: its number and date.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub reference: Option<String>,
    /// When it was recorded.
    pub since: At,
    /// Its last day, in Vietnam; without one it lasts until it is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub until_on: Option<Day>,
}

/// The right to sign, as an owner gives it.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = SignatoryGrant::check -> FieldErrors)]
pub struct SignatoryGrant {
    /// On what it rests.
    pub basis: SignatoryBasis,
    /// The document that gives it: its number and date. A power of attorney needs one.
    #[deserr(default)]
    pub reference: Option<Line<3, 300>>,
    /// Its last day, in Vietnam; without one it lasts until it is taken.
    #[deserr(default)]
    pub until_on: Option<Day>,
}

impl SignatoryGrant {
    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        if self.basis == SignatoryBasis::PowerOfAttorney && self.reference.is_none() {
            return Err(FieldErrors::one(location.push_key("reference"), FieldCode::Required, []));
        }
        Ok(self)
    }
}

impl Sample for SignatoryGrant {
    fn sample() -> Self {
        Self {
            basis: SignatoryBasis::PowerOfAttorney,
            reference: Some(Line::literal("Giấy ủy quyền số 12/2026/UQ-VCN ngày 2026-10-01")),
            until_on: Some(Day::after(At::sample(), 365)),
        }
    }
}

/// Checks that somebody with the role `held` may get the role `next`, or leave (`None`), where there are `other_owners`
/// besides.
///
/// # Errors
/// `last_owner`.
pub fn keep_an_owner(held: Role, next: Option<Role>, other_owners: i64) -> Result<(), Problem> {
    if held == Role::Owner && next != Some(Role::Owner) && other_owners == 0 {
        Err(Code::LastOwner.into())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_owner_stays() {
        for (held, next, others, allowed) in [
            (Role::Owner, None, 0, false),
            (Role::Owner, Some(Role::Editor), 0, false),
            (Role::Owner, Some(Role::Viewer), 0, false),
            (Role::Owner, Some(Role::Owner), 0, true),
            (Role::Owner, None, 1, true),
            (Role::Owner, Some(Role::Viewer), 1, true),
            (Role::Editor, None, 0, true),
            (Role::Viewer, Some(Role::Owner), 0, true),
        ] {
            assert_eq!(keep_an_owner(held, next, others).is_ok(), allowed, "{held} {next:?} {others}");
        }
    }
}
