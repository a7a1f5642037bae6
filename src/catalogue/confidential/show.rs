//! Reading a confidential part. The reading is written down, and committed, before anything is answered.

use deserr::Deserr;
use utoipa::IntoParams;

use super::access::{Ground, ground};
use super::view::ConfidentialView;
use super::views::{self, Viewing};
use super::{TAG, store};
use crate::db::Failure;
use crate::events::Tx;
use crate::files::Attachment;
use crate::http::{Answer, Call, Operation, Path, Query, Reply, SignedIn};
use crate::kernel::access::Actor;
use crate::kernel::id::ListingId;
use crate::kernel::problem::Problem;
use crate::kernel::text::Line;
use crate::kernel::validate::{FieldCode, FieldErrors};

pub(super) fn operation() -> Operation {
    Operation::get("/v1/listings/{id}/confidential", "confidential_show", show)
        .about(
            TAG,
            "Read the confidential part",
            "What a listing says under NDA. Its members read it, and members of organisations it was granted to, while the \
             grant is in force and the listing published; an officer has to give a `reason`. Every reading from outside the \
             owning organisation is written into the view log, which the owner reads, before it is answered. For everybody \
             else there is nothing here: 404. While nothing was written it has no sections. Its files are told of here; getting a \
             link to one is a reading of its own.",
        )
        .answers::<ConfidentialView>(200, "The confidential part.")
}

/// Why it is read.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ViewQuery {
    /// Why an officer reads it; the owner reads the reason in the view log. Others need none.
    #[deserr(default)]
    #[param(value_type = Option<String>, min_length = 5, max_length = 500)]
    reason: Option<Line<5, 500>>,
}

async fn show(call: Call<SignedIn>, Path((id,)): Path<(ListingId,)>, query: Query<ViewQuery>) -> Answer {
    call.write(move |tx, actor| read(tx, actor, id, query.params.reason.as_ref().map(|reason| reason.as_str()))).await
}

fn read(tx: &mut Tx<'_>, actor: &Actor, id: ListingId, reason: Option<&str>) -> Result<Reply, Failure> {
    let part = store::find(tx.conn, id)?;
    let version = part.as_ref().map_or(0, |part| part.version);
    log(tx, actor, &Reading { listing: id, version, file: None, reason })?;
    let view = ConfidentialView::of(tx.conn, id, part)?;
    Ok(Reply::ok(&view)?.version(version))
}

/// Writes down, where that is due, that a file of the confidential part is handed to somebody.
///
/// # Errors
/// `not_found`; a field error when a reason is due and none is given.
pub fn hand_out(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ListingId,
    file: &Attachment,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let version = store::find(tx.conn, id)?.map_or(0, |part| part.version);
    log(tx, actor, &Reading { listing: id, version, file: Some(file), reason })
}

/// What is read.
struct Reading<'a> {
    listing: ListingId,
    /// The version of the confidential part.
    version: i64,
    /// The file, where it is one.
    file: Option<&'a Attachment>,
    /// Why an officer reads.
    reason: Option<&'a str>,
}

/// Writes a reading into the view log, if it is one from outside.
fn log(tx: &mut Tx<'_>, actor: &Actor, reading: &Reading<'_>) -> Result<(), Failure> {
    let Reading { listing, version, file, reason } = *reading;
    let (ground, owner) = ground(tx.conn, actor, listing, tx.now)?;
    let viewing = match ground {
        Ground::Own => None,
        Ground::Granted(grant, organization) => Some((organization, Some(grant), None)),
        Ground::Office(authority) => {
            let reason = reason.ok_or_else(|| Problem::field("/reason", FieldCode::Required))?;
            Some((authority, None, Some(reason)))
        }
    };
    if let Some((organization, grant, reason)) = viewing {
        let viewer = actor.user_id;
        views::record(tx, &Viewing { listing, owner, version, viewer, organization, grant, reason, file })?;
    }
    Ok(())
}
