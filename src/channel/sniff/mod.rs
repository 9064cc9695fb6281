//! What a file is, by its bytes. What the browser declares counts for nothing; the name only tells a text about a page from a
//! page.
//!
//! Everything that is not on the list is refused: archives, pages, drawings that may hold scripts, programs. A file that is two
//! things at once counts as the one that its first bytes say, is kept under that type and with an ending that fits; photos are
//! encoded anew ([`super::photo`]), so that nothing else remains in them.
//!
//! Of `infer` single matchers are used, never the whole list: that one opens old Office files as file systems, which is more than
//! a stranger's bytes deserve.

mod zip;

use crate::{channel::email::names, domain::files::Refusal};

/// Beginnings of texts that are something else: pages, RTF, PostScript, programs with their interpreter's name. Browsers look
/// for nothing but the beginning (WHATWG MIME Sniffing §7.1); what stands further down is somebody's words about it.
const OTHER_BEGINNINGS: [&str; 4] = ["<", "#!", "{\\rtf", "%!"];
/// Object identifier of signed data (PKCS #7, RFC 5652 §5.1), as DER.
const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// Endings that say nothing once they do not fit, those of photos above all: they are replaced. Others stay in the name.
const REPLACED: [&str; 11] =
    ["bin", "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "heic", "heif"];

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A photo.
    Jpeg,
    /// A picture of a screen.
    Png,
    /// A photo from the web.
    WebP,
    /// A document.
    Pdf,
    /// Plain text, UTF-8.
    Text,
    /// A text of Word.
    Docx,
    /// A sheet of Excel.
    Xlsx,
    /// A text of the open format (ODF).
    Odt,
    /// A sheet of the open format (ODF).
    Ods,
    /// A signed file (PKCS #7), in DER, base64 or PEM.
    Signed,
}

impl Kind {
    /// What a file is, or why such a file is not taken.
    pub fn of(bytes: &[u8]) -> Result<Self, Refusal> {
        match bytes {
            [] => Err(Refusal::Empty),
            _ if infer::image::is_jpeg(bytes) => Ok(Self::Jpeg),
            _ if infer::image::is_png(bytes) => Ok(Self::Png),
            _ if infer::image::is_webp(bytes) => Ok(Self::WebP),
            _ if is_heic(bytes) => Err(Refusal::Heic),
            _ if bytes.starts_with(b"%PDF-") => Ok(Self::Pdf),
            _ if bytes.starts_with(b"PK\x03\x04") => zip::document(bytes),
            _ if is_signed(bytes) => Ok(Self::Signed),
            _ => text(bytes),
        }
    }

    /// The same of a file that was called `given`. What begins like a page and is called a text is a text: it is kept under that
    /// name and nobody draws it, and who asks about a page must be able to send it.
    pub fn of_named(bytes: &[u8], given: &str) -> Result<Self, Refusal> {
        let ending = given.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        match Self::of(bytes) {
            Err(Refusal::Kind) if Self::Text.endings().contains(&ending.as_str()) => {
                plain(bytes).map(|_| Self::Text)
            }
            known => known,
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Signed => "application/pkcs7-mime",
        }
    }

    /// Endings that fit, the usual one first.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::WebP => &["webp"],
            Self::Pdf => &["pdf"],
            Self::Text => &["txt", "csv", "log", "md"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Signed => &["p7m", "p7s"],
        }
    }

    /// A safe name for such a file that was called `given`. Its ending fits, or who opens `foto.js` would run it.
    #[must_use]
    pub fn name(self, given: &str) -> String {
        let safe = names::Names::default().give(Some(given), self.media_type());
        let (stem, ending) = safe.rsplit_once('.').unwrap_or((&safe, ""));
        let lower = ending.to_ascii_lowercase();
        if self.endings().contains(&lower.as_str()) {
            return safe;
        }
        let stem = if REPLACED.contains(&lower.as_str()) { stem } else { &safe };
        let ending = self.endings().first().copied().unwrap_or("bin");
        let room = names::MAX_BYTES - 1 - ending.len();
        let stem =
            stem.get(..stem.floor_char_boundary(room)).unwrap_or_default().trim_end_matches(['.', ' ']);
        format!("{stem}.{ending}")
    }
}

/// HEIC and AVIF: a container of ISO media whose brand is one of pictures (ISO/IEC 23008-12, annex B).
fn is_heic(bytes: &[u8]) -> bool {
    const BRANDS: [&[u8]; 10] =
        [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"];
    bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| BRANDS.contains(&brand))
}

/// Signed data, as bytes or as letters.
fn is_signed(bytes: &[u8]) -> bool {
    if is_signed_data(bytes) {
        return true;
    }
    let letters = bytes.trim_ascii_start();
    let letters = letters.strip_prefix(b"-----BEGIN PKCS7-----").unwrap_or(letters);
    let letters = letters.strip_prefix(b"-----BEGIN CMS-----").unwrap_or(letters);
    let beginning: Vec<u8> =
        letters.iter().copied().take(128).filter(|byte| !byte.is_ascii_whitespace()).take(40).collect();
    data_encoding::BASE64.decode(&beginning).is_ok_and(|der| is_signed_data(&der))
        && letters
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=-".contains(byte))
}

/// A sequence that begins with the identifier of signed data.
fn is_signed_data(der: &[u8]) -> bool {
    let Some((&[0x30, length], rest)) = der.split_first_chunk() else { return false };
    // the length itself, of an unknown length, or how many bytes it takes
    let more = if length <= 0x80 { 0 } else { usize::from(length & 0x7f) };
    more <= 8 && rest.get(more..).is_some_and(|content| content.starts_with(SIGNED_DATA))
}

/// Plain text, and nothing that a program would take for more.
fn text(bytes: &[u8]) -> Result<Kind, Refusal> {
    let text = plain(bytes)?;
    let other = OTHER_BEGINNINGS.iter().any(|sign| text.starts_with(sign));
    if other { Err(Refusal::Kind) } else { Ok(Kind::Text) }
}

/// Letters and nothing else, from the first that is seen.
fn plain(bytes: &[u8]) -> Result<&str, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::Kind)?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    if text.is_empty() {
        return Err(Refusal::Empty);
    }
    if text.contains(control) { Err(Refusal::Kind) } else { Ok(text) }
}

#[cfg(test)]
mod tests;
