//! A list as a spreadsheet (XLSX): a line of names, then a line for each row, written as they come and never all in memory.
//!
//! Every cell is text. What people typed is never a formula, whatever it begins with, and codes and numbers of notices keep their
//! zeros.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

use super::Error;
use crate::domain::text::shortened;

/// Most characters of a cell: a fraction of what programs take (32,767), and all that one reads in a table.
const CELL: usize = 2_000;

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its width, in characters.
    pub width: u8,
}

/// Writes a spreadsheet; gives the bytes of its file. `rows` ends the sheet when it ends; `after` may then add one last line, a
/// sentence about the whole.
///
/// # Errors
/// It cannot be written.
pub fn sheet(
    title: &str,
    columns: &[Column],
    rows: impl Iterator<Item = Vec<String>>,
    after: impl FnOnce() -> Option<String>,
) -> Result<Vec<u8>, Error> {
    written(title, columns, rows, after).map_err(|error| Error::Broken(error.to_string()))
}

fn written(
    title: &str,
    columns: &[Column],
    rows: impl Iterator<Item = Vec<String>>,
    after: impl FnOnce() -> Option<String>,
) -> Result<Vec<u8>, XlsxError> {
    let head = Format::new().set_bold();
    let body = Format::new().set_align(FormatAlign::Top);
    let mut book = Workbook::new();
    let page = book.add_worksheet_with_constant_memory()?;
    page.set_name(title)?;
    page.set_freeze_panes(1, 0)?;
    for (at, column) in (0_u16..).zip(columns) {
        page.set_column_width(at, f64::from(column.width))?;
        page.write_string_with_format(0, at, column.name, &head)?;
    }
    let mut line = 1_u32;
    for row in rows {
        for (at, value) in (0_u16..).zip(&row) {
            if !value.is_empty() {
                page.write_string_with_format(line, at, shortened(value, CELL), &body)?;
            }
        }
        line += 1;
    }
    if let Some(words) = after() {
        page.write_string_with_format(line, 0, words, &head)?;
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_takes_whatever_was_typed() {
        let columns = [Column { name: "Titolo", width: 30 }, Column { name: "Codice", width: 20 }];
        let hostile = ["=HYPERLINK(\"https://evil.example\")", "+1", "\u{0}\u{1b}[31m\u{202e}", "<c>&\"'"];
        let rows = hostile.map(|typed| vec![typed.to_owned(), "0".repeat(100_000)]);
        let bytes =
            sheet("Notifiche IO", &columns, rows.into_iter(), || Some("È tutto.".to_owned())).unwrap();
        assert!(bytes.starts_with(b"PK"), "an archive");
    }
}
