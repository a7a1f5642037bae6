//! The suspension of an account: who may decide on it, and what it looks like.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::memberships;
use super::store;
use super::user::{AccountState, User};
use crate::db::{Conn, Failure};
use crate::http::{OfficerActor, Sample};
use crate::kernel::access::{OrganizationKind, Role};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::UserId;
use crate::kernel::problem::Problem;

/// That an account may not be used for now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Suspension)]
pub(super) struct SuspensionView {
    /// The account.
    pub user_id: UserId,
    /// The person's name.
    pub full_name: String,
    /// Why; the person was told by mail.
    pub reason: String,
    /// Since when.
    pub suspended_at: At,
}

impl SuspensionView {
    /// The suspension of an account, if it is suspended.
    pub(super) fn of(user: &User) -> Option<Self> {
        Some(Self {
            user_id: user.id,
            full_name: user.profile.full_name.to_string(),
            reason: user.disabled_reason.clone()?,
            suspended_at: user.disabled_at?,
        })
    }
}

impl Sample for SuspensionView {
    fn sample() -> Self {
        Self {
            user_id: UserId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_3d4e)),
            full_name: "Nhà nghiên cứu".into(),
            reason: "Mật khẩu bị lộ; chờ chủ tài khoản xác nhận.".into(),
            suspended_at: At::sample(),
        }
    }
}

/// The account an officer wants to decide on. Accounts of officers are the business of the owners of their authority.
pub(in crate::accounts) fn subject(conn: &mut Conn, officer: &OfficerActor, id: UserId) -> Result<User, Failure> {
    let user = store::find(conn, id)?.ok_or(Code::NotFound)?;
    for membership in memberships::of_user(conn, id)?.iter().filter(|m| m.2 == OrganizationKind::Authority) {
        if officer.0.role_in(membership.0) != Some(Role::Owner) {
            return Err(Problem::new(Code::RoleTooLow).with("role", Role::Owner).into());
        }
    }
    Ok(user)
}

/// Demands that an account be in the state `allowed`.
pub(super) fn require(user: &User, allowed: AccountState) -> Result<(), Problem> {
    match user.state() {
        state if state == allowed => Ok(()),
        state => Err(Problem::new(Code::AccountWrongState).with("status", state).with("allowed", allowed)),
    }
}
