//! Downloading a file by a link.

use actix_web::web::Data;
use deserr::Deserr;
use futures_util::stream::{self, StreamExt};
use std::sync::Arc;
use utoipa::IntoParams;

use super::holder::Door;
use super::{Files, TAG, store};
use crate::http::{Call, Download, Operation, Part, Path, Public, Query, Wanted};
use crate::kernel::access::Reader;
use crate::kernel::code::Code;
use crate::kernel::id::AttachmentId;
use crate::kernel::problem::Problem;
use crate::kernel::text::Line;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/files/{id}", "files_download", download)
        .about(
            TAG,
            "Download a file",
            "The bytes of a file, by a link that was made for it; the link carries all that is needed. Parts of it can be asked \
             for, so an interrupted download can be taken up again. Its `ETag` is the SHA-256 of the bytes. It is always \
             sent to be saved, never to be shown.",
        )
        .answers_file(200, "The file.")
        .answers_file(206, "The part of it that was asked for.")
        .problems(&[Code::InvalidPass, Code::PersonRequired, Code::FileStoreUnavailable])
}

/// What the link carries.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PassQuery {
    /// The pass in the link.
    #[param(value_type = String, min_length = 1, max_length = 500)]
    pass: Line<1, 500>,
}

async fn download(
    call: Call<Public>,
    Path((file,)): Path<(AttachmentId,)>,
    query: Query<PassQuery>,
    wanted: Wanted,
    files: Data<Files>,
) -> Result<Download, Problem> {
    let (app, now) = (Arc::clone(call.app()), call.app().clock.now());
    let pass = files.passes.open(file, query.params.pass.as_str(), now).ok_or(Code::InvalidPass)?;
    let asked = files.clone().into_inner();
    let found = call.read(move |conn, _| {
        let bearer = match &pass.bearer {
            Some(token) => Some(app.authenticator.load(conn, token, now)?.ok_or(Code::InvalidPass)?),
            None => None,
        };
        let found = store::find(conn, file)?.ok_or(Code::NotFound)?;
        Door::pass(&asked.doors, conn, &Reader(bearer), &found, now)?;
        Ok(found)
    });
    let found = found.await?;
    let (tag, size) = (format!("\"{}\"", found.sha256), u64::try_from(found.size).unwrap_or_default());
    let part = wanted.of(&tag, size)?;
    let content = match &part {
        Part::Nothing => stream::empty().boxed(),
        Part::Whole => files.storage.read(file, 0..size).await?,
        Part::Bytes(range) => files.storage.read(file, range.clone()).await?,
    };
    Ok(Download { content_type: found.media_type.content_type(), name: found.name, tag, size, part, content })
}
