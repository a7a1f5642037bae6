//! A file that hangs on something.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use diesel::prelude::*;

use crate::db::schema::attachments;
use crate::kernel::clock::At;
use crate::kernel::file_type::FileType;
use crate::kernel::id::{AttachmentId, ObjectId, OrganizationId};
use crate::kernel::problem::Problem;
use crate::kernel::text::Line;
use crate::kernel::text_enum;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors, pointer};

/// Files that one thing may have.
pub const MOST: usize = 50;

text_enum! {
    /// Who may have a file of those who see what it hangs on.
    pub enum Disclosure {
        /// Everybody.
        Public = "public",
        /// Who is signed in.
        Registered = "registered",
        /// Who may read the confidential part.
        Confidential = "confidential",
    }
}

/// A file as it is kept.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = attachments, check_for_backend(crate::db::MultiBackend))]
pub struct Attachment {
    /// The file; its bytes are kept under this name.
    pub id: AttachmentId,
    /// The kind of what it hangs on.
    pub holder: String,
    /// What it hangs on.
    pub holder_id: ObjectId,
    /// In whose quota it counts.
    pub organization_id: OrganizationId,
    /// Who may have it.
    pub disclosure: Disclosure,
    /// What it was called by its sender.
    pub name: String,
    /// What it is.
    pub media_type: FileType,
    /// Its size, in bytes.
    pub size: i64,
    /// The SHA-256 of its bytes (FIPS 180-4), in hexadecimal.
    pub sha256: String,
    /// When it was added.
    pub created_at: At,
}

/// The name of a file: one line, no path, nothing that turns the direction of writing, so that its ending is what it seems.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileName(Line<1, 200>);

impl FileName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Checks that it ends as names of such files do.
    ///
    /// # Errors
    /// `invalid_format` at `/name`.
    pub fn check(&self, kind: FileType) -> Result<(), Problem> {
        let name = self.as_str().to_lowercase();
        if kind.endings().iter().any(|ending| name.len() > ending.len() && name.ends_with(ending)) {
            return Ok(());
        }
        let args = vec![("expected", format!("…{}", kind.endings().join(", …")))];
        Err(FieldErrors(vec![FieldError { pointer: "/name".into(), code: FieldCode::InvalidFormat, args }]).into())
    }
}

/// Whether a character is a sign of a path, or turns the direction of writing (Unicode UAX #9).
fn misleads(c: char) -> bool {
    matches!(c, '/' | '\\' | '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

impl Deserr<FieldErrors> for FileName {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let name = Line::deserialize_from_value(value, location)?;
        if !name.as_str().contains(misleads) {
            return Ok(Self(name));
        }
        let args = vec![("expected", "báo cáo.pdf".to_owned())];
        Err(FieldErrors(vec![FieldError { pointer: pointer(location), code: FieldCode::InvalidFormat, args }]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Result<FileName, FieldErrors> {
        deserr::deserialize::<FileName, _, FieldErrors>(serde_json::Value::from(text))
    }

    #[test]
    fn a_name_is_no_path_and_ends_as_it_seems() {
        for fine in ["Báo cáo \"cuối\" (1).PDF", "a.pdf", "một.hai.pdf"] {
            assert!(name(fine).unwrap().check(FileType::Pdf).is_ok(), "{fine}");
        }
        for wrong in ["", "a/b.pdf", "..\\b.pdf", "a\nb.pdf", "a\u{202E}fdp.exe", &"x".repeat(201)] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
        for (text, kind) in [(".pdf", FileType::Pdf), ("a.pdf.exe", FileType::Pdf), ("a.txt", FileType::Csv)] {
            assert!(name(text).unwrap().check(kind).is_err(), "{text}");
        }
    }
}
