//! Negotiations: how two organisations get from an expression of interest or a proposal to an agreement.

mod approaches;
mod machine;
mod ndas;
mod offers;
mod rooms;

use crate::accounts::PersonalData;
use crate::config::Negotiation;
use crate::db::{Conn, DbError};
use crate::events::Job;
use crate::http::Operation;
use crate::kernel::id::OrganizationId;
use ndas::NdaStatus;
use rooms::NegotiationStatus;
use uuid::Uuid;

pub use approaches::{ApproachStatus, ApproachStep};
pub use machine::{By, Life, Rule, Tells};
pub use offers::{OfferStatus, OfferStep};
pub use rooms::{Verified, verify};

/// The tag of the operations.
const TAG: &str = "Negotiation";

/// Every endpoint.
#[must_use]
pub fn operations() -> Vec<Operation> {
    [approaches::operations(), rooms::operations(), ndas::operations(), offers::operations()]
        .into_iter()
        .flatten()
        .collect()
}

/// Periodic work.
#[must_use]
pub fn jobs(rules: Negotiation) -> Vec<Job> {
    vec![approaches::job(rules), ndas::job(), offers::job()]
}

/// What the slice holds about a person.
#[must_use]
pub fn personal_data() -> Vec<PersonalData> {
    vec![approaches::personal_data(), rooms::personal_data(), ndas::personal_data(), offers::personal_data()]
}

/// What is told by mail of an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// The organisations whose owners are told.
    pub organizations: Vec<OrganizationId>,
    /// What it is about, in one line.
    pub title: String,
    /// Where it is read, below the server's address.
    pub path: String,
}

/// Whether owners are told of an event by mail.
#[must_use]
pub fn is_told(event: &str) -> bool {
    tells(event).is_some()
}

/// The events of which owners are told by mail.
#[must_use]
pub fn told() -> Vec<&'static str> {
    let all = [ApproachStatus::events(), NegotiationStatus::events(), NdaStatus::events(), OfferStatus::events()]
        .into_iter()
        .flatten();
    all.filter(|event| is_told(event)).collect()
}

/// Who is told of an event, if anybody is.
fn tells(event: &str) -> Option<Tells> {
    let tells = ApproachStatus::told(event).or_else(|| NegotiationStatus::told(event));
    let tells = tells.or_else(|| NdaStatus::told(event)).or_else(|| OfferStatus::told(event));
    tells.filter(|tells| *tells != Tells::Nobody)
}

/// What is told of an event that happened to an object, and to whom. It names no organisation, because one may be hidden.
///
/// # Errors
/// The database's failure.
pub fn notice(conn: &mut Conn, event: &str, id: Uuid) -> Result<Option<Notice>, DbError> {
    let Some(tells) = tells(event) else { return Ok(None) };
    match event.split_once('.') {
        Some(("approach", _)) => approaches::notice(conn, tells, id.into()),
        Some(("negotiation", _)) => rooms::notice(conn, tells, id.into()),
        Some(("nda", _)) => ndas::notice(conn, tells, id.into()),
        Some(("offer", _)) => offers::notice(conn, tells, id.into()),
        _ => Ok(None),
    }
}
