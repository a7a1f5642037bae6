//! Reading an API key of an organisation.

use super::store;
use super::view::ApiKeyView;
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::Role;
use crate::kernel::code::Code;
use crate::kernel::id::{ApiKeyId, OrganizationId};

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations/{id}/api-keys/{key_id}", "api_keys_show", show)
        .about("API keys", "Read an API key", "For the owners of the organisation; without its secret.")
        .answers::<ApiKeyView>(200, "The key.")
        .problems(&[Code::RoleTooLow])
}

async fn show(call: Call<SignedIn>, Path((organization, id)): Path<(OrganizationId, ApiKeyId)>) -> Answer {
    let view = call
        .read(move |conn, actor| {
            actor.require(Role::Owner, organization)?;
            Ok(ApiKeyView::from(store::find(conn, organization, id)?.ok_or(Code::NotFound)?))
        })
        .await?;
    Ok(Reply::ok(&view)?.content_tagged())
}
