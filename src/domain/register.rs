//! The register as a CSV file: read tolerantly, refused line by line with a reason that a person can act on.
//!
//! Spreadsheets in Italy write semicolons and windows-1252; others write commas and UTF-8. Both are recognised. A file
//! that has no usable header is refused whole; a line that cannot be taken never stops the lines after it.

use std::collections::HashMap;

use super::{fiscal_code, mail, text};

/// Longest value of a field, in characters.
const FIELD_CHARS: usize = 300;
/// Most addresses of one line.
const ADDRESSES: usize = 10;

/// One good line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Line of the file, from 1.
    pub line: u64,
    /// Surname and name, or company name.
    pub name: String,
    /// Codice utente, upper case.
    pub code: String,
    /// Codice fiscale or partita IVA, verified.
    pub fiscal_code: Option<String>,
    /// Postal address.
    pub address: String,
    /// Email addresses, lower case.
    pub emails: Vec<String>,
}

/// One refused line.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Refused {
    /// Line of the file, from 1.
    pub line: u64,
    /// Why, in Italian.
    pub reason: String,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// Good lines.
    pub entries: Vec<Entry>,
    /// Refused lines.
    pub refused: Vec<Refused>,
}

/// The file cannot be read as a register at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// No line at all.
    #[error("Il file è vuoto.")]
    Empty,
    /// No header that names the two columns one cannot do without.
    #[error(
        "La prima riga deve contenere i nomi delle colonne, almeno «nome» e «codice utente». Trovato: {0}"
    )]
    Header(String),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Column {
    Name,
    Code,
    FiscalCode,
    Address,
    Email,
}

/// Reads a file.
///
/// # Errors
/// The file has no lines or no usable header.
pub fn read(bytes: &[u8]) -> Result<Register, Unusable> {
    let content = decode(bytes);
    let header = content.lines().find(|line| !line.trim().is_empty()).ok_or(Unusable::Empty)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(header))
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(content.as_bytes());
    let mut records = reader.records();
    let columns = match records.next() {
        Some(Ok(record)) => {
            columns(&record).ok_or_else(|| Unusable::Header(text::shortened(&text::one_line(header), 120)))?
        }
        _ => return Err(Unusable::Header(text::shortened(&text::one_line(header), 120))),
    };
    let mut register = Register::default();
    let mut lines_of: HashMap<String, u64> = HashMap::new();
    let mut lines = Lines::new(&content);
    for record in records {
        let (line, read) = match record {
            Ok(record) => {
                let line = lines.of(record.position());
                if record.iter().all(str::is_empty) {
                    continue;
                }
                (line, entry(line, &record, &columns))
            }
            Err(error) => (lines.of(error.position()), Err("La riga non è leggibile.".to_owned())),
        };
        let checked = read.and_then(|entry| match lines_of.insert(entry.code.clone(), line) {
            Some(first) => Err(format!("Il codice utente {} è già alla riga {first}.", entry.code)),
            None => Ok(entry),
        });
        match checked {
            Ok(entry) => register.entries.push(entry),
            Err(reason) => register.refused.push(Refused { line, reason }),
        }
    }
    Ok(register)
}

/// The file's text: UTF-8 if it is UTF-8, otherwise what Italian spreadsheets write.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(content) => content.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
    .replace('\0', "")
}

/// Counts lines as an editor does. The reader's own count lags behind by one where lines end in CR LF, and by the blank
/// lines before a record.
struct Lines<'a> {
    rest: &'a [u8],
    read: u64,
    line: u64,
}

impl<'a> Lines<'a> {
    fn new(content: &'a str) -> Self {
        Self { rest: content.as_bytes(), read: 0, line: 1 }
    }

    /// The line of a record; records come in order.
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.map_or(self.read, csv::Position::byte);
        while let Some((byte, rest)) = self.rest.split_first() {
            if self.read >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*byte == b'\n');
            self.read += 1;
            self.rest = rest;
        }
        self.line
    }
}

fn delimiter(header: &str) -> u8 {
    *b";\t,".iter().max_by_key(|sign| header.bytes().filter(|byte| byte == *sign).count()).unwrap_or(&b';')
}

fn columns(header: &csv::StringRecord) -> Option<HashMap<Column, usize>> {
    let mut columns = HashMap::new();
    for (position, title) in header.iter().enumerate() {
        let column = match text::fold(&title.replace(['_', '-', '.'], " ")).as_str() {
            "nome" | "nominativo" | "cognome e nome" | "denominazione" | "ragione sociale"
            | "contribuente" => Column::Name,
            "codice" | "codice utente" | "cod utente" | "utente" => Column::Code,
            "codice fiscale" | "cf" | "c f" | "partita iva" | "codice fiscale o partita iva" => {
                Column::FiscalCode
            }
            "indirizzo" | "residenza" | "sede" => Column::Address,
            "email" | "e mail" | "mail" | "posta elettronica" | "indirizzo email" => Column::Email,
            _ => continue,
        };
        columns.entry(column).or_insert(position);
    }
    (columns.contains_key(&Column::Name) && columns.contains_key(&Column::Code)).then_some(columns)
}

fn entry(line: u64, record: &csv::StringRecord, columns: &HashMap<Column, usize>) -> Result<Entry, String> {
    let field = |column| {
        text::one_line(columns.get(&column).and_then(|position| record.get(*position)).unwrap_or(""))
    };
    let (name, code, address) =
        (field(Column::Name), field(Column::Code).to_uppercase(), field(Column::Address));
    if name.is_empty() {
        return Err("Manca il nome.".to_owned());
    }
    if code.is_empty() {
        return Err("Manca il codice utente.".to_owned());
    }
    if [&name, &code, &address].iter().any(|value| value.chars().count() > FIELD_CHARS) {
        return Err(format!("Un campo è più lungo di {FIELD_CHARS} caratteri."));
    }
    let fiscal_code = match field(Column::FiscalCode).as_str() {
        "" => None,
        typed => Some(fiscal_code::parse(typed).map_err(|error| error.to_string())?.as_str().to_owned()),
    };
    let emails: Vec<String> = field(Column::Email)
        .split([',', ';', ' '])
        .filter(|address| !address.is_empty())
        .map(str::to_lowercase)
        .take(ADDRESSES)
        .collect();
    if let Some(wrong) = emails.iter().find(|address| !mail::is_address(address)) {
        return Err(format!("L'indirizzo email «{}» non è valido.", text::shortened(wrong, 60)));
    }
    Ok(Entry { line, name, code, fiscal_code, address, emails })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_of_an_italian_office_is_read() {
        let file = b"Cognome e nome;Codice utente;Codice fiscale;Indirizzo;E-mail\r\n\
            Nicol\xf2 D'Am\xecco;ut-1;rccmnl83s18d969h;Via Roma 1;Nico@Libero.example, n@pec.example\r\n\
            \r\n;UT-2;;;\r\nCarla;UT-3;RCCMNL83S18D969A;;\r\nDina;UT-1;;;\r\nEva;UT-4;;;eva(at)x\r\nFabio;UT-5;;;\r\n";
        let register = read(file).unwrap();
        assert_eq!(register.entries.len(), 2);
        assert_eq!(register.entries[0].name, "Nicolò D'Amìco");
        assert_eq!(register.entries[0].code, "UT-1");
        assert_eq!(register.entries[0].fiscal_code.as_deref(), Some("RCCMNL83S18D969H"));
        assert_eq!(register.entries[0].emails, ["nico@libero.example", "n@pec.example"]);
        let lines: Vec<u64> = register.refused.iter().map(|refused| refused.line).collect();
        assert_eq!(lines, [4, 5, 6, 7]);
        assert!(register.refused[2].reason.contains("riga 2"), "{:?}", register.refused[2]);
    }

    #[test]
    fn commas_and_a_byte_order_mark_are_read_too() {
        let register = read("\u{feff}nome,codice_utente\n\"Rossi, Mario\",7\n".as_bytes()).unwrap();
        assert_eq!(register.entries[0].name, "Rossi, Mario");
    }

    #[test]
    fn a_file_without_header_says_what_is_wrong() {
        assert_eq!(read(b"  \n"), Err(Unusable::Empty));
        assert!(matches!(read(b"Mario;UT-1\n"), Err(Unusable::Header(_))));
    }
}
