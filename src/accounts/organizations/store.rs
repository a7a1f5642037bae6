//! SQL of the tables `organizations` and `verifications`.

use diesel::prelude::*;

use super::brief::OrganizationBrief;
use super::organization::{Organization, Verification, VerificationDecision, VerificationMethod};
use crate::db::schema::{organizations, reference_items, verifications};
use crate::db::sql::after;
use crate::db::{Conn, DbError, MultiBackend};
use crate::kernel::access::{OrganizationKind, Reader};
use crate::kernel::clock::At;
use crate::kernel::fold::fold;
use crate::kernel::id::{OrganizationId, UserId, VerificationId};

/// A decision as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = verifications, check_for_backend(MultiBackend))]
pub(in crate::accounts) struct VerificationRow {
    pub id: VerificationId,
    pub organization_id: OrganizationId,
    pub decision: VerificationDecision,
    pub method: VerificationMethod,
    pub evidence: String,
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

/// The organisation with this identifier, if `reader` may see it: everybody sees verified ones, members their own,
/// officers all.
pub(in crate::accounts) fn find_for(
    conn: &mut Conn,
    reader: &Reader,
    id: OrganizationId,
) -> Result<Option<Organization>, DbError> {
    let mut query =
        organizations::table.filter(organizations::id.eq(id)).select(Organization::as_select()).into_boxed();
    if !reader.is_officer() {
        let verified = organizations::verification.eq(Verification::Verified);
        query = query.filter(verified.or(organizations::id.eq_any(reader.organizations())));
    }
    Ok(query.first(conn).optional()?)
}

/// Which organisations to list.
pub(super) struct Filter {
    pub verification: Verification,
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

/// The pattern that finds `text` anywhere, with what has a meaning in patterns escaped.
fn containing(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
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

/// Whether the reference list `province` has this code and it has not ended by `now`.
pub(in crate::accounts) fn province_exists(conn: &mut Conn, code: &str, now: At) -> Result<bool, DbError> {
    let valid_to: Option<Option<chrono::NaiveDate>> =
        reference_items::table.find(("province", code)).select(reference_items::valid_to).first(conn).optional()?;
    let today = now.to_string();
    Ok(valid_to
        .is_some_and(|end| end.is_none_or(|end| end.to_string().as_str() >= today.get(..10).unwrap_or_default())))
}
