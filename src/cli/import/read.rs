//! Rows of the four formats, as named values with the line they stand in.

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A row as it stands in the file; one that cannot be read at all carries the reason.
pub struct RawRow {
    /// Its line, or its row in the sheet, from 1.
    pub line: usize,
    /// Its named values.
    pub fields: Result<Map<String, Value>, String>,
}

/// All rows of a file.
///
/// # Errors
/// Why the file as a whole cannot be read.
pub fn rows(file: &Path) -> Result<Vec<RawRow>, String> {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "csv" => csv(file, csv::ReaderBuilder::new().flexible(false)),
        "tsv" => csv(file, csv::ReaderBuilder::new().flexible(false).delimiter(b'\t').quoting(false)),
        "xlsx" => xlsx(file),
        "jsonl" | "ndjson" => json_lines(file),
        other => Err(format!("the ending {other:?} names no known format; use .csv, .tsv, .xlsx or .jsonl")),
    }
}

/// Longest line of a JSON Lines file, in bytes.
const LONGEST_LINE: u64 = 4 * 1024 * 1024;

fn json_lines(file: &Path) -> Result<Vec<RawRow>, String> {
    let mut reader = BufReader::new(File::open(file).map_err(|error| error.to_string())?);
    let mut rows = Vec::new();
    for line in 1.. {
        let mut bytes = Vec::new();
        let read = std::io::Read::take(&mut reader, LONGEST_LINE)
            .read_until(b'\n', &mut bytes)
            .map_err(|error| error.to_string())?;
        if read == 0 {
            break;
        }
        if read as u64 == LONGEST_LINE && !bytes.ends_with(b"\n") {
            return Err(format!("line {line} is longer than {LONGEST_LINE} bytes"));
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let fields = match serde_json::from_slice(bytes.trim_ascii()) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => Err("is not a JSON object".to_owned()),
            Err(error) => Err(format!("is not JSON: {error}")),
        };
        rows.push(RawRow { line, fields });
    }
    Ok(rows)
}

fn csv(file: &Path, format: &csv::ReaderBuilder) -> Result<Vec<RawRow>, String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let mut reader = format.from_reader(bytes.as_slice());
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let (mut rows, mut lines) = (Vec::new(), Lines { bytes: &bytes, counted: 0, line: 1 });
    for record in reader.records() {
        let row = match record {
            Ok(record) => {
                let line = lines.of(record.position());
                let fields =
                    headers.iter().zip(record.iter()).map(|(name, value)| (clean(name), Value::from(value))).collect();
                RawRow { line, fields: Ok(fields) }
            }
            Err(error) => {
                let what = match error.kind() {
                    csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        format!("has {len} columns, the header has {expected_len}")
                    }
                    csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
                    _ => error.to_string(),
                };
                RawRow { line: lines.of(error.position()), fields: Err(what) }
            }
        };
        rows.push(row);
    }
    Ok(rows)
}

/// Counts lines. The reader's own count is one too low where lines end in CR LF, and where blank lines come before.
struct Lines<'a> {
    bytes: &'a [u8],
    counted: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line in which the record at `position` begins; positions come in order.
    fn of(&mut self, position: Option<&csv::Position>) -> usize {
        let start = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.counted);
        let rest = self.bytes.get(start..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.bytes.get(self.counted..start + blank).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.counted = start + blank;
        self.line
    }
}

/// A header without the byte-order mark that spreadsheets write.
fn clean(header: &str) -> String {
    header.trim_start_matches('\u{feff}').trim().to_owned()
}

fn xlsx(file: &Path) -> Result<Vec<RawRow>, String> {
    let mut workbook: Xlsx<_> = open_workbook(file).map_err(|error: calamine::XlsxError| error.to_string())?;
    let sheet =
        workbook.worksheet_range_at(0).ok_or("the workbook has no sheet")?.map_err(|error| error.to_string())?;
    let first = usize::try_from(sheet.start().map_or(0, |(row, _)| row)).unwrap_or_default();
    let mut lines = sheet.rows();
    let headers: Vec<_> =
        lines.next().ok_or("the sheet is empty")?.iter().map(|cell| clean(&cell.to_string())).collect();
    let row = |(index, cells): (usize, &[Data])| RawRow {
        line: first + index + 2,
        fields: Ok(headers.iter().cloned().zip(cells.iter().map(cell)).filter(|(name, _)| !name.is_empty()).collect()),
    };
    Ok(lines.enumerate().map(row).collect())
}

fn cell(cell: &Data) -> Value {
    match cell {
        Data::Empty => Value::Null,
        // A whole number is kept as one: spreadsheets know only floating-point numbers.
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => {
            Value::from((*number as i64).to_string())
        }
        other => Value::from(other.to_string()),
    }
}
