//! Adding a file.

use actix_web::web::Data;
use deserr::Deserr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use utoipa::IntoParams;
use uuid::Uuid;

use super::attachment::{Attachment, Disclosure, FileName};
use super::begin::{Expected, begin, room};
use super::clear::note;
use super::holder::Holder;
use super::storage::Received;
use super::view::AttachmentView;
use super::{Files, TAG, store};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Authenticated, Call, Operation, Pace, Path, Query, Reply, Upload};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::file_type::FileType;
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldErrors;

/// Seconds after which it is worth asking again for a place to send a file to.
const PLACE_LATER: u64 = 5;

pub(super) fn operation<H: Holder>() -> Operation {
    let (path, id) = H::OPERATIONS.create;
    Operation::post(path, id, create::<H>)
        .about(
            TAG,
            "Add a file",
            "The body is the file as it is, `Content-Type` says what it is. PDF, images (PNG, JPEG, GIF, WebP, TIFF), Office \
             Open XML without macros, OpenDocument, plain text and CSV in UTF-8, and ZIP are taken; the content has to be of \
             the type, and the name has to end like it. Nothing is kept of a file that is refused. Editors and owners of the \
             organisation may do it. Files that are not confidential belong to what an officer looks at: they can be added \
             while the content can be changed. Confidential ones can be added at any time, by people only. What the \
             organisation may keep is limited, as is the size of one file.",
        )
        .answers::<AttachmentView>(201, "The file, without its bytes.")
        .problems(&[Code::RoleTooLow, Code::PersonRequired, Code::FileTypeMismatch])
        .problems(&[Code::QuotaReached, Code::LimitReached, Code::FileStoreUnavailable])
        .problems(H::PROBLEMS)
}

/// What is said of a file beside its content.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NewFile {
    /// Its name, percent-encoded in UTF-8: one line without slashes, ending like files of its type.
    #[param(value_type = String, min_length = 1, max_length = 200, example = "Phiếu thử nghiệm.pdf")]
    name: FileName,
    /// Who may have it.
    #[param(inline)]
    disclosure: Disclosure,
}

async fn create<H: Holder>(
    call: Call<Authenticated>,
    Path((id,)): Path<(H::Id,)>,
    query: Query<NewFile>,
    upload: Upload,
    files: Data<Files>,
) -> Answer {
    let NewFile { name, disclosure } = query.params;
    let kind = declared(&files, &upload)?;
    name.check(kind)?;
    let pace = pace(&call, &files);
    pace.admit(upload.announced.unwrap_or_default())?;
    let place = files.places.try_acquire();
    let _place = place.map_err(|_| Problem::retry_later(Code::Overloaded, PLACE_LATER))?;

    let file = call.app().writing.ids.next(call.app().clock.now()).into();
    let size = upload.announced.and_then(|size| i64::try_from(size).ok()).unwrap_or(1);
    let expected = Expected { file, disclosure, size, quota: files.settings.quota_bytes };
    call.beforehand().write(move |tx, actor| begin::<H>(tx, actor, id, expected)).await?;
    let received = files.storage.receive(file, kind, upload.pieces(pace)).await?;

    let content = format!("{}\n{disclosure}\n{kind}\n{}", name.as_str(), received.sha256);
    let expected = Expected { size: received.size, ..expected };
    let kept = Arc::new(AtomicBool::new(false));
    let keeping = Arc::clone(&kept);
    let work = move |tx: &mut Tx<'_>, actor: &Actor| -> Result<Reply, Failure> {
        let reply = keep::<H>(tx, actor, id, expected, (&name, kind, &received))?;
        keeping.store(true, Ordering::Relaxed);
        Ok(reply)
    };
    let outcome = call.with_content(&content).write(work).await;
    // Where it is not certain what was written, the bytes stay until they are known to be nobody's.
    let nobodys = match &outcome {
        Ok(_) => !kept.load(Ordering::Relaxed),
        Err(problem) => problem.code.status() < 500,
    };
    if nobodys {
        files.storage.discard(file).await;
    }
    outcome
}

/// What the sender says it is.
fn declared(files: &Files, upload: &Upload) -> Result<FileType, Problem> {
    let taken = files.settings.types();
    taken.iter().copied().find(|kind| kind.as_str() == upload.media_type).ok_or_else(|| {
        let expected = taken.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
        Problem::new(Code::UnsupportedMediaType).with("expected", expected)
    })
}

fn pace(call: &Call<Authenticated>, files: &Files) -> Pace {
    Pace {
        bytes: files.settings.max_bytes,
        piece: Duration::from_secs(call.app().config.server.body_seconds),
        whole: Duration::from_secs(files.settings.upload_seconds),
    }
}

fn keep<H: Holder>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: H::Id,
    expected: Expected,
    (name, media_type, received): (&FileName, FileType, &Received),
) -> Result<Reply, Failure> {
    let organization_id = room::<H>(tx.conn, actor, id, expected)?;
    let Expected { file, disclosure, .. } = expected;
    if !store::end(tx.conn, file)? {
        tracing::error!(%file, "a file was cleared away while it was received");
        return Err(Code::InternalError.into());
    }
    let holder_id: Uuid = id.into();
    let attachment = Attachment {
        id: file,
        holder: H::HOLDER.to_owned(),
        holder_id: holder_id.into(),
        organization_id,
        disclosure,
        name: name.as_str().to_owned(),
        media_type,
        size: received.size,
        sha256: received.sha256.clone(),
        created_at: tx.now,
    };
    store::insert(tx.conn, &attachment)?;
    note::<H>(tx.conn, id, disclosure)?;
    let view = AttachmentView::from(attachment);
    let change = Change::new("attachment.added", file.0, 1).of(organization_id);
    let change = change.field(H::HOLDER, (), holder_id).between(None, &view);
    // The audit log tells that there is a confidential file, not what it is about.
    let secret: &[&str] = if disclosure == Disclosure::Confidential { &["name"] } else { &[] };
    tx.record(&change.without_values(secret))?;
    let location = format!("{}/{file}", H::OPERATIONS.create.0.replace("{id}", &holder_id.to_string()));
    Ok(Reply::created(location, &view)?.version(1))
}
