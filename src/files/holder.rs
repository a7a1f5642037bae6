//! What files hang on.

use std::str::FromStr;
use uuid::Uuid;

use super::attachment::{Attachment, Disclosure, MOST};
use super::view::AttachmentView;
use crate::db::{Conn, DbError, Failure};
use crate::events::Tx;
use crate::kernel::access::{Actor, Reader};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::list::List;

/// Path and name of an operation.
type Named = (&'static str, &'static str);

/// Paths and names of the operations on the files of a kind of holder.
pub struct Names {
    /// `…/attachments`
    pub list: Named,
    /// `…/attachments`
    pub create: Named,
    /// `…/attachments/{attachment_id}`
    pub show: Named,
    /// `…/attachments/{attachment_id}`
    pub remove: Named,
    /// `…/attachments/{attachment_id}/link`
    pub link: Named,
}

/// The files of something that need no ground of their own to be told of: all but the confidential ones.
pub type Shown = List<AttachmentView, MOST>;

/// A kind of thing that files hang on: a listing, an order. It answers for its own rules; what a file is and how it is kept,
/// sent and handed out is the same for all.
pub trait Holder: 'static {
    /// The kind's name in the table.
    const HOLDER: &'static str;
    /// The operations on its files.
    const OPERATIONS: Names;
    /// The problems of [`Holder::keep`] beyond `not_found` and `role_too_low`.
    const PROBLEMS: &'static [Code];
    /// How one of them is named.
    type Id: FromStr + Copy + From<Uuid> + Into<Uuid> + Send + Sync + 'static;

    /// Which of its files the reader is told of in the list.
    ///
    /// # Errors
    /// `not_found` for those who do not see it.
    fn told(conn: &mut Conn, reader: &Reader, id: Self::Id) -> Result<Vec<Disclosure>, Failure>;

    /// Checks that the reader may have its files of this disclosure now.
    ///
    /// # Errors
    /// `not_found` for those who may not.
    fn admit(conn: &mut Conn, reader: &Reader, id: Self::Id, disclosure: Disclosure, now: At) -> Result<(), Failure>;

    /// Checks that the actor may add and remove its files of this disclosure now, and tells in whose quota they count.
    ///
    /// # Errors
    /// `not_found`, `role_too_low`, and [`Holder::PROBLEMS`].
    fn keep(conn: &mut Conn, actor: &Actor, id: Self::Id, disclosure: Disclosure) -> Result<OrganizationId, Failure>;

    /// Writes down, where that is due, that a confidential file is handed to somebody who was admitted.
    ///
    /// # Errors
    /// A field error when a reason is due and none is given.
    fn hand_out(
        tx: &mut Tx<'_>,
        actor: &Actor,
        id: Self::Id,
        file: &Attachment,
        reason: Option<&str>,
    ) -> Result<(), Failure>;

    /// Takes note of which files it has now.
    ///
    /// # Errors
    /// The database's failure.
    fn note(conn: &mut Conn, id: Self::Id, shown: &Shown) -> Result<(), DbError>;
}

type Admit = dyn Fn(&mut Conn, &Reader, Uuid, Disclosure, At) -> Result<(), Failure> + Send + Sync;

/// Where a download asks once more whether the file may be had, for files whose holder only the table names.
pub struct Door {
    holder: &'static str,
    admit: Box<Admit>,
}

impl Door {
    /// The door of one kind of holder.
    #[must_use]
    pub fn of<H: Holder>() -> Self {
        let admit = |conn: &mut Conn, reader: &Reader, id: Uuid, disclosure, now| {
            H::admit(conn, reader, id.into(), disclosure, now)
        };
        Self { holder: H::HOLDER, admit: Box::new(admit) }
    }

    /// Checks that the reader may have a file now.
    pub(super) fn pass(
        doors: &[Self],
        conn: &mut Conn,
        reader: &Reader,
        file: &Attachment,
        now: At,
    ) -> Result<(), Failure> {
        let door = doors.iter().find(|door| door.holder == file.holder).ok_or(Code::NotFound)?;
        (door.admit)(conn, reader, file.holder_id.0, file.disclosure, now)
    }
}
