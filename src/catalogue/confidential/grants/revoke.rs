//! Revoking a grant.

use super::super::TAG;
use super::super::access::require_own;
use super::store;
use super::view::GrantView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::{ConfidentialGrantId, ListingId};

pub(super) fn operation() -> Operation {
    let path = "/v1/listings/{id}/confidential/grants/{grant_id}/revocation";
    Operation::post(path, "confidential_grants_revoke", revoke)
        .about(
            TAG,
            "Revoke a grant",
            "Ends a grant at once; what was read before stays in the view log. Owners of the listing's organisation may do it. \
             Doing it again changes nothing.",
        )
        .answers::<GrantView>(200, "The grant, revoked.")
        .problems(&[Code::RoleTooLow])
}

async fn revoke(call: Call<SignedIn>, Path((id, grant)): Path<(ListingId, ConfidentialGrantId)>) -> Answer {
    call.write(move |tx, actor| end(tx, actor, id, grant)).await
}

fn end(tx: &mut Tx<'_>, actor: &Actor, id: ListingId, grant: ConfidentialGrantId) -> Result<Reply, Failure> {
    let owner = require_own(tx.conn, actor, id, Role::Owner)?;
    let (mut row, organization) = store::find(tx.conn, id, grant)?.ok_or(Code::NotFound)?;
    if row.revoked_at.is_none() {
        store::revoke(tx.conn, grant, tx.now)?;
        row.revoked_at = Some(tx.now);
        let change = Change::new("confidential_grant.revoked", grant.0, 2).of(owner);
        tx.record(&change.field("revoked_at", (), tx.now))?;
    }
    Ok(Reply::ok(&GrantView::from((row, organization)))?.version(2))
}
