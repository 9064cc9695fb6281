//! Files written into the text of a letter, as before MIME (`begin 644 foto.jpg` … `end`; POSIX `uuencode`).
//!
//! A letter may speak of such a thing without being one. So a line is taken only when it is as long as its first
//! character says, in the right letters; shorter ones (blanks at their ends were lost on the way) only when the file
//! has a proper end. What was cut off has no `end`: then the lines before are the file, and what follows is the letter's.

use super::names::Names;
use crate::domain::mail::File;

/// Files beyond this number stay text.
const MAX_FILES: usize = 100;
/// Letters of one file that may be missing: one that is there can stand for eighty-four that are not.
const MAX_FILLED: usize = 128 * 1024;

/// The text without its files, and the files, each with a safe name. `None` when there are none.
#[must_use]
pub fn split(text: &str) -> Option<(String, Vec<File>)> {
    let mut names = Names::default();
    let mut files = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some((line, after)) = next_line(rest) {
        let encoded = beginning(line).filter(|_| files.len() < MAX_FILES);
        match encoded.and_then(|name| Some((name, Encoded::read(after)?))) {
            Some((name, encoded)) => {
                let name = names.give(Some(name), MEDIA_TYPE);
                files.push(File {
                    name,
                    media_type: MEDIA_TYPE.to_owned(),
                    content_id: None,
                    bytes: encoded.bytes,
                });
                rest = encoded.rest;
            }
            None => {
                words.push_str(&rest[..rest.len() - after.len()]);
                rest = after;
            }
        }
    }
    (!files.is_empty()).then_some((words, files))
}

const MEDIA_TYPE: &str = "application/octet-stream";

/// The next line without its end, and what follows.
fn next_line(text: &str) -> Option<(&str, &str)> {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (!text.is_empty()).then_some((line.strip_suffix('\r').unwrap_or(line), rest))
}

/// The name in `begin MODE NAME`.
fn beginning(line: &str) -> Option<&str> {
    let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
    let octal = (3..=4).contains(&mode.len()) && mode.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
    Some(name.trim()).filter(|name| octal && !name.is_empty())
}

/// A file and what follows it in the text.
struct Encoded<'a> {
    bytes: Vec<u8>,
    rest: &'a str,
}

impl<'a> Encoded<'a> {
    /// `text` follows the line with the name.
    fn read(text: &'a str) -> Option<Self> {
        let mut bytes = Vec::new();
        let mut rest = text;
        let mut filled = 0;
        let mut before_short = None;
        while let Some((line, after)) = next_line(rest) {
            let Some(data) = Line::read(line).filter(|_| filled <= MAX_FILLED) else { break };
            if data.length == 0 {
                // the line of nothing counts only before `end`: a blank line may as well be the letter's
                if let Some(rest) = after_end(after) {
                    return Some(Self { bytes, rest });
                }
                break;
            }
            if data.missing > 0 {
                before_short = before_short.or(Some((bytes.len(), rest)));
                filled += data.missing;
            }
            data.decode_into(&mut bytes);
            rest = after;
        }
        match before_short {
            Some((length, short)) => {
                bytes.truncate(length);
                rest = short;
            }
            // some programs write no line of nothing
            None => rest = after_end(rest).unwrap_or(rest),
        }
        (!bytes.is_empty()).then_some(Self { bytes, rest })
    }
}

/// What follows the line `end`, if `text` begins with it.
fn after_end(text: &str) -> Option<&str> {
    next_line(text).filter(|(line, _)| line.trim_end() == "end").map(|(_, after)| after)
}

/// A line of data: the number of its bytes, then four letters for each three of them.
struct Line<'a> {
    length: usize,
    letters: &'a [u8],
    /// So many of them are not there.
    missing: usize,
}

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let Some((&first, letters)) = line.as_bytes().split_first() else {
            return Some(Self { length: 0, letters: b"", missing: 0 }); // a blank whose blank was lost
        };
        let length = usize::from(value(first)?);
        let needed = (length * 4).div_ceil(3);
        // four for three, and perhaps a checksum
        let fits = letters.len() <= length.div_ceil(3) * 4 + 1
            && letters.iter().all(|&letter| value(letter).is_some());
        fits.then_some(Self { length, letters, missing: needed.saturating_sub(letters.len()) })
    }

    /// What is missing is nothing: zeros.
    fn decode_into(&self, bytes: &mut Vec<u8>) {
        let end = bytes.len() + self.length;
        for four in self.letters.chunks(4) {
            let six = |at: usize| four.get(at).copied().and_then(value).map_or(0, u32::from);
            let [_, three @ ..] = (six(0) << 18 | six(1) << 12 | six(2) << 6 | six(3)).to_be_bytes();
            bytes.extend(three);
        }
        bytes.resize(end, 0);
    }
}

/// Six bits: a blank is nothing, and so is the grave accent that replaces it.
fn value(letter: u8) -> Option<u8> {
    matches!(letter, b' '..=b'`').then(|| (letter - b' ') & 0x3f)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `uuencode` of these bytes: full lines, the line of nothing, `end`.
    fn encoded(name: &str, bytes: &[u8]) -> String {
        let letter = |six: u32| char::from_u32(if six == 0 { 0x60 } else { six + 0x20 }).unwrap();
        let mut text = format!("begin 644 {name}\n");
        for line in bytes.chunks(45) {
            text.push(letter(u32::try_from(line.len()).unwrap()));
            for three in line.chunks(3) {
                let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
                let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
                text.extend([18, 12, 6, 0].map(|shift| letter(bits >> shift & 0x3f)));
            }
            text.push('\n');
        }
        text + "`\nend\n"
    }

    fn bytes(length: u8) -> Vec<u8> {
        (0..length).map(|byte| byte.wrapping_mul(37)).collect()
    }

    #[test]
    fn a_file_leaves_the_text() {
        let text = format!("Buongiorno,\necco la foto.\n\n{}\nSaluti\n", encoded("foto 1.jpg", &bytes(200)));
        let (words, files) = split(&text).unwrap();
        assert_eq!(words, "Buongiorno,\necco la foto.\n\n\nSaluti\n");
        assert_eq!((files.len(), files[0].name.as_str()), (1, "foto 1.jpg"));
        assert_eq!(files[0].bytes, bytes(200));
        let (words, files) = split(&text.replace('\n', "\r\n")).unwrap();
        assert_eq!((words.lines().count(), &files[0].bytes), (5, &bytes(200)));
    }

    #[test]
    fn all_lengths_are_read() {
        for length in 0..=100 {
            let (words, files) = split(&encoded("a", &bytes(length))).unwrap();
            assert_eq!((words.as_str(), &files[0].bytes), ("", &bytes(length)), "{length}");
        }
    }

    #[test]
    fn several_files_have_names_of_their_own() {
        let text = format!("{}e poi\n{}", encoded("../a.txt", b"uno"), encoded("a.txt", b"due"));
        let (words, files) = split(&text).unwrap();
        assert_eq!(words, "e poi\n");
        let files: Vec<(&str, &[u8])> = files.iter().map(|file| (&*file.name, &*file.bytes)).collect();
        assert_eq!(files, [("a.txt", &b"uno"[..]), ("a (2).txt", b"due")]);
    }

    #[test]
    fn a_file_that_was_cut_off_gives_what_is_there() {
        let whole = encoded("foto.jpg", &bytes(200));
        let lines: Vec<&str> = whole.split_inclusive('\n').collect();
        let (words, files) = split(&lines[..3].concat()).unwrap();
        assert_eq!((words.as_str(), &files[0].bytes[..]), ("", &bytes(90)[..]));
        let (words, files) = split(&(lines[..3].concat() + "\nInviato da iPhone\n")).unwrap();
        assert_eq!((words.as_str(), files[0].bytes.len()), ("\nInviato da iPhone\n", 90));
    }

    #[test]
    fn blanks_may_be_lost_at_the_end_of_a_line() {
        let zeros: String = encoded("zeri.bin", &[0; 60]).replace('`', " ");
        let stripped: Vec<&str> = zeros.lines().map(str::trim_end).collect();
        let (words, files) = split(&stripped.join("\n")).unwrap();
        assert_eq!((words.as_str(), &files[0].bytes[..]), ("", &[0; 60][..]));
    }

    #[test]
    fn capitals_after_a_file_that_was_cut_off_are_words() {
        let cut = encoded("foto.jpg", &bytes(90)).replace("`\nend\n", "GRAZIE\nANNA");
        let (words, files) = split(&cut).unwrap();
        assert_eq!((words.as_str(), &files[0].bytes), ("GRAZIE\nANNA", &bytes(90)));
    }

    #[test]
    fn lost_blanks_are_not_filled_in_without_end() {
        let nothing = |lines: usize| format!("begin 644 a\n{}`\nend\n", "_\n".repeat(lines));
        assert_eq!(split(&nothing(1_000)).unwrap().1[0].bytes.len(), 63_000);
        assert_eq!(split(&nothing(100_000)), None);
    }

    #[test]
    fn a_letter_that_speaks_of_it_is_left_alone() {
        for prose in [
            "begin 644 foto.jpg\nQuesta riga non è un file.\nend\n",
            "begin 644 a\n\nCordiali saluti",
            "begin 644 a\nCIAO A TUTTI\nend\n",
            "begin 644 a",
            "begin 999 a\n#86)C\n`\nend\n",
            "begin 644 \n#86)C\n`\nend\n",
            "> begin 644 a\n> #86)C\n> `\n> end\n",
            "",
        ] {
            assert_eq!(split(prose), None, "{prose:?}");
        }
    }
}
