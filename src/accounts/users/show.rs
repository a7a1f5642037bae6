//! Reading one's own account.

use super::store;
use super::view::UserView;
use crate::http::{Answer, Call, Operation, Reply, SignedIn};
use crate::kernel::code::Code;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/me", "users_show_me", show)
        .about(
            "Accounts",
            "Read your own account",
            "Your name, address and language, and the organisations you belong to with your role in each, as they are now.",
        )
        .answers::<UserView>(200, "Your account.")
}

async fn show(call: Call<SignedIn>) -> Answer {
    let (user, view) = call
        .read(|conn, actor| {
            let user = store::find(conn, actor.user_id)?.ok_or(Code::InvalidToken)?;
            let view = UserView::load(conn, &user)?;
            Ok((user, view))
        })
        .await?;
    Ok(Reply::ok(&view)?.version(user.version))
}
