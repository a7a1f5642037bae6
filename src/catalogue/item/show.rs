//! Reading one item.

use super::model::Item;
use crate::http::{Answer, Call, Operation, Path, Public, Reply};
use crate::kernel::code::Code;

pub(super) fn operation<I: Item>() -> Operation {
    let (path, id) = I::NAMES.show;
    Operation::get(path, id, handle::<I>)
        .about(
            I::TAG,
            "Read one",
            "Everybody reads what is published; members read everything of their organisation; officers read what has been submitted. \
             Blocks that its owner keeps for registered readers are left out for visitors and named in `withheld`.",
        )
        .answers::<I::View>(200, "The item.")
}

async fn handle<I: Item>(call: Call<Public>, Path((id,)): Path<(I::Id,)>) -> Answer {
    let now = call.app().clock.now();
    call.read(move |conn, reader| {
        let found = I::find_for(conn, reader, id)?.ok_or(Code::NotFound)?;
        let version = found.item.state().version;
        let reply = Reply::ok(&I::view(found, now))?.version(version);
        Ok(if reader.0.is_none() { reply.cacheable() } else { reply })
    })
    .await
}
