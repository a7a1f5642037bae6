//! Getting a link to the bytes of a file.

use actix_web::web::Data;
use deserr::Deserr;
use utoipa::IntoParams;

use super::attachment::Disclosure;
use super::holder::Holder;
use super::pass::Pass;
use super::view::LinkView;
use super::{Files, TAG, store};
use crate::http::{Answer, Call, Operation, Path, Public, Query, Reply};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::AttachmentId;
use crate::kernel::text::Line;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation<H: Holder>() -> Operation {
    let (path, id) = H::OPERATIONS.link;
    Operation::post(path, id, handle::<H>)
        .about(
            TAG,
            "Get a link to a file",
            "An address the file can be downloaded from for some minutes, by whoever has it: in a browser, by a download \
             manager. It ends with the session or key it was made in, and when that one may no longer have the file. Of a \
             confidential file it is written into the view log before it is answered, unless a member of the organisation \
             asks; an officer has to give a `reason`.",
        )
        .answers::<LinkView>(200, "The link.")
        .secret_answer()
        .problems(&[Code::PersonRequired])
}

/// Why it is asked for.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LinkQuery {
    /// Why an officer wants a confidential file; the owner reads the reason in the view log. Others need none.
    #[deserr(default)]
    #[param(value_type = Option<String>, min_length = 5, max_length = 500)]
    reason: Option<Line<5, 500>>,
}

async fn handle<H: Holder>(
    call: Call<Public>,
    Path((id, file)): Path<(H::Id, AttachmentId)>,
    query: Query<LinkQuery>,
    files: Data<Files>,
) -> Answer {
    let (now, reason) = (call.app().clock.now(), query.params.reason);
    let found = call.read(move |conn, reader| {
        let found = store::find_of(conn, H::HOLDER, id.into(), file)?.ok_or(Code::NotFound)?;
        H::admit(conn, reader, id, found.disclosure, now)?;
        Ok(found)
    });
    let found = found.await?;
    let until = now.plus_seconds(files.settings.link_seconds).seconds();
    let expires_at = At::from_micros(until.saturating_mul(1_000_000)).unwrap_or(now);
    let pass = files.passes.sign(file, &Pass { expires_at, bearer: call.token().cloned() });
    let server = call.app().config.server.public_url.trim_end_matches('/');
    let view = LinkView { url: format!("{server}/v1/files/{file}?pass={pass}"), expires_at };
    if found.disclosure != Disclosure::Confidential {
        return Reply::ok(&view);
    }
    call.write(move |tx, reader| {
        let actor = reader.0.as_ref().ok_or(Code::NotFound)?;
        H::admit(tx.conn, reader, id, found.disclosure, tx.now)?;
        H::hand_out(tx, actor, id, &found, reason.as_ref().map(Line::as_str))?;
        Ok(Reply::ok(&view)?)
    })
    .await
}
