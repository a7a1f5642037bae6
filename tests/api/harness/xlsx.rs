//! The smallest workbook there can be: one sheet of inline texts in a zip archive without compression.

use std::fmt::Write;

pub fn workbook<const N: usize>(rows: &[[String; N]]) -> Vec<u8> {
    let mut sheet = String::new();
    for row in rows {
        sheet.push_str("<row>");
        for cell in row {
            let text = cell.replace('&', "&amp;").replace('<', "&lt;");
            // Numbers as spreadsheets keep them: as floating-point numbers.
            let _ = match cell.parse::<f64>() {
                Ok(number) => write!(sheet, "<c><v>{number:?}</v></c>"),
                Err(_) => write!(sheet, "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"),
            };
        }
        sheet.push_str("</row>");
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    zip(&[
        ("[Content_Types].xml", format!("<Types xmlns=\"{package}/content-types\"/>")),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" \
                 Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"S\" sheetId=\"1\" \
                 r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" \
                 Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>")),
    ])
}

fn zip(files: &[(&str, String)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    let size = |length: usize| u32::try_from(length).expect("a small file").to_le_bytes();
    for (name, content) in files {
        let offset = size(archive.len());
        // Version, flags, method, time and date; then the checksum, both sizes, and the lengths of name and extra.
        let mut header = vec![20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0];
        header.extend(crc32fast::hash(content.as_bytes()).to_le_bytes());
        header.extend(size(content.len()));
        header.extend(size(content.len()));
        header.extend([u8::try_from(name.len()).expect("a short name"), 0, 0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&header);
        archive.extend(name.as_bytes());
        archive.extend(content.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
    }
    let (start, length) = (size(archive.len()), size(directory.len()));
    let count = u8::try_from(files.len()).expect("few files");
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\x00\x00\x00\x00");
    archive.extend([count, 0, count, 0]);
    archive.extend(length);
    archive.extend(start);
    archive.extend([0, 0]);
    archive
}
