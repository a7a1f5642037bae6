//! Reading how far one has come with the second factor.

use super::store;
use super::view::FactorView;
use crate::http::{Answer, Call, Operation, Reply, SignedIn};

pub(super) fn operation() -> Operation {
    Operation::get("/v1/me/second-factor", "second_factor_show", show)
        .about(
            "Second factor",
            "Read the state of your second factor",
            "Whether signing in takes a code besides the password, and how many recovery codes are left.",
        )
        .answers::<FactorView>(200, "The state.")
}

async fn show(call: Call<SignedIn>) -> Answer {
    let view = call
        .read(|conn, actor| {
            let factor = store::find(conn, actor.user_id)?;
            Ok(FactorView::new(factor.as_ref(), store::recovery_left(conn, actor.user_id)?))
        })
        .await?;
    Ok(Reply::ok(&view)?.content_tagged())
}
