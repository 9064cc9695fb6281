//! typst as a library: one template, one file of data, three fonts, and nothing else in its world.
//!
//! It cannot be stopped and has no limit of memory: what goes in is bounded before ([`super::receipt`]). A character that no font
//! has would make a PDF/A invalid, and is replaced by an empty box.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::Serialize;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    ecow::EcoVec,
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use unicode_normalization::UnicodeNormalization;

use super::Error;

// The table that build.rs has written.
include!(concat!(env!("OUT_DIR"), "/document_fonts.rs"));

/// What stands for a character that cannot be shown.
const UNKNOWN: char = '\u{25a1}';
/// How many documents what typst remembers may lie unused.
const REMEMBERED: usize = 5;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONT_FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
});
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

struct Fonts {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

/// Sets `template` with `data`, which it finds as `data.json`. Both standards are kept: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO
/// 14289-1); a document that breaks one is an error, not a file.
pub fn pdf(template: &str, data: &impl Serialize, made_at: DateTime<Utc>) -> Result<Vec<u8>, Error> {
    let broken = |error: &dyn std::fmt::Display| Error::Broken(error.to_string());
    let data = serde_json::to_value(data).map_err(|e| broken(&e))?;
    let data = serde_json::to_vec(&shown(data)).map_err(|e| broken(&e))?;
    let ident = data_encoding::HEXLOWER.encode(<sha2::Sha256 as sha2::Digest>::digest(&data).as_slice());
    let made_at = moment(made_at);
    let world = OneDocument {
        template: Source::new(file("main.typ")?, template.to_owned()),
        data: (file("data.json")?, Bytes::new(data)),
        made_at,
    };
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("Riscontro".to_owned())),
        timestamp: made_at.map(Timestamp::new_utc),
        standards: PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .map_err(|error| broken(&error.message()))?,
        ..PdfOptions::default()
    };
    let document = typst::compile::<PagedDocument>(&world).output;
    let made =
        document.and_then(|document| typst_pdf::pdf(&document, &options)).map_err(|errors| words(&errors));
    typst::comemo::evict(REMEMBERED);
    made
}

/// The world of one document.
struct OneDocument {
    template: Source,
    data: (FileId, Bytes),
    made_at: Option<Datetime>,
}

impl World for OneDocument {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 { Ok(self.data.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.made_at
    }
}

fn file(path: &str) -> Result<FileId, Error> {
    let path = VirtualPath::new(path).map_err(|error| Error::Broken(format!("{error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn moment(at: DateTime<Utc>) -> Option<Datetime> {
    let small = |number: u32| u8::try_from(number).ok();
    Datetime::from_ymd_hms(
        at.year(),
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?,
    )
}

fn words(errors: &EcoVec<SourceDiagnostic>) -> Error {
    let words: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    Error::Broken(words.join("; "))
}

/// The same data with texts that can be shown.
fn shown(data: serde_json::Value) -> serde_json::Value {
    use serde_json::Value::{Array, Object, String};
    match data {
        String(text) => String(showable(&text)),
        Array(values) => values.into_iter().map(shown).collect(),
        Object(fields) => Object(fields.into_iter().map(|(name, value)| (name, shown(value))).collect()),
        other => other,
    }
}

/// Without marks that are not seen, and with a box for each character that no font has. Composed (NFC): a letter and its accent
/// have one shape more often than each its own.
pub(super) fn showable(text: &str) -> String {
    let known = |c: char| FONTS.fonts.iter().any(|font| font.info().coverage.contains(u32::from(c)));
    let unseen = |c: &char| {
        matches!(*c, '\r' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
    };
    let private = |c: char| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    text.nfc()
        .filter(|c| !unseen(c))
        .map(|c| match c {
            '\n' => '\n',
            c if c.is_whitespace() => ' ',
            c if c.is_control() || private(c) || !known(c) => UNKNOWN,
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests;
