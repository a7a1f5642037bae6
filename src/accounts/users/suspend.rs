//! Suspending an account.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::invitations;
use super::super::sessions::{self, EndReason};
use super::store;
use super::suspension::{SuspensionView, require, subject};
use super::user::AccountState;
use crate::db::{DbError, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Officer, OfficerActor, Operation, Path, Reply, Sample, SteppedUp};
use crate::kernel::code::Code;
use crate::kernel::id::UserId;
use crate::kernel::text::Prose;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/users/{id}/suspension", "users_suspend", suspend)
        .about(
            "Accounts",
            "Suspend an account",
            "For an account that is abused or whose password leaked. Its sessions end at once, nobody can sign in to it, and \
             the API keys its owner made do not work, and the unanswered invitations are withdrawn; memberships and everything \
             else stay as they are, until `DELETE /v1/users/{id}/suspension`. The person is told the reason by mail. An account of an officer is suspended \
             by an owner of the authority.",
        )
        .answers::<SuspensionView>(201, "The account is suspended.")
        .problems(&[Code::AccountWrongState, Code::RoleTooLow])
}

/// Why an account is to be suspended.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct SuspensionBody {
    /// The reason, which the person is told.
    reason: Prose<10, 1000>,
}

impl Sample for SuspensionBody {
    fn sample() -> Self {
        Self { reason: Prose::literal("Mật khẩu bị lộ; chờ chủ tài khoản xác nhận.") }
    }
}

async fn suspend(
    call: Call<SteppedUp<Officer>>,
    Path((id,)): Path<(UserId,)>,
    Body(sent): Body<SuspensionBody>,
) -> Answer {
    call.write(move |tx, officer| shut(tx, officer, id, &sent.reason)).await
}

fn shut(tx: &mut Tx<'_>, officer: &OfficerActor, id: UserId, reason: &Prose<10, 1000>) -> Result<Reply, Failure> {
    let now = tx.now;
    let user = subject(tx.conn, officer, id)?;
    require(&user, AccountState::Active)?;
    if !store::suspend(tx.conn, &user, Some(reason.as_str()), now)? {
        return Err(DbError::Conflict("the account changed at the same time".into()).into());
    }
    let ended = sessions::end_all(tx.conn, id, None, EndReason::AccountSuspended, now)?;
    invitations::withdraw_all(tx, None, Some(id))?;
    let change = Change::new("user.suspended", id.0, user.version + 1).field("disabled_reason", (), reason);
    tx.record(&change.field("sessions_ended", (), ended))?;
    let view = store::find(tx.conn, id)?.as_ref().and_then(SuspensionView::of).ok_or(Code::NotFound)?;
    Ok(Reply::created(format!("/v1/users/{id}/suspension"), &view)?)
}
