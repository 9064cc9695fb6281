//! `winmail.dat` (MS-OXTNEF): what Outlook wraps a letter in when it believes that its reader is an Outlook too.
//!
//! Attributes follow one another; those of the letter hold its words, those of an attachment a file. The crate `tnef`
//! was refused: it is of 2019 and reads files only, while the words are what an operator misses most. Nothing is nested
//! here: a letter inside the letter is a file, a `winmail.dat` of its own. Whatever is beyond reading makes the result
//! less than `whole`, and then the `winmail.dat` itself belongs to the files of the mail.

mod attachment;
mod code_page;
mod cursor;
mod lzfu;
mod property;
mod rtf;
mod words;

use attachment::Attachment;
use code_page::CodePage;
use cursor::Cursor;
use words::Words;

use super::names::Names;
use crate::domain::mail::File;

/// A letter taken out of its `winmail.dat`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tnef {
    /// The letter as plain text.
    pub text: Option<String>,
    /// The letter as HTML, not cleaned.
    pub html: Option<String>,
    /// Its files, in order, each with a safe name.
    pub files: Vec<File>,
    /// All of it could be read. Else the `winmail.dat` itself should stay with the letter.
    pub whole: bool,
}

/// The first bytes of every `winmail.dat`.
const SIGNATURE: &[u8] = b"\x78\x9f\x3e\x22";
/// Files beyond this number stay in the `winmail.dat`: as many as a mail may have parts.
const MAX_FILES: usize = super::mime::MAX_PARTS;
/// Attributes beyond this number are not read. A file needs up to eight.
const MAX_ATTRIBUTES: usize = 10 * MAX_FILES;

/// Reads a `winmail.dat`. `None` when it is none.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Tnef> {
    let mut rest = Cursor::new(bytes.strip_prefix(SIGNATURE)?);
    let mut letter = Letter { whole: rest.u16().is_some(), ..Letter::default() };
    for _ in 0..MAX_ATTRIBUTES {
        match Attribute::read(&mut rest) {
            Some(attribute) => letter.add(&attribute),
            None => break,
        }
    }
    letter.whole &= rest.holds_nothing();
    Some(letter.finished())
}

/// One attribute. Its number is the lower half of its identifier; the upper half, its type, follows from it.
struct Attribute<'a> {
    of_attachment: bool,
    number: u16,
    data: &'a [u8],
    /// As long as announced, with the right checksum.
    sound: bool,
}

impl<'a> Attribute<'a> {
    /// `None` at the end, or at what is no attribute.
    fn read(rest: &mut Cursor<'a>) -> Option<Self> {
        let mut ahead = *rest;
        let of_attachment = match ahead.u8()? {
            1 => false,
            2 => true,
            _ => return None,
        };
        let number = ahead.u16()?;
        let _type = ahead.u16()?;
        let length = ahead.length()?;
        let data = ahead.up_to(length);
        let sum = data.iter().fold(0_u16, |sum, &byte| sum.wrapping_add(byte.into()));
        let sound = ahead.u16() == Some(sum) && data.len() == length;
        *rest = ahead;
        Some(Self { of_attachment, number, data, sound })
    }
}

/// What the attributes gather to. Decoded at the end: the code page may come after what is written in it.
#[derive(Default)]
struct Letter<'a> {
    code_page: Option<CodePage>,
    body: &'a [u8],
    properties: &'a [u8],
    attachments: Vec<Attachment<'a>>,
    /// There were more files than we take.
    full: bool,
    whole: bool,
}

impl<'a> Letter<'a> {
    fn add(&mut self, attribute: &Attribute<'a>) {
        self.whole &= attribute.sound;
        match (attribute.of_attachment, attribute.number) {
            // attOemCodepage, attBody, attMAPIProps
            (false, 0x9007) => self.code_page = Cursor::new(attribute.data).u32().and_then(CodePage::of),
            (false, 0x800c) => self.body = attribute.data,
            (false, 0x9003) => self.properties = attribute.data,
            (false, _) => {}
            (true, number) => self.add_to_attachment(number, attribute.data),
        }
    }

    fn add_to_attachment(&mut self, number: u16, data: &'a [u8]) {
        // attAttachRendData begins an attachment
        if number == 0x9002 || self.attachments.is_empty() {
            self.full |= self.attachments.len() >= MAX_FILES;
            self.whole &= !self.full;
            if !self.full {
                self.attachments.push(Attachment::default());
            }
        }
        if let Some(attachment) = self.attachments.last_mut().filter(|_| !self.full) {
            attachment.add(number, data);
        }
    }

    fn finished(mut self) -> Tnef {
        let words = Words::read(self.body, self.properties, self.code_page);
        let mut names = Names::default();
        let mut files = Vec::new();
        for attachment in self.attachments {
            let (file, whole) = attachment.file(words.code_page, &mut names);
            self.whole &= whole;
            files.extend(file);
        }
        Tnef { text: words.text, html: words.html, files, whole: self.whole && words.whole }
    }
}

#[cfg(test)]
mod made;
#[cfg(test)]
mod tests;
