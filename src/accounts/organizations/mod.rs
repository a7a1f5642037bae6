//! Organisations: institutes, enterprises, intermediaries, individuals and authorities, and their verification by officers.
//!
//! Owns the tables `organizations` and `verifications`.

mod brief;
mod change;
mod create;
mod list;
mod organization;
mod show;
pub(super) mod store;
mod tax_code;
mod verifications;
mod verify;
mod view;

pub use brief::OrganizationBrief;
pub use organization::{Organization, OrganizationContent, Verification, VerificationDecision, VerificationMethod};
pub(in crate::accounts) use store::find;
pub use store::{brief, find_named};

pub(in crate::accounts) use create::add;
pub(in crate::accounts) use store::find_authority;
pub(in crate::accounts) use verify::decide;
pub(in crate::accounts) use view::VerificationBody;

use crate::http::Operation;

/// The operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    vec![
        create::operation(),
        list::operation(),
        show::operation(),
        change::operation(),
        verify::operation(),
        verifications::operation(),
    ]
}
