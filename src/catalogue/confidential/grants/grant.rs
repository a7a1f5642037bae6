//! A grant.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::schema::confidential_grants;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::{ConfidentialGrantId, ListingId, OrganizationId, UserId};
use crate::kernel::problem::Problem;
use crate::kernel::text::Prose;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors};

/// The longest a grant may last, in days: five years.
const LONGEST_DAYS: i64 = 5 * 365;

/// What an owner grants.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct NewGrant {
    /// The organisation whose members are to read it; it has to be verified.
    pub organization_id: OrganizationId,
    /// What they may read it for.
    pub purpose: Prose<1, 1000>,
    /// Until when, at most five years from now.
    pub expires_at: At,
}

impl NewGrant {
    /// Checks that the grant has an end that is to come.
    ///
    /// # Errors
    /// `out_of_range` at `/expires_at`.
    pub fn check(&self, now: At) -> Result<(), Problem> {
        let latest = now.plus_days(LONGEST_DAYS);
        if self.expires_at > now && self.expires_at <= latest {
            return Ok(());
        }
        let args = vec![("min", now.to_string()), ("max", latest.to_string())];
        Err(FieldErrors(vec![FieldError { pointer: "/expires_at".into(), code: FieldCode::OutOfRange, args }]).into())
    }
}

/// A grant as it is kept.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = confidential_grants, check_for_backend(crate::db::MultiBackend))]
pub struct Grant {
    /// The grant.
    pub id: ConfidentialGrantId,
    /// The listing.
    pub listing_id: ListingId,
    /// Whose members may read its confidential part.
    pub organization_id: OrganizationId,
    /// What for.
    pub purpose: Prose<1, 1000>,
    /// Who granted it.
    pub granted_by: UserId,
    /// When.
    pub created_at: At,
    /// Until when.
    pub expires_at: At,
    /// Since when it is no longer in force, if it was revoked.
    pub revoked_at: Option<At>,
}

impl Sample for NewGrant {
    fn sample() -> Self {
        Self {
            organization_id: OrganizationId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000c")),
            purpose: Prose::literal("Đánh giá khả năng áp dụng cho cụm dệt nhuộm, theo thỏa thuận bảo mật đã ký."),
            expires_at: At::sample().plus_days(90),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_ends_in_the_foreseeable_future() {
        let now = At::sample();
        let ends = |seconds: i64| NewGrant { expires_at: now.plus_seconds(seconds), ..NewGrant::sample() }.check(now);
        let day = 86_400;
        for (seconds, fine) in [(-day, false), (0, false), (1, true), (1825 * day, true), (1825 * day + 1, false)] {
            assert_eq!(ends(seconds).is_ok(), fine, "{seconds}");
        }
    }
}
