//! RTF as words, or as the HTML that it was made from (MS-OXRTFEX: `\fromhtml1`).
//!
//! Outlook writes each letter as RTF. One that was HTML before carries it: tags in `\*\htmltag` groups, words in between,
//! and between `\htmlrtf` and `\htmlrtf0` what only RTF needs. Groups are counted on a stack with a limit, nothing recurs,
//! each byte is looked at once.

mod output;
mod token;

use std::collections::HashMap;

use super::code_page::CodePage;
use output::Output;
use token::{Token, Tokens};

/// Groups inside groups beyond this number: no letter, and nothing is read from there on.
const MAX_GROUPS: usize = 1_000;
/// Fonts beyond this number count as those of the document.
const MAX_FONTS: usize = 1_000;

/// What an RTF document says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rtf {
    /// As plain text, when it was not HTML.
    pub(super) text: Option<String>,
    /// The HTML that it was made from.
    pub(super) html: Option<String>,
    /// Nothing was left out but looks.
    pub(super) whole: bool,
}

/// Reads a document. Total.
pub(super) fn read(rtf: &[u8]) -> Rtf {
    if !rtf.trim_ascii_start().starts_with(b"{\\rtf") {
        return Rtf::default();
    }
    let mut document = Document {
        group: Group { place: Place::Letter, code_page: CodePage::WINDOWS, substitutes: 1, hidden: false },
        outer: Vec::new(),
        code_page: CodePage::WINDOWS,
        fonts: HashMap::new(),
        font: 0,
        starred: false,
        skip: 0,
        html: false,
        whole: true,
        output: Output::default(),
    };
    for token in Tokens::of(rtf) {
        if document.outer.len() > MAX_GROUPS {
            document.whole = false;
            break;
        }
        document.take(token);
    }
    let written = Some(document.output.finished()).filter(|written| !written.trim().is_empty());
    let (text, html) = if document.html { (None, written) } else { (written, None) };
    Rtf { text, html, whole: document.whole && document.outer.is_empty() }
}

/// What a group inherits and its end forgets.
#[derive(Clone, Copy)]
struct Group {
    place: Place,
    code_page: CodePage,
    /// So many characters stand behind each `\u` for readers without Unicode (`\uc`).
    substitutes: usize,
    /// `\v`, or `\htmlrtf` where there was HTML.
    hidden: bool,
}

/// What the words of a group are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Words of the letter.
    Letter,
    /// A piece of its HTML.
    Tag,
    /// Names of fonts.
    Fonts,
    /// Nobody's words: styles, pictures, what we do not know.
    Elsewhere,
}

struct Document {
    group: Group,
    outer: Vec<Group>,
    /// Code page of the document (`\ansicpg`).
    code_page: CodePage,
    fonts: HashMap<i32, CodePage>,
    /// The font that is being described.
    font: i32,
    /// `\*`: whoever does not know the next word leaves its group out.
    starred: bool,
    /// Characters still to be left out after `\u`.
    skip: usize,
    html: bool,
    whole: bool,
    output: Output,
}

impl Document {
    fn take(&mut self, token: Token<'_>) {
        let starred = std::mem::take(&mut self.starred);
        match token {
            Token::Open => {
                self.skip = 0;
                self.outer.push(self.group);
            }
            Token::Close => {
                self.skip = 0;
                if let Some(group) = self.outer.pop() {
                    self.group = group;
                }
            }
            Token::Text(text) => {
                let skipped = self.skip.min(text.len());
                self.skip -= skipped;
                self.write(&text[skipped..]);
            }
            Token::Byte(_) | Token::Symbol(_) | Token::Word(..) if self.skip > 0 => self.skip -= 1,
            Token::Byte(byte) => self.write(&[byte]),
            Token::Symbol(symbol) => self.symbol(symbol),
            Token::Word(name, number) => self.word(name, number, starred),
        }
    }

    /// Words here belong to the letter.
    fn shown(&self) -> bool {
        matches!(self.group.place, Place::Letter | Place::Tag) && !self.group.hidden
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.shown() {
            self.output.bytes(bytes, self.group.code_page);
        }
    }

    fn write_char(&mut self, c: char) {
        if self.shown() {
            self.output.char(c);
        }
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'{' | b'}' | b'\\' => self.write(&[symbol]),
            b'\r' | b'\n' => self.write_char('\n'),
            b'\t' => self.write_char('\t'),
            b'~' => self.write_char('\u{a0}'),
            b'_' => self.write_char('\u{2011}'),
            b'*' => self.starred = true,
            _ => {} // `\-` and the marks of an index: not seen
        }
    }

    fn word(&mut self, name: &[u8], number: Option<i32>, starred: bool) {
        // in a letter that was HTML, pictures are files and what stands here is a copy
        if matches!(name, b"pict" | b"objdata") && !self.html {
            self.whole = false;
        }
        if self.group.place == Place::Elsewhere || self.setting(name, number) {
            return;
        }
        if let Some(c) = character(name) {
            self.write_char(c);
        } else if name == b"htmltag" && starred {
            // what a tag says is in the code page of the document, whatever the font around it
            self.group = Group { place: Place::Tag, code_page: self.code_page, ..self.group };
        } else if name == b"fonttbl" {
            self.group.place = Place::Fonts;
        } else if starred || is_elsewhere(name) {
            self.group.place = Place::Elsewhere;
        } else if name == b"u"
            && let Some(unit) = number
        {
            self.skip = self.group.substitutes;
            if self.shown() {
                self.output.unit(unit);
            }
        }
    }

    /// A word that changes how others are read.
    fn setting(&mut self, name: &[u8], number: Option<i32>) -> bool {
        let on = number != Some(0);
        let positive = number.and_then(|number| u32::try_from(number).ok());
        match name {
            b"fromhtml" => self.html = on,
            b"htmlrtf" if self.html => self.group.hidden = on,
            b"v" if !self.html => self.group.hidden = on,
            b"ansicpg" => {
                self.code_page = positive.and_then(CodePage::of).unwrap_or(CodePage::WINDOWS);
                self.group.code_page = self.code_page;
            }
            b"uc" => self.group.substitutes = positive.and_then(|n| usize::try_from(n).ok()).unwrap_or(1),
            b"plain" => self.group.code_page = self.code_page,
            b"f" if self.group.place == Place::Fonts => self.font = number.unwrap_or(0),
            b"f" => {
                let font = self.fonts.get(&number.unwrap_or(0));
                self.group.code_page = font.copied().unwrap_or(self.code_page);
            }
            b"fcharset" if self.group.place == Place::Fonts && self.fonts.len() < MAX_FONTS => {
                if let Some(code_page) = positive.and_then(CodePage::of_font) {
                    self.fonts.insert(self.font, code_page);
                }
            }
            _ => return false,
        }
        true
    }
}

/// Words that stand for a character.
fn character(name: &[u8]) -> Option<char> {
    Some(match name {
        b"par" | b"line" | b"sect" | b"page" | b"row" => '\n',
        b"tab" | b"cell" => '\t',
        b"lquote" => '‘',
        b"rquote" => '’',
        b"ldblquote" => '“',
        b"rdblquote" => '”',
        b"bullet" => '•',
        b"endash" => '–',
        b"emdash" => '—',
        _ => return None,
    })
}

/// Words that begin what nobody reads in the letter.
fn is_elsewhere(name: &[u8]) -> bool {
    const ELSEWHERE: &[&[u8]] = &[
        b"colortbl",
        b"filetbl",
        b"fldinst",
        b"footer",
        b"footerf",
        b"footerl",
        b"footerr",
        b"header",
        b"headerf",
        b"headerl",
        b"headerr",
        b"info",
        b"nonshppict",
        b"objdata",
        b"pict",
        b"stylesheet",
    ];
    ELSEWHERE.contains(&name)
}

#[cfg(test)]
mod tests;
