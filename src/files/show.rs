//! Reading what is known of a file.

use super::holder::Holder;
use super::view::AttachmentView;
use super::{TAG, store};
use crate::http::{Answer, Call, Operation, Path, Public, Reply};
use crate::kernel::code::Code;
use crate::kernel::id::AttachmentId;

pub(super) fn operation<H: Holder>() -> Operation {
    let (path, id) = H::OPERATIONS.show;
    Operation::get(path, id, show::<H>)
        .about(TAG, "Read about a file", "What is known of a file that the list tells of. Its bytes take a link.")
        .answers::<AttachmentView>(200, "The file, without its bytes.")
}

async fn show<H: Holder>(call: Call<Public>, Path((id, file)): Path<(H::Id, AttachmentId)>) -> Answer {
    call.read(move |conn, reader| {
        let told = H::told(conn, reader, id)?;
        let found = store::find_of(conn, H::HOLDER, id.into(), file)?;
        let found = found.filter(|found| told.contains(&found.disclosure)).ok_or(Code::NotFound)?;
        let reply = Reply::ok(&AttachmentView::from(found))?.version(1);
        Ok(if reader.0.is_none() { reply.cacheable() } else { reply })
    })
    .await
}
