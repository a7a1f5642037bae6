//! Listing the files of something.

use super::holder::Holder;
use super::view::{AttachmentList, AttachmentView};
use super::{TAG, store};
use crate::http::{Answer, Call, Operation, Path, Public, Reply};

pub(super) fn operation<H: Holder>() -> Operation {
    let (path, id) = H::OPERATIONS.list;
    Operation::get(path, id, list::<H>)
        .about(
            TAG,
            "List the files",
            "The files the reader is told of, the oldest first, without their bytes: visitors of the public ones, registered \
             readers also of those for them, members of the organisation of all. To others, confidential files are told of \
             in the confidential part.",
        )
        .answers::<AttachmentList>(200, "The files.")
}

async fn list<H: Holder>(call: Call<Public>, Path((id,)): Path<(H::Id,)>) -> Answer {
    call.read(move |conn, reader| {
        let told = H::told(conn, reader, id)?;
        let rows = store::list(conn, H::HOLDER, id.into(), &told)?;
        let list = AttachmentList { items: rows.into_iter().map(AttachmentView::from).collect() };
        let reply = Reply::ok(&list)?.content_tagged();
        Ok(if reader.0.is_none() { reply.cacheable() } else { reply })
    })
    .await
}
