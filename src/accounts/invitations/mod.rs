//! Invitations: an owner asks an address to join an organisation, and whoever reads that mailbox says yes or no.
//!
//! Owns the table `invitations`. It is the one way by which people become members through the API, and it tells nobody
//! whether an address has an account.

mod accept;
mod create;
mod decline;
mod invitation;
mod letter;
mod list;
mod resend;
mod show;
mod store;
mod view;
mod withdraw;

pub use letter::{InvitationLetter, letter, mint};
pub use store::sweep;

pub(in crate::accounts) use withdraw::withdraw_all;

use serde_json::json;

use super::users::{PersonalData, store as users};
use crate::http::Operation;
use crate::kernel::code::Code;
use invitation::InvitationStatus;

/// The operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    vec![
        create::operation(),
        list::operation(),
        show::operation(),
        resend::operation(),
        withdraw::operation(),
        accept::operation(),
        decline::operation(),
    ]
}

/// The invitations to a person's address; those the person made belong to the organisation. When the account is closed the
/// address is forgotten, and nobody who registers it later finds the door open.
pub(in crate::accounts) fn personal_data() -> PersonalData {
    PersonalData {
        name: "invitations",
        read: |conn, user| {
            let user = users::find(conn, user)?.ok_or(Code::NotFound)?;
            let told = |(row, organization): (invitation::Invitation, String)| {
                json!({
                    "id": row.id, "organization_id": row.organization_id, "organization": organization, "role": row.role,
                    "status": row.status, "mailed_at": row.mailed_at, "expires_at": row.expires_at, "ended_at": row.ended_at,
                    "created_at": row.created_at,
                })
            };
            Ok(store::to_address(conn, &user.email)?.into_iter().map(told).collect())
        },
        erase: |tx, user| {
            for (invitation, _) in store::to_address(tx.conn, &user.email)? {
                if invitation.status == InvitationStatus::Pending {
                    withdraw::end(tx, &invitation, InvitationStatus::Declined)?;
                }
            }
            Ok(store::forget_address(tx.conn, &user.email, &users::closed_address(user.id))?)
        },
    }
}
