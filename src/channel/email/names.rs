//! Names of files that came from outside: safe to show, to save and to put into a header.

use std::collections::{HashMap, HashSet};

use super::words;
use crate::domain::text::one_line;

/// Longest name in bytes.
pub const MAX_BYTES: usize = 200;

/// Gives each file of one mail a name of its own.
#[derive(Debug, Default)]
pub struct Names {
    taken: HashSet<String>,
    /// The number last given to files of one name: a thousand of them are not counted anew each time.
    last: HashMap<String, usize>,
}

impl Names {
    /// A safe name for a file that was called `given`: never empty, no path, no control characters, no other file of
    /// this mail has it.
    pub fn give(&mut self, given: Option<&str>, media_type: &str) -> String {
        let given = given.map(safe).unwrap_or_default();
        let name = if given.is_empty() { format!("allegato.{}", extension(media_type)) } else { given };
        let (stem, extension) = split(&name);
        let mut unique = within(stem, extension, "");
        if self.taken.insert(unique.to_lowercase()) {
            return unique;
        }
        let number = self.last.entry(unique.to_lowercase()).or_insert(1);
        loop {
            *number += 1;
            unique = within(stem, extension, &format!(" ({number})"));
            if self.taken.insert(unique.to_lowercase()) {
                return unique;
            }
        }
    }
}

/// One line, last part of a path, without the characters that file systems and headers mind.
fn safe(given: &str) -> String {
    let line = one_line(&words::decoded(given));
    let last =
        line.rsplit(['/', '\\']).find(|part| !part.trim_matches(['.', ' ']).is_empty()).unwrap_or_default();
    let tame = |c: char| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c };
    // characters that turn the direction of writing make `exe.pdf` of `fdp.exe`
    let hidden = |c: &char| !matches!(*c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let name: String = last.chars().filter(hidden).map(tame).collect();
    name.trim_matches(['.', ' ']).to_owned()
}

fn split(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && !extension.is_empty() && extension.len() <= 20 => {
            (stem, extension)
        }
        _ => (name, ""),
    }
}

fn within(stem: &str, extension: &str, number: &str) -> String {
    let dot = usize::from(!extension.is_empty());
    let room = MAX_BYTES - extension.len() - dot - number.len();
    let mut end = stem.len().min(room);
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    let stem = stem[..end].trim_end();
    if extension.is_empty() { format!("{stem}{number}") } else { format!("{stem}{number}.{extension}") }
}

/// The usual ending of such a file.
fn extension(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "pdf",
        "application/zip" | "application/x-zip-compressed" => "zip",
        "application/msword" => "doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.oasis.opendocument.text" => "odt",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "p7m",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        "application/ms-tnef" | "application/vnd.ms-tnef" => "dat",
        "application/xml" | "text/xml" => "xml",
        "audio/mpeg" => "mp3",
        "image/gif" => "gif",
        "image/heic" => "heic",
        "image/jpeg" | "image/jpg" | "image/pjpeg" => "jpg",
        "image/png" => "png",
        "image/tiff" => "tif",
        "image/webp" => "webp",
        "message/rfc822" | "message/global" => "eml",
        "text/calendar" => "ics",
        "text/csv" => "csv",
        "text/html" => "html",
        "text/vcard" | "text/x-vcard" => "vcf",
        "video/mp4" => "mp4",
        other if other.starts_with("text/") || other.starts_with("message/") => "txt",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(given: &str) -> String {
        Names::default().give(Some(given), "application/pdf")
    }

    #[test]
    fn a_name_is_no_path_and_never_empty() {
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name("C:\\Users\\anna\\Bolletta 2026.pdf"), "Bolletta 2026.pdf");
        assert_eq!(name("a\r\n\0b.pdf"), "a b.pdf");
        for nothing in ["", "..", "/", " . ", "\0"] {
            assert_eq!(name(nothing), "allegato.pdf", "{nothing:?}");
        }
        assert_eq!(name("=?utf-8?Q?citt=C3=A0.pdf?="), "città.pdf");
        assert_eq!(name("fattura\u{202e}fdp.exe"), "fatturafdp.exe");
        assert_eq!(Names::default().give(None, "image/png"), "allegato.png");
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = name(&format!("{}.pdf", "è".repeat(300)));
        assert!(long.len() <= MAX_BYTES && long.ends_with("è.pdf"), "{long}");
    }

    #[test]
    fn two_files_never_have_the_same_name() {
        let mut names = Names::default();
        let given = ["foto.jpg", "Foto.jpg", "foto.jpg", "foto"];
        let given: Vec<String> = given.iter().map(|name| names.give(Some(name), "image/jpeg")).collect();
        assert_eq!(given, ["foto.jpg", "Foto (2).jpg", "foto (3).jpg", "foto"]);
    }
}
