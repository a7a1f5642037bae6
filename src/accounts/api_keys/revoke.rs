//! Revoking an API key.

use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::{ApiKeyId, OrganizationId, UserId};

pub(super) fn operation() -> Operation {
    Operation::delete("/v1/organizations/{id}/api-keys/{key_id}", "api_keys_revoke", revoke)
        .about("API keys", "Revoke an API key", "By an owner, whoever made it. From the next request on it is refused.")
        .answers_nothing("The key is worth nothing any more.")
        .problems(&[Code::RoleTooLow])
}

async fn revoke(call: Call<SignedIn>, Path((organization, id)): Path<(OrganizationId, ApiKeyId)>) -> Answer {
    call.write(move |tx, actor| end(tx, actor, organization, id)).await
}

fn end(tx: &mut Tx<'_>, actor: &Actor, organization: OrganizationId, id: ApiKeyId) -> Result<Reply, Failure> {
    actor.require(Role::Owner, organization)?;
    store::find(tx.conn, organization, id)?.ok_or(Code::NotFound)?;
    void(tx, organization, id)?;
    Ok(Reply::no_content())
}

fn void(tx: &mut Tx<'_>, organization: OrganizationId, id: ApiKeyId) -> Result<(), Failure> {
    let now = tx.now;
    store::revoke(tx.conn, id, now)?;
    Ok(tx.record(&Change::new("api_key.revoked", id.0, 2).of(organization).field("revoked_at", (), now))?)
}

/// Revokes the keys that somebody made who is no owner of the organisation any more.
///
/// # Errors
/// The database's failure.
pub(in crate::accounts) fn revoke_made_by(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    maker: UserId,
) -> Result<(), Failure> {
    let keys = store::unrevoked_by(tx.conn, organization, maker)?;
    keys.into_iter().try_for_each(|id| void(tx, organization, id))
}
