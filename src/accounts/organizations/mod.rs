//! Organisations: institutes, enterprises, intermediaries, individuals and authorities, and their verification by officers.
//!
//! Owns the tables `organizations` and `verifications`.

mod brief;
mod change;
mod content;
mod create;
mod deactivate;
mod lapse;
mod list;
mod organization;
mod show;
pub(super) mod store;
mod tax_code;
mod verification;
mod verifications;
mod verify;
mod view;

pub use brief::OrganizationBrief;
pub use content::OrganizationContent;
pub use organization::Organization;
pub(in crate::accounts) use store::find;
pub use store::{brief, briefs, find_named, find_public, public_after};
pub use verification::{Verification, VerificationDecision, VerificationMethod};
pub use view::OrganizationView;

pub(in crate::accounts) use create::add;
pub(in crate::accounts) use deactivate::{abandon, require_active};
pub(in crate::accounts) use lapse::lapse;
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
        deactivate::operation(),
        deactivate::reverse(),
    ]
}
