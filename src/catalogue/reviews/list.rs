//! Reading the decisions on an item.

use super::store;
use super::view::{ReviewView, Reviews};
use crate::catalogue::item::Item;
use crate::http::{Answer, Authenticated, Call, Operation, Path, Reply};
use crate::kernel::access::Reader;
use crate::kernel::code::Code;

/// The operation for one kind of item.
pub fn operation<I: Item>() -> Operation {
    let (path, id) = I::NAMES.reviews;
    Operation::get(path, id, list::<I>)
        .about(
            "Moderation",
            "Read the decisions on an item",
            "What officers decided and why, newest first. Members of the owning organisation and officers may read it; for everybody else the item has no reviews: 404.",
        )
        .answers::<Reviews>(200, "The decisions.")
}

async fn list<I: Item>(call: Call<Authenticated>, Path((id,)): Path<(I::Id,)>) -> Answer {
    let reviews = call.read(move |conn, actor| {
        let found = I::find_for(conn, &Reader::from(actor), id)?.ok_or(Code::NotFound)?;
        if !actor.is_officer() && actor.role_in(found.item.organization_id()).is_none() {
            return Err(Code::NotFound.into());
        }
        Ok(store::of_subject(conn, id.into())?)
    });
    let items = reviews.await?.into_iter().map(ReviewView::from).collect();
    Ok(Reply::ok(&Reviews { items })?.content_tagged())
}
