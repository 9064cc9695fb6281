//! What of a mail is shown and what is attached. All of it is one or the other, but for what only machines read:
//! signatures of S/MIME and PGP, and the part of a report that repeats its words for programs.

use std::borrow::Cow;

use memchr::memmem;

use super::{
    super::{
        calendar, decode, fields,
        headers::Headers,
        mime::{self, Kind, Part, Structure},
        names::Names,
        pec, tnef, uuencode,
    },
    letter::{Letter, MAX_TEXT},
};
use crate::domain::mail::{File, Invitation};

/// Longest text in bytes that is searched for files written into it: what is longer is attached in any case.
const MAX_ENCODED_TEXT: usize = 24 * 1024 * 1024;
/// Wrappings (`winmail.dat`, opaque S/MIME) of one mail that are opened.
const MAX_OPENED: usize = 10;
/// Bytes of wrappings that are opened, together: they are held three times while they are.
const MAX_OPENED_BYTES: usize = 20 * 1024 * 1024;
/// Bytes of the files beside a mail that is attached as a whole, and holds them in any case.
const MAX_TWICE: usize = 8 * 1024 * 1024;

const RFC822: &str = "message/rfc822";

/// What is shown and what is attached.
pub(super) struct Content {
    pub(super) text: String,
    pub(super) html: Option<String>,
    pub(super) files: Vec<File>,
    pub(super) invitation: Option<Invitation>,
}

impl Content {
    /// `raw` are the bytes of `mail`.
    pub(super) fn read(mail: &Structure<'_>, raw: &[u8]) -> Self {
        let mut sorting = Sorting { room: usize::MAX, ..Sorting::default() };
        sorting.mail(mail, raw);
        Self {
            text: sorting.letter.text(),
            html: sorting.letter.html(),
            files: sorting.files,
            invitation: sorting.invitation,
        }
    }
}

/// The parts as they are sorted.
#[derive(Default)]
struct Sorting {
    letter: Letter,
    names: Names,
    files: Vec<File>,
    invitation: Option<Invitation>,
    /// Bytes of files that are still taken.
    room: usize,
    /// Wrappings opened so far, and their bytes.
    opened: usize,
    opened_bytes: usize,
}

impl Sorting {
    fn mail(&mut self, mail: &Structure<'_>, raw: &[u8]) {
        if mail.incomplete {
            self.room = self.room.min(MAX_TWICE);
        }
        for (number, part) in mail.parts.iter().enumerate() {
            if !is_for_machines(part) {
                self.part(part, number == 0);
            }
        }
        if mail.incomplete {
            // too many parts, or too deep: the whole is attached as it came
            let name = self.names.give(Some("messaggio completo.eml"), RFC822);
            self.files.push(File {
                name,
                media_type: RFC822.to_owned(),
                content_id: None,
                bytes: raw.to_vec(),
            });
        }
    }

    fn part(&mut self, part: &Part<'_>, first_of_all: bool) {
        let bytes = decode::transfer(part.body, &part.headers.encoding);
        match part.headers.media_type.as_str() {
            _ if is_shown(part, first_of_all) => self.words(part, bytes),
            "application/ms-tnef" | "application/vnd.ms-tnef" => self.winmail(part, bytes),
            _ if is_winmail(part) => self.winmail(part, bytes),
            "application/pkcs7-mime" | "application/x-pkcs7-mime" if part.parent == Kind::Whole => {
                self.opaque(part, bytes);
            }
            "text/calendar" | "application/ics" => {
                self.calendar(part, &bytes);
                self.attach(part, bytes);
            }
            _ => self.attach(part, bytes),
        }
    }

    fn words(&mut self, part: &Part<'_>, bytes: Cow<'_, [u8]>) {
        let is_html = part.headers.media_type == "text/html";
        if !is_html && self.words_and_files(part, &bytes) {
            return;
        }
        let room = self.letter.room(is_html);
        let text = decode::text(&bytes[..bytes.len().min(room)], part.headers.charset.as_deref());
        self.letter.add(part.group, is_html, &text);
        if bytes.len() > room {
            drop(text);
            self.attach(part, bytes);
        }
    }

    /// Takes a text with files written into it.
    fn words_and_files(&mut self, part: &Part<'_>, bytes: &[u8]) -> bool {
        if bytes.len() > MAX_ENCODED_TEXT || !may_hold_files(bytes) {
            return false;
        }
        let text = decode::text(bytes, part.headers.charset.as_deref());
        let Some((words, files)) =
            uuencode::split(&text).filter(|(words, _)| words.len() <= self.letter.room(false))
        else {
            return false;
        };
        self.letter.add(part.group, false, &words);
        self.enclosed(files);
        true
    }

    /// A letter wrapped by Outlook. The wrapping stays unless all of it is shown or attached.
    fn winmail(&mut self, part: &Part<'_>, bytes: Cow<'_, [u8]>) {
        let inside = if self.may_open(&bytes) { tnef::read(&bytes) } else { None };
        let Some(inside) = inside else { return self.attach(part, bytes) };
        let words = inside.text.is_some() || inside.html.is_some();
        let shown = !words || self.winmail_words(inside.text.as_deref(), inside.html.as_deref());
        if !inside.whole || !shown || (!words && inside.files.is_empty()) {
            self.attach(part, bytes);
        }
        self.enclosed(inside.files);
    }

    /// Takes the wrapped words when the mail has none of its own; says whether they are shown.
    fn winmail_words(&mut self, plain: Option<&str>, html: Option<&str>) -> bool {
        if self.letter.is_empty() {
            self.letter.add_forms(plain, html);
            return [plain, html].into_iter().flatten().all(|words| words.len() <= MAX_TEXT);
        }
        let mut wrapped = Letter::default();
        wrapped.add_forms(plain, html);
        let squeezed = |letter: &Letter| letter.text().split_whitespace().collect::<String>();
        squeezed(&self.letter).contains(&squeezed(&wrapped))
    }

    /// A mail wrapped with its own signature.
    fn opaque(&mut self, part: &Part<'_>, bytes: Cow<'_, [u8]>) {
        let inside = if self.may_open(&bytes) { pec::smime_content(&bytes) } else { None };
        match inside.filter(|inside| fields::name(inside).is_some()) {
            Some(inside) => {
                drop(bytes);
                self.mail(&mime::take_apart(&inside), &inside);
            }
            None => self.attach(part, bytes),
        }
    }

    fn may_open(&mut self, bytes: &[u8]) -> bool {
        self.opened += 1;
        self.opened_bytes += bytes.len();
        self.opened <= MAX_OPENED && self.opened_bytes <= MAX_OPENED_BYTES
    }

    fn calendar(&mut self, part: &Part<'_>, bytes: &[u8]) {
        if self.invitation.is_none() {
            let ics = decode::text(&bytes[..bytes.len().min(MAX_TEXT)], part.headers.charset.as_deref());
            self.invitation = calendar::read(&ics);
        }
    }

    fn attach(&mut self, part: &Part<'_>, bytes: Cow<'_, [u8]>) {
        let headers = &part.headers;
        let given = headers.name.clone().filter(|name| !name.trim().is_empty());
        let given =
            if headers.media_type == RFC822 { given.or_else(|| enclosed_name(&bytes)) } else { given };
        self.take(given.as_deref(), &headers.media_type, headers.content_id.clone(), bytes);
    }

    /// Takes the files out of a part.
    fn enclosed(&mut self, files: Vec<File>) {
        for file in files {
            self.take(Some(&file.name), &file.media_type, file.content_id, Cow::Owned(file.bytes));
        }
    }

    fn take(
        &mut self,
        name: Option<&str>,
        media_type: &str,
        content_id: Option<String>,
        bytes: Cow<'_, [u8]>,
    ) {
        if let Some(room) = self.room.checked_sub(bytes.len()) {
            self.room = room;
            let name = self.names.give(name, media_type);
            self.files.push(File {
                name,
                media_type: media_type.to_owned(),
                content_id,
                bytes: bytes.into_owned(),
            });
        }
    }
}

/// Servers between give it another media type.
fn is_winmail(part: &Part<'_>) -> bool {
    part.headers.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat"))
}

/// A first look: a line begins like a file of `uuencode`.
fn may_hold_files(text: &[u8]) -> bool {
    memmem::find_iter(text, b"begin ").any(|at| at == 0 || text[at - 1] == b'\n')
}

/// The part says nothing to a person.
fn is_for_machines(part: &Part<'_>) -> bool {
    match part.headers.media_type.as_str() {
        "application/pgp-signature" | "application/pkcs7-signature" | "application/x-pkcs7-signature" => {
            part.parent == Kind::Signed
        }
        "message/delivery-status"
        | "message/global-delivery-status"
        | "message/disposition-notification"
        | "message/feedback-report"
        | "text/rfc822-headers" => part.parent == Kind::Report,
        _ => false,
    }
}

/// The part belongs to the letter itself.
fn is_shown(part: &Part<'_>, first_of_all: bool) -> bool {
    let headers = &part.headers;
    let words = matches!(headers.media_type.as_str(), "text/plain" | "text/html");
    let placed = match part.parent {
        Kind::Alternative => true,
        Kind::Related | Kind::Signed => part.first,
        Kind::Whole | Kind::Mixed | Kind::Digest | Kind::Report => first_of_all || headers.name.is_none(),
    };
    words && placed && !headers.attached
}

/// An enclosed mail is called by its subject.
fn enclosed_name(raw: &[u8]) -> Option<String> {
    let (header, _) = mime::split_header(raw);
    let subject = Headers::read(header).subject().replace(['/', '\\'], "-");
    (!subject.is_empty()).then(|| format!("{subject}.eml"))
}
