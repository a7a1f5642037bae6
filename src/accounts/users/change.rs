//! Changing one's own account.

use super::store;
use super::user::Profile;
use super::view::UserView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, MergePatch, Operation, Reply, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::id::UserId;

pub(super) fn operation() -> Operation {
    Operation::patch("/v1/me", "users_change_me", change)
        .about(
            "Accounts",
            "Change your own account",
            "A merge patch over your name and the language of mails. The e-mail address cannot be changed.",
        )
        .answers::<UserView>(200, "Your account as it is now.")
        .if_match()
}

async fn change(call: Call<SignedIn>, patch: MergePatch<Profile>) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, actor| apply(tx, actor.user_id, expected, &patch)).await
}

fn apply(tx: &mut Tx<'_>, id: UserId, expected: i64, patch: &MergePatch<Profile>) -> Result<Reply, Failure> {
    let user = store::find(tx.conn, id)?.ok_or(Code::InvalidToken)?;
    if user.version != expected {
        return Err(Code::StaleVersion.into());
    }
    let profile = patch.apply(&user.profile)?;
    if profile != user.profile {
        let now = tx.now;
        if !store::save_profile(tx.conn, &user, &profile, now)? {
            return Err(Code::StaleVersion.into());
        }
        tx.record(&Change::new("user.changed", id.0, expected + 1).between(Some(&user.profile), &profile))?;
    }
    let user = store::find(tx.conn, id)?.ok_or(Code::InvalidToken)?;
    Ok(Reply::ok(&UserView::load(tx.conn, &user)?)?.version(user.version))
}
