//! Whether the content of a file is what its sender says it is, found out while it arrives. Never to be taken for safe: it
//! keeps out what browsers run and what pretends, no more.

use crate::kernel::code::Code;
use crate::kernel::file_type::FileType;
use crate::kernel::problem::Problem;

/// The look at one file as it arrives.
pub(super) struct Inspection {
    declared: FileType,
    text: Text,
}

impl Inspection {
    /// Of a file that is said to be this.
    pub fn of(declared: FileType) -> Self {
        Self { declared, text: Text::default() }
    }

    /// Looks at the beginning: as much as is held at a time, or all of a small file.
    ///
    /// # Errors
    /// `file_type_mismatch`.
    pub fn begins(&self, begin: &[u8]) -> Result<(), Problem> {
        let fits = match self.declared.is_text() {
            true => !begin.is_empty() && !is_markup(begin),
            false => kind(begin) == Some(self.declared),
        };
        if fits { Ok(()) } else { Err(self.mismatch()) }
    }

    /// Looks at the next piece.
    ///
    /// # Errors
    /// `file_type_mismatch`.
    pub fn continues(&mut self, piece: &[u8]) -> Result<(), Problem> {
        let fits = !self.declared.is_text() || self.text.continues(piece);
        if fits { Ok(()) } else { Err(self.mismatch()) }
    }

    /// Looks at whether it may end here.
    ///
    /// # Errors
    /// `file_type_mismatch`.
    pub fn ends(&self) -> Result<(), Problem> {
        if self.text.cut.is_empty() { Ok(()) } else { Err(self.mismatch()) }
    }

    fn mismatch(&self) -> Problem {
        Problem::new(Code::FileTypeMismatch).with("declared", self.declared)
    }
}

/// What begins like this, by its mark.
fn kind(begin: &[u8]) -> Option<FileType> {
    if begin.starts_with(ENTRY) {
        return archive(begin);
    }
    infer::get(begin)?.mime_type().parse().ok()
}

/// Whether it begins like HTML, SVG or other XML.
fn is_markup(begin: &[u8]) -> bool {
    let text = begin.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(begin).trim_ascii_start();
    matches!(text, [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'!' | b'?' | b'/', ..])
}

/// Text in UTF-8 that comes in pieces.
#[derive(Default)]
struct Text {
    /// The bytes of a character that the last piece cut.
    cut: Vec<u8>,
}

impl Text {
    /// Whether it is still text with the next piece.
    fn continues(&mut self, piece: &[u8]) -> bool {
        let mut bytes = std::mem::take(&mut self.cut);
        bytes.extend_from_slice(piece);
        let whole = match std::str::from_utf8(&bytes) {
            Ok(_) => bytes.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return false,
        };
        self.cut = bytes.split_off(whole);
        !bytes.contains(&0)
    }
}

/// What each entry of a ZIP archive begins with (APPNOTE.TXT 6.3.10, 4.3.7).
const ENTRY: &[u8] = b"PK\x03\x04";

/// An entry of a ZIP archive, as far as it is there.
struct Entry<'a> {
    name: &'a [u8],
    /// What it holds, if that is stored as it is and its size stands before it.
    stored: Option<&'a [u8]>,
}

fn entry(at: &[u8]) -> Option<Entry<'_>> {
    let number = |from: usize| Some(usize::from(u16::from_le_bytes(at.get(from..from + 2)?.try_into().ok()?)));
    let (method, size) = (number(8)?, number(18)?);
    let (name, extra) = (number(26)?, number(28)?);
    let content = 30 + name + extra;
    let stored = if method == 0 { at.get(content..content + size) } else { None };
    Some(Entry { name: at.get(30..30 + name)?, stored })
}

/// What kind of archive it is, by the names of the entries that are there: OpenDocument says it in the first one (OASIS
/// OpenDocument 1.3 part 2, 3.3), Office Open XML by its folders. One with macros is none of those that are taken.
fn archive(begin: &[u8]) -> Option<FileType> {
    let first = entry(begin)?;
    if first.name == b"mimetype" {
        return std::str::from_utf8(first.stored?).ok()?.parse().ok();
    }
    let starts = begin.windows(ENTRY.len()).enumerate().filter(|(_, bytes)| *bytes == ENTRY).map(|(at, _)| at);
    let mut kind = FileType::Zip;
    for entry in starts.filter_map(|at| entry(begin.get(at..)?)) {
        if entry.name.ends_with(b"vbaProject.bin") {
            return None;
        }
        let folders = [(b"word/".as_slice(), FileType::Docx), (b"xl/", FileType::Xlsx), (b"ppt/", FileType::Pptx)];
        let found = folders.into_iter().find(|(folder, _)| entry.name.starts_with(folder));
        if let (FileType::Zip, Some((_, found))) = (kind, found) {
            kind = found;
        }
    }
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(declared: FileType, content: &[u8]) -> bool {
        let mut inspection = Inspection::of(declared);
        // In pieces of three bytes, which cut characters.
        let pieces = content.chunks(3).all(|piece| inspection.continues(piece).is_ok());
        pieces && inspection.begins(content).is_ok() && inspection.ends().is_ok()
    }

    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = Vec::new();
        for (name, content) in entries {
            archive.extend(ENTRY);
            archive.extend([20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0]);
            for _ in 0..2 {
                archive.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
            }
            archive.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            archive.extend([0, 0]);
            archive.extend(name.as_bytes());
            archive.extend(*content);
        }
        archive
    }

    #[test]
    fn content_is_known_by_its_mark() {
        let odt = zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")]);
        let docx = zip(&[("[Content_Types].xml", b"<a/>"), ("docProps/app.xml", b""), ("word/document.xml", b"<a/>")]);
        let xlsx = zip(&[("xl/workbook.xml", b"<a/>"), ("xl/vba.txt", b"")]);
        let macros = zip(&[("word/document.xml", b"<a/>"), ("word/vbaProject.bin", b"x")]);
        let epub = zip(&[("mimetype", b"application/epub+zip")]);
        let plain = zip(&[("a.txt", b"x")]);
        let known: &[(FileType, &[u8])] = &[
            (FileType::Pdf, b"%PDF-1.7\n1 0 obj"),
            (FileType::Png, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
            (FileType::Jpeg, b"\xff\xd8\xff\xe0\0\x10JFIF"),
            (FileType::Gif, b"GIF89a\x01\0\x01\0"),
            (FileType::Webp, b"RIFF\x24\0\0\0WEBPVP8 "),
            (FileType::Tiff, b"II*\0\x08\0\0\0\0\0\0\0"),
            (FileType::Docx, &docx),
            (FileType::Xlsx, &xlsx),
            (FileType::Odt, &odt),
            (FileType::Zip, &plain),
        ];
        for (kind, content) in known {
            for declared in FileType::ALL.iter().filter(|declared| !declared.is_text()) {
                assert_eq!(fits(*declared, content), declared == kind, "{kind} as {declared}");
            }
        }
        for content in [b"".as_slice(), b"MZ\x90\0", b"<svg/>", b"PK\x03\x04\0", &macros, &epub] {
            assert!(FileType::ALL.iter().all(|kind| !fits(*kind, content)), "{}", String::from_utf8_lossy(content));
        }
    }

    #[test]
    fn text_is_text_to_its_end_and_no_markup() {
        for fine in ["Nước thải < 150 mg/l", "a;b\n1;2\n", "\u{feff}tên,số\r\n", "BM của đề tài", "<", "< a"]
        {
            assert!(fits(FileType::Text, fine.as_bytes()) && fits(FileType::Csv, fine.as_bytes()), "{fine}");
        }
        for markup in
            ["<html>", " \n<!DOCTYPE html>", "\u{feff}<?xml version=\"1.0\"?><svg/>", "<svg onload=x>", "</p>"]
        {
            assert!(!fits(FileType::Text, markup.as_bytes()), "{markup}");
        }
        for binary in [b"a\0b".as_slice(), b"\xff\xfea\0", b"abc\xc3", b"ab\xc3\x28", b"%PDF-\xe2\xe3"] {
            assert!(!fits(FileType::Text, binary), "{binary:?}");
        }
    }
}
