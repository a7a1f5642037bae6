//! Adding a member.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::users::{Email, store as users};
use super::membership::MembershipRow;
use super::store;
use super::view::MemberView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, Sample, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::{OrganizationId, UserId};
use crate::kernel::problem::Problem;
use crate::kernel::validate::{FieldCode, FieldErrors};

pub(super) fn operation() -> Operation {
    Operation::post("/v1/organizations/{id}/members", "memberships_add", create)
        .about(
            "Organisations",
            "Add a member",
            "By an owner. The person needs an account whose address is confirmed, and is a member at once.",
        )
        .answers::<MemberView>(201, "The new member.")
        .problems(&[Code::RoleTooLow])
}

/// Who is to become a member.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct NewMember {
    /// The address of the person's account.
    email: Email,
    /// The role in the organisation.
    role: Role,
}

impl Sample for NewMember {
    fn sample() -> Self {
        Self { email: Email::literal("nghien-cuu@vien.example"), role: Role::Editor }
    }
}

async fn create(call: Call<SignedIn>, Path((id,)): Path<(OrganizationId,)>, Body(member): Body<NewMember>) -> Answer {
    call.write(move |tx, actor| join(tx, actor, id, &member)).await
}

fn join(tx: &mut Tx<'_>, actor: &Actor, id: OrganizationId, member: &NewMember) -> Result<Reply, Failure> {
    actor.require(Role::Owner, id)?;
    let user = users::find_by_email(tx.conn, member.email.as_str())?.filter(super::super::users::User::is_usable);
    let user = user.ok_or_else(|| Problem::field("/email", FieldCode::NoSuchAccount))?;
    if store::find(tx.conn, id, user.id)?.is_some() {
        return Err(Problem::field("/email", FieldCode::AlreadyMember).into());
    }
    let row = add(tx, id, user.id, member.role)?;
    let version = row.version;
    let view = MemberView::new((row, user.profile.full_name.into(), user.email), actor);
    Ok(Reply::created(format!("/v1/organizations/{id}/members/{}", user.id), &view)?.version(version))
}

/// Makes somebody a member who is none.
pub(in crate::accounts) fn add(
    tx: &mut Tx<'_>,
    organization_id: OrganizationId,
    user_id: UserId,
    role: Role,
) -> Result<MembershipRow, Failure> {
    let now = tx.now;
    let row = MembershipRow { organization_id, user_id, role, created_at: now, updated_at: now, version: 1 };
    store::insert(tx.conn, &row)?;
    tx.record(&Change::new("membership.added", user_id.0, row.version).of(organization_id).field("role", (), role))?;
    Ok(row)
}
