//! Reading a grant.

use super::super::TAG;
use super::super::access::require_own;
use super::store;
use super::view::GrantView;
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::Role;
use crate::kernel::code::Code;
use crate::kernel::id::{ConfidentialGrantId, ListingId};

pub(super) fn operation() -> Operation {
    Operation::get("/v1/listings/{id}/confidential/grants/{grant_id}", "confidential_grants_show", show)
        .about(TAG, "Read a grant", "For members of the listing's organisation.")
        .answers::<GrantView>(200, "The grant.")
}

async fn show(call: Call<SignedIn>, Path((id, grant)): Path<(ListingId, ConfidentialGrantId)>) -> Answer {
    call.read(move |conn, actor| {
        require_own(conn, actor, id, Role::Viewer)?;
        let view = GrantView::from(store::find(conn, id, grant)?.ok_or(Code::NotFound)?);
        let version = if view.revoked_at.is_some() { 2 } else { 1 };
        Ok(Reply::ok(&view)?.version(version))
    })
    .await
}
