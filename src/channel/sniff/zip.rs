//! Office documents are zip archives: which one, by the names in its table of contents. Nothing is unpacked.
//!
//! An archive that is no document is refused, and so is a document with macros. The table at the end is what office
//! programs read; the local headers before each member may lie, and are looked at only where ODF says that its type
//! stands (ODF 1.3, part 2, §3.3).

use super::Kind;
use crate::domain::files::Refusal;

/// Most members that are looked at; a document has dozens.
const MEMBERS: usize = 5_000;
/// The end of the table, without its comment.
const END_BYTES: usize = 22;
/// An entry of the table, without name, extra field and comment.
const ENTRY_BYTES: usize = 46;
const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
/// Parts of a document that hold programs: OOXML's projects and sheets of macros, ODF's libraries.
const MACROS: [&str; 5] = ["vbaproject.bin", "vbadata.xml", "xl/macrosheets/", "basic/", "scripts/"];

/// Which document it is.
pub fn document(bytes: &[u8]) -> Result<Kind, Refusal> {
    let names = names(bytes).ok_or(Refusal::Kind)?;
    let has = |name: &str| names.iter().any(|member| member == name);
    let kind = match open_document(bytes) {
        Some(kind) if has("content.xml") => kind,
        None if has("[content_types].xml") && has("word/document.xml") => Kind::Docx,
        None if has("[content_types].xml") && has("xl/workbook.xml") => Kind::Xlsx,
        _ => return Err(Refusal::Kind),
    };
    let program = |name: &String| {
        MACROS
            .iter()
            .any(|sign| if sign.ends_with('/') { name.starts_with(sign) } else { name.ends_with(sign) })
    };
    if names.iter().any(program) { Err(Refusal::Macros) } else { Ok(kind) }
}

/// The type that the first member of an ODF file says, stored as it is.
fn open_document(bytes: &[u8]) -> Option<Kind> {
    let stored = number::<2>(bytes, 8)? == 0;
    let (name, extra) = (number::<2>(bytes, 26)?, number::<2>(bytes, 28)?);
    let size = number::<4>(bytes, 18)?;
    let content = 30_usize.checked_add(name)?.checked_add(extra)?;
    let said = bytes.get(content..content.checked_add(size)?)?;
    if !stored || bytes.get(30..30 + name)? != b"mimetype" {
        return None;
    }
    [Kind::Odt, Kind::Ods].into_iter().find(|kind| kind.media_type().as_bytes() == said)
}

/// Names of the members, lower case. `None`: there is no table of contents, or it does not hold together.
fn names(bytes: &[u8]) -> Option<Vec<String>> {
    // The table's end is the last thing, after it only a comment of at most 64 KB.
    let tail = bytes.len().saturating_sub(END_BYTES + usize::from(u16::MAX));
    let end = tail + memchr::memmem::rfind(bytes.get(tail..)?, END)?;
    bytes.get(end..end + END_BYTES)?;
    let count = number::<2>(bytes, end + 10)?;
    let mut at = number::<4>(bytes, end + 16)?;
    if count == 0 || count > MEMBERS {
        return None;
    }
    let mut names = Vec::with_capacity(count);
    for _ in 0..count {
        let entry = bytes.get(at..end)?;
        if !entry.starts_with(ENTRY) {
            return None;
        }
        let [name, extra, comment] =
            [number::<2>(entry, 28)?, number::<2>(entry, 30)?, number::<2>(entry, 32)?];
        let given = entry.get(ENTRY_BYTES..ENTRY_BYTES + name)?;
        names.push(String::from_utf8_lossy(given).replace('\\', "/").to_ascii_lowercase());
        at = at.checked_add(ENTRY_BYTES + name + extra + comment)?;
    }
    Some(names)
}

/// A number of `N` bytes, the lowest first.
fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(N)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| (number << 8) | usize::from(*byte)))
}
