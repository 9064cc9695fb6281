//! A list as a spreadsheet (XLSX): a line of names, then a line for each row, written as they come and never all in memory.
//!
//! Days, amounts and counts are what they are, so that they can be sorted and summed. Everything else is text: what people typed is
//! never a formula, whatever it begins with, and codes and numbers of notices keep their zeros.

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

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

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words, or a code.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// A moment of clocks in Italy, shown to the minute.
    Moment(NaiveDateTime),
    /// An amount in euro cents.
    Cents(u64),
    /// How many.
    Count(u32),
}

impl Cell {
    /// Words; an empty cell without any.
    #[must_use]
    pub fn text(words: impl Into<String>) -> Self {
        let words = words.into();
        if words.is_empty() { Self::Empty } else { Self::Text(words) }
    }
}

/// Writes a spreadsheet; gives the bytes of its file. `rows` ends the sheet when it ends; `after` may then add one last line, a
/// sentence about the whole.
///
/// # Errors
/// It cannot be written.
pub fn sheet(
    title: &str,
    columns: &[Column],
    rows: impl Iterator<Item = Vec<Cell>>,
    after: impl FnOnce() -> Option<String>,
) -> Result<Vec<u8>, Error> {
    written(title, columns, rows, after).map_err(|error| Error::Broken(error.to_string()))
}

fn written(
    title: &str,
    columns: &[Column],
    rows: impl Iterator<Item = Vec<Cell>>,
    after: impl FnOnce() -> Option<String>,
) -> Result<Vec<u8>, XlsxError> {
    let head = Format::new().set_bold();
    let shapes = Shapes::new();
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
        for (at, cell) in (0_u16..).zip(&row) {
            shapes.write(page, (line, at), cell)?;
        }
        line += 1;
    }
    if let Some(words) = after() {
        page.write_string_with_format(line, 0, words, &head)?;
    }
    book.save_to_buffer()
}

/// How cells look.
struct Shapes {
    text: Format,
    day: Format,
    moment: Format,
    euros: Format,
    count: Format,
}

impl Shapes {
    fn new() -> Self {
        let shape = || Format::new().set_align(FormatAlign::Top);
        Self {
            text: shape(),
            day: shape().set_num_format("dd/mm/yyyy"),
            moment: shape().set_num_format("dd/mm/yyyy hh:mm"),
            euros: shape().set_num_format("#,##0.00 \"€\""),
            count: shape().set_num_format("0"),
        }
    }

    fn write(&self, page: &mut Worksheet, (line, at): (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(words) => {
                page.write_string_with_format(line, at, shortened(words, CELL), &self.text)?
            }
            Cell::Day(day) => page.write_datetime_with_format(line, at, day, &self.day)?,
            Cell::Moment(moment) => page.write_datetime_with_format(line, at, moment, &self.moment)?,
            Cell::Cents(cents) => page.write_number_with_format(line, at, euros(*cents), &self.euros)?,
            Cell::Count(count) => page.write_number_with_format(line, at, *count, &self.count)?,
        };
        Ok(())
    }
}

/// As spreadsheets know numbers: exact to the cent up to ninety thousand milliards.
fn euros(cents: u64) -> f64 {
    format!("{}.{:02}", cents / 100, cents % 100).parse().expect("digits, a point and two digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_takes_whatever_was_typed() {
        let columns = [Column { name: "Titolo", width: 30 }, Column { name: "Codice", width: 20 }];
        let hostile = ["=HYPERLINK(\"https://evil.example\")", "+1", "\u{0}\u{1b}[31m\u{202e}", "<c>&\"'"];
        let rows = hostile.map(|typed| vec![Cell::text(typed), Cell::text("0".repeat(100_000))]);
        let bytes =
            sheet("Notifiche IO", &columns, rows.into_iter(), || Some("È tutto.".to_owned())).unwrap();
        assert!(bytes.starts_with(b"PK"), "an archive");
    }

    #[test]
    fn amounts_are_exact() {
        let written = [1, 8_450, 9_999_999_999].map(|cents| euros(cents).to_string());
        assert_eq!(written, ["0.01", "84.5", "99999999.99"]);
    }
}
