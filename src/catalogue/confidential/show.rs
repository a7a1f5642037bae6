//! Reading a confidential part. The reading is written down, and committed, before anything is answered.

use deserr::Deserr;
use utoipa::IntoParams;

use super::access::{Ground, ground};
use super::view::ConfidentialView;
use super::views::{self, Viewing};
use super::{TAG, store};
use crate::db::Failure;
use crate::events::Tx;
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
             else there is nothing here: 404. While nothing was written it has no sections.",
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
    let (ground, owner) = ground(tx.conn, actor, id, tx.now)?;
    let part = store::find(tx.conn, id)?;
    let version = part.as_ref().map_or(0, |part| part.version);
    let viewing = match ground {
        Ground::Own => None,
        Ground::Granted(grant, organization) => Some((organization, Some(grant), None)),
        Ground::Office(authority) => {
            let reason = reason.ok_or_else(|| Problem::field("/reason", FieldCode::Required))?;
            Some((authority, None, Some(reason)))
        }
    };
    if let Some((organization, grant, reason)) = viewing {
        views::record(
            tx,
            &Viewing { listing: id, owner, version, viewer: actor.user_id, organization, grant, reason },
        )?;
    }
    Ok(Reply::ok(&ConfidentialView::of(id, part))?.version(version))
}
