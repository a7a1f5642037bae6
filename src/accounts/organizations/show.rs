//! Reading an organisation.

use super::store;
use super::view::OrganizationView;
use crate::http::{Answer, Call, Operation, Path, Public, Reply};
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations/{id}", "organizations_show", show)
        .about(
            "Organisations",
            "Read an organisation",
            "Verified organisations are public; the others are seen by their members and by officers.",
        )
        .answers::<OrganizationView>(200, "The organisation.")
}

async fn show(call: Call<Public>, Path((id,)): Path<(OrganizationId,)>) -> Answer {
    let (view, version, anonymous) = call
        .read(move |conn, reader| {
            let organization = store::find_for(conn, reader, id)?.ok_or(Code::NotFound)?;
            Ok((OrganizationView::new(&organization, reader), organization.version, reader.0.is_none()))
        })
        .await?;
    let reply = Reply::ok(&view)?.version(version);
    Ok(if anonymous { reply.cacheable() } else { reply })
}
