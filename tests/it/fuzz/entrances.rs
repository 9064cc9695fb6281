//! Each way by which a stranger's bytes are read, with what has to hold behind it: no panic, nothing that a database or
//! a page would refuse, and no more than a multiple of what came in. The short run (`tests/it/fuzz.rs`) and the long one
//! (`fuzz/`) both go through here.

use std::collections::HashSet;

use entity::origin::Origin;
use riscontro::{
    channel::email::{
        calendar, decode, mime,
        parse::{MAX_TEXT, Reader},
        pec, report, tnef, uuencode,
    },
    domain::{
        mail::{File, Mail},
        quote,
    },
};

/// An entrance and its name, which is also that of its seeds (`tests/data/seeds`).
pub type Entrance = (&'static str, fn(&[u8]));

/// All of them. Answers of an IMAP server are not among them: async-imap reads them, and our line to it is tried with
/// whole conversations (`channel_email`).
pub const ENTRANCES: &[Entrance] = &[
    ("parse", parse),
    ("certified", certified),
    ("daticert", daticert),
    ("signature", signature),
    ("tnef", winmail),
    ("calendar", appointment),
    ("uuencode", files_in_text),
    ("quote", visible_text),
    ("report", bounce),
];

/// A mail in an ordinary mailbox.
pub fn parse(raw: &[u8]) {
    let reader = Reader { authserv_id: "mx.azienda.example".to_owned(), ..Reader::default() };
    assert_fit(&reader.read(raw), raw.len());
}

/// A mail in a mailbox of certified mail.
pub fn certified(raw: &[u8]) {
    let reader = Reader { pec: true, ..Reader::default() };
    assert_fit(&reader.read(raw), raw.len());
}

/// What a provider certifies.
pub fn daticert(xml: &[u8]) {
    certified(&[ENVELOPE, b"Content-Type: application/xml; name=daticert.xml\r\n\r\n", xml].concat());
}

/// A provider's signature on an envelope, and a mail that is all signature.
pub fn signature(cms: &[u8]) {
    certified(&[SIGNED, data_encoding::BASE64_MIME.encode(cms).as_bytes()].concat());
    let content = pec::smime_content(cms).unwrap_or_default();
    assert!(content.len() <= cms.len(), "{} bytes of {}", content.len(), cms.len());
}

const ENVELOPE: &[u8] =
    b"X-Trasporto: posta-certificata\r\nContent-Type: multipart/mixed; boundary=fuzz\r\n\r\n--fuzz\r\n";
const SIGNED: &[u8] = b"X-Trasporto: posta-certificata\r\nContent-Type: multipart/signed; \
    protocol=\"application/x-pkcs7-signature\"; boundary=fuzz\r\n\r\n--fuzz\r\n\r\nciao\r\n--fuzz\r\n\
    Content-Type: application/x-pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n";

/// A letter wrapped by Outlook.
pub fn winmail(bytes: &[u8]) {
    let Some(tnef) = tnef::read(bytes) else { return };
    assert_files(&tnef.files, bytes.len());
    // eight times by compression, three times by characters beyond ASCII
    for words in [tnef.text, tnef.html].into_iter().flatten() {
        assert!(words.len() <= 30 * bytes.len(), "{} bytes of {}", words.len(), bytes.len());
    }
}

/// An appointment.
pub fn appointment(bytes: &[u8]) {
    let invitation = calendar::read(&decode::text(bytes, None));
    assert_storable(&Origin { invitation, ..Origin::default() }, bytes.len());
}

/// Files written into a text.
pub fn files_in_text(bytes: &[u8]) {
    let text = decode::text(bytes, None);
    let Some((words, files)) = uuencode::split(&text) else { return };
    assert!(!files.is_empty() && words.len() < text.len());
    // a line of one letter may stand for sixty-three bytes of nothing
    assert_files(&files, 32 * text.len());
}

/// The new words of an answer.
pub fn visible_text(bytes: &[u8]) {
    let text = decode::tidy(&decode::text(bytes, None));
    for subject in ["Re: Cassonetto", "Cassonetto"] {
        let visible = quote::visible(&text, subject).unwrap_or_default();
        assert!(visible.len() <= text.len(), "{} bytes of {}", visible.len(), text.len());
    }
}

/// A server's report of a letter of ours.
pub fn bounce(raw: &[u8]) {
    let structure = mime::take_apart(raw);
    let text = decode::tidy(&decode::text(raw, None));
    let Some(report) = report::read(&structure, "mailer-daemon@mx.example", &text) else { return };
    for reported in &report.recipients {
        assert_line(&reported.address);
        assert_line(&reported.words);
        assert_line(reported.status.as_deref().unwrap_or_default());
    }
    report.about.iter().for_each(|id| assert_line(id));
}

/// A mail that may be stored and shown.
fn assert_fit(mail: &Mail, raw: usize) {
    assert_line(&mail.subject);
    let ids = mail.message_id.iter().chain(&mail.in_reply_to).chain(&mail.references);
    ids.for_each(|id| assert_line(id));
    let people = mail.from.iter().chain(&mail.reply_to).chain(&mail.to).chain(&mail.cc);
    people.for_each(|one| assert_line(&format!("{} {}", one.name, one.address)));
    for text in [Some(&mail.text), mail.visible_text.as_ref()].into_iter().flatten() {
        assert!(text.len() <= MAX_TEXT, "{} bytes of text", text.len());
        assert!(!text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')), "{text:?}");
    }
    let html = mail.html.as_deref().unwrap_or_default();
    assert!(html.len() <= 4 * MAX_TEXT && !html.contains('\0'), "{} bytes of HTML", html.len());
    // the most that there is to grow: see `files_in_text`
    assert_files(&mail.attachments, 32 * raw);
    let (invitation, pec) = (mail.invitation.clone(), mail.pec.clone());
    assert_storable(&Origin { kind: mail.kind, authenticity: mail.authenticity, invitation, pec }, raw);
}

fn assert_files(files: &[File], limit: usize) {
    let total: usize = files.iter().map(|file| file.bytes.len()).sum();
    assert!(total <= limit, "{total} bytes of files, expected at most {limit}");
    let mut names = HashSet::new();
    for file in files {
        assert!((1..=200).contains(&file.name.len()) && !file.name.contains(['/', '\\']), "{:?}", file.name);
        assert_line(&file.name);
        assert_line(&file.media_type);
        assert_line(file.content_id.as_deref().unwrap_or_default());
        assert!(names.insert(file.name.to_lowercase()), "{:?} twice", file.name);
    }
}

fn assert_line(text: &str) {
    assert!(!text.contains(char::is_control), "{text:?}");
}

/// JSON writes a control character as `\u00…`, and PostgreSQL takes no NUL, however written.
fn assert_storable(origin: &Origin, raw: usize) {
    let json = serde_json::to_string(origin).unwrap();
    assert!(!json.contains("\\u00"), "{json}");
    assert!(json.len() <= 20 * raw + 2_000, "{} bytes of {raw}", json.len());
}
