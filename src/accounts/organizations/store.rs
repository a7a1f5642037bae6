//! SQL of the tables `organizations` and `verifications`.

use diesel::prelude::*;

use super::brief::OrganizationBrief;
use super::organization::Organization;
use super::verification::{Verification, VerificationDecision, VerificationMethod};
use crate::db::schema::{organizations, reference_items, verifications};
use crate::db::sql::{after, any_of, containing};
use crate::db::{Conn, DbError, MultiBackend};
use crate::kernel::access::{OrganizationKind, Reader};
use crate::kernel::clock::{At, Day};
use crate::kernel::fold::fold;
use crate::kernel::id::{OrganizationId, UserId, VerificationId};

/// A decision as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = verifications, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub(in crate::accounts) struct VerificationRow {
    pub id: VerificationId,
    pub organization_id: OrganizationId,
    pub decision: VerificationDecision,
    pub method: Option<VerificationMethod>,
    pub evidence: String,
    pub evidence_sha256: Option<String>,
    pub expires_on: Option<Day>,
    pub officer_id: UserId,
    pub created_at: At,
}

/// The organisation with this identifier, whoever may see it. For a reader use [`find_for`].
///
/// # Errors
/// The database's failure.
pub fn find(conn: &mut Conn, id: OrganizationId) -> Result<Option<Organization>, DbError> {
    Ok(organizations::table.find(id).select(Organization::as_select()).first(conn).optional()?)
}

/// What is shown of an organisation beside the things it owns; `None` when there is no such organisation.
///
/// # Errors
/// The database's failure.
pub fn brief(conn: &mut Conn, id: OrganizationId) -> Result<Option<OrganizationBrief>, DbError> {
    Ok(organizations::table.find(id).select(OrganizationBrief::as_select()).first(conn).optional()?)
}

/// What is shown of these organisations beside the things they own, in no order.
///
/// # Errors
/// The database's failure.
pub fn briefs(conn: &mut Conn, ids: &[OrganizationId]) -> Result<Vec<OrganizationBrief>, DbError> {
    let these = organizations::table.filter(organizations::id.eq_any(ids));
    Ok(these.select(OrganizationBrief::as_select()).load(conn)?)
}

/// The organisation an operator names by its identifier, its tax code or its name; the oldest where several share a name.
///
/// # Errors
/// The database's failure.
pub fn find_named(conn: &mut Conn, text: &str) -> Result<Option<OrganizationId>, DbError> {
    let named = organizations::tax_code.eq(text).or(organizations::name_folded.eq(fold(text)));
    let ids = organizations::table.select(organizations::id).order(organizations::id);
    Ok(match text.parse::<OrganizationId>() {
        Ok(id) => ids.filter(organizations::id.eq(id)).first(conn).optional()?,
        Err(_) => ids.filter(named.assume_not_null()).first(conn).optional()?,
    })
}

/// The organisation with this identifier, if `reader` may see it: everybody sees verified ones that are active, members their
/// own, officers all.
pub(in crate::accounts) fn find_for(
    conn: &mut Conn,
    reader: &Reader,
    id: OrganizationId,
) -> Result<Option<Organization>, DbError> {
    let mut query =
        organizations::table.filter(organizations::id.eq(id)).select(Organization::as_select()).into_boxed();
    if !reader.is_officer() {
        query = query.filter(public().or(any_of(organizations::id, &reader.organizations())));
    }
    Ok(query.first(conn).optional()?)
}

/// What everybody may see.
#[diesel::dsl::auto_type]
fn public() -> _ {
    let verified: Verification = Verification::Verified;
    organizations::verification.eq(verified).and(organizations::deactivated_at.is_null())
}

/// The organisation with this identifier, if everybody may see it.
///
/// # Errors
/// The database's failure.
pub fn find_public(conn: &mut Conn, id: OrganizationId) -> Result<Option<Organization>, DbError> {
    find_for(conn, &Reader(None), id)
}

/// The next organisations after an identifier that everybody may see, in the order of identifiers, each with the time of
/// its last change.
///
/// # Errors
/// The database's failure.
pub fn public_after(conn: &mut Conn, after: OrganizationId, limit: i64) -> Result<Vec<(OrganizationId, At)>, DbError> {
    Ok(organizations::table
        .filter(public())
        .filter(organizations::id.gt(after))
        .order(organizations::id)
        .limit(limit)
        .select((organizations::id, organizations::updated_at))
        .load(conn)?)
}

/// Verified organisations whose verification ended before `today`.
pub(super) fn past_their_verification(conn: &mut Conn, today: Day, limit: i64) -> Result<Vec<Organization>, DbError> {
    Ok(organizations::table
        .filter(organizations::verified_until.lt(today))
        .order(organizations::verified_until)
        .limit(limit)
        .select(Organization::as_select())
        .load(conn)?)
}

/// Which organisations to list.
pub(super) struct Filter {
    pub verification: Verification,
    pub deactivated: bool,
    pub kind: Option<OrganizationKind>,
    pub province: Option<String>,
    /// Words of the name, folded.
    pub name_like: Option<String>,
}

/// Where a page begins and in which order it goes on.
pub(super) enum From {
    Name(Option<(String, OrganizationId)>),
    Age(Option<(At, OrganizationId)>),
}

pub(super) fn list(conn: &mut Conn, filter: &Filter, from: From, limit: i64) -> Result<Vec<Organization>, DbError> {
    let mut query = organizations::table
        .filter(organizations::verification.eq(filter.verification))
        .select(Organization::as_select())
        .limit(limit)
        .into_boxed();
    query = match filter.deactivated {
        true => query.filter(organizations::deactivated_at.is_not_null()),
        false => query.filter(organizations::deactivated_at.is_null()),
    };
    if let Some(kind) = filter.kind {
        query = query.filter(organizations::kind.eq(kind));
    }
    if let Some(province) = &filter.province {
        query = query.filter(organizations::province.eq(province));
    }
    if let Some(name) = &filter.name_like {
        query = query.filter(organizations::name_folded.like(containing(name)).escape('\\'));
    }
    query = match from {
        From::Name(from) => {
            if let Some((name, id)) = from {
                query = query.filter(after(organizations::name_folded, organizations::id, name, id, false));
            }
            query.order((organizations::name_folded, organizations::id))
        }
        From::Age(from) => {
            if let Some((created_at, id)) = from {
                query = query.filter(after(organizations::created_at, organizations::id, created_at, id, false));
            }
            query.order((organizations::created_at, organizations::id))
        }
    };
    Ok(query.load(conn)?)
}

pub(in crate::accounts) fn insert(conn: &mut Conn, organization: &Organization) -> Result<(), DbError> {
    diesel::insert_into(organizations::table).values(organization).execute(conn)?;
    Ok(())
}

/// Writes `next` over the row at the version before; `false` when the row has changed in the meantime.
pub(in crate::accounts) fn save(conn: &mut Conn, next: &Organization) -> Result<bool, DbError> {
    let row =
        organizations::table.filter(organizations::id.eq(next.id)).filter(organizations::version.eq(next.version - 1));
    let written = diesel::update(row)
        .set((
            &next.content,
            organizations::name_folded.eq(&next.name_folded),
            organizations::verification.eq(next.verification),
            organizations::verified_at.eq(next.verified_at),
            organizations::verified_method.eq(next.verified_method),
            organizations::verified_until.eq(next.verified_until),
            organizations::deactivated_at.eq(next.deactivated_at),
            organizations::deactivated_by.eq(next.deactivated_by),
            organizations::deactivation_reason.eq(&next.deactivation_reason),
            organizations::version.eq(next.version),
            organizations::updated_at.eq(next.updated_at),
        ))
        .execute(conn)?;
    Ok(written == 1)
}

/// The authority of this name.
pub(in crate::accounts) fn find_authority(conn: &mut Conn, name_folded: &str) -> Result<Option<Organization>, DbError> {
    Ok(organizations::table
        .filter(organizations::kind.eq(OrganizationKind::Authority))
        .filter(organizations::name_folded.eq(name_folded))
        .order(organizations::id)
        .select(Organization::as_select())
        .first(conn)
        .optional()?)
}

pub(super) fn insert_verification(conn: &mut Conn, row: &VerificationRow) -> Result<(), DbError> {
    diesel::insert_into(verifications::table).values(row).execute(conn)?;
    Ok(())
}

/// The decisions on an organisation, the latest first.
pub(super) fn verifications_of(
    conn: &mut Conn,
    id: OrganizationId,
    from: Option<(At, VerificationId)>,
    limit: i64,
) -> Result<Vec<VerificationRow>, DbError> {
    let mut query = verifications::table
        .filter(verifications::organization_id.eq(id))
        .select(VerificationRow::as_select())
        .order((verifications::created_at.desc(), verifications::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some((created_at, id)) = from {
        query = query.filter(after(verifications::created_at, verifications::id, created_at, id, true));
    }
    Ok(query.load(conn)?)
}

/// Whether a reference list has this code and it has not ended by `now`.
pub(super) fn reference_exists(conn: &mut Conn, list: &str, code: &str, now: At) -> Result<bool, DbError> {
    let lasting = reference_items::valid_to.is_null().or(reference_items::valid_to.ge(Day::in_vietnam(now)));
    let found: Option<i32> = reference_items::table
        .filter(reference_items::list.eq(list))
        .filter(reference_items::code.eq(code))
        .filter(lasting)
        .select(reference_items::position)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
