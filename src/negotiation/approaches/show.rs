//! Reading an approach.

use super::super::machine::Life;
use super::life::ApproachStatus;
use super::view::ApproachView;
use super::{TAG, store};
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::id::ApproachId;

pub(super) fn operation() -> Operation {
    let about = "For members of the organisation it comes from and of the one it is addressed to; for everybody else there is \
                 no such thing. What can be done with it:";
    Operation::get("/v1/approaches/{id}", "approaches_show", show)
        .about(TAG, "Read an approach", format!("{about}\n\n{}", ApproachStatus::table()))
        .answers::<ApproachView>(200, "The approach.")
}

async fn show(call: Call<SignedIn>, Path((id,)): Path<(ApproachId,)>) -> Answer {
    call.read(move |conn, actor| {
        let readers = actor.organizations();
        let approach = store::find_for(conn, &readers, id)?.ok_or(Code::NotFound)?;
        let version = approach.version;
        let view = ApproachView::one(conn, &readers, approach)?;
        Ok(Reply::ok(&view)?.version(version))
    })
    .await
}
