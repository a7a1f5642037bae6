//! Signing out.

use super::end::close;
use super::session::EndReason;
use crate::http::{Answer, Call, Operation, SignedIn};

pub(super) fn operation() -> Operation {
    Operation::delete("/v1/sessions/current", "sessions_sign_out", sign_out)
        .about("Sessions", "Sign out", "Ends the session this request comes from; its tokens are refused from now on.")
        .answers_nothing("You are signed out.")
}

async fn sign_out(call: Call<SignedIn>) -> Answer {
    call.write(move |tx, actor| close(tx, actor.user_id, actor.session()?, EndReason::LoggedOut)).await
}
