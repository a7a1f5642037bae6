//! The types of files that can be attached: what they are called, and how their names end.

use super::text_enum;

text_enum! {
    /// What a file is (an IANA media type). Nothing that a browser would run. More may be added.
    pub enum FileType {
        /// PDF.
        Pdf = "application/pdf",
        /// PNG image.
        Png = "image/png",
        /// JPEG image.
        Jpeg = "image/jpeg",
        /// GIF image.
        Gif = "image/gif",
        /// WebP image.
        Webp = "image/webp",
        /// TIFF image.
        Tiff = "image/tiff",
        /// Word document (Office Open XML, without macros).
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// Excel workbook (Office Open XML, without macros).
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        /// PowerPoint presentation (Office Open XML, without macros).
        Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        /// OpenDocument text.
        Odt = "application/vnd.oasis.opendocument.text",
        /// OpenDocument spreadsheet.
        Ods = "application/vnd.oasis.opendocument.spreadsheet",
        /// OpenDocument presentation.
        Odp = "application/vnd.oasis.opendocument.presentation",
        /// Plain text in UTF-8.
        Text = "text/plain",
        /// Comma-separated values in UTF-8.
        Csv = "text/csv",
        /// ZIP archive.
        Zip = "application/zip",
    }
}

impl FileType {
    /// How names of such files may end, in lower case.
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &[".pdf"],
            Self::Png => &[".png"],
            Self::Jpeg => &[".jpg", ".jpeg"],
            Self::Gif => &[".gif"],
            Self::Webp => &[".webp"],
            Self::Tiff => &[".tif", ".tiff"],
            Self::Docx => &[".docx"],
            Self::Xlsx => &[".xlsx"],
            Self::Pptx => &[".pptx"],
            Self::Odt => &[".odt"],
            Self::Ods => &[".ods"],
            Self::Odp => &[".odp"],
            Self::Text => &[".txt"],
            Self::Csv => &[".csv"],
            Self::Zip => &[".zip"],
        }
    }

    /// Whether it is text, which has no mark of its own.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Csv)
    }

    /// The `Content-Type` it is sent with.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            other => other.as_str(),
        }
    }
}
