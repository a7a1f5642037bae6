//! Reading why an account is suspended.

use super::store;
use super::suspension::SuspensionView;
use crate::http::{Answer, Call, Officer, Operation, Path, Reply};
use crate::kernel::code::Code;
use crate::kernel::id::UserId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/users/{id}/suspension", "users_show_suspension", show)
        .about("Accounts", "Read the suspension of an account", "There is none while the account may be used.")
        .answers::<SuspensionView>(200, "The suspension.")
}

async fn show(call: Call<Officer>, Path((id,)): Path<(UserId,)>) -> Answer {
    let view = call
        .read(move |conn, _| Ok(store::find(conn, id)?.as_ref().and_then(SuspensionView::of).ok_or(Code::NotFound)?))
        .await?;
    Ok(Reply::ok(&view)?.content_tagged())
}
