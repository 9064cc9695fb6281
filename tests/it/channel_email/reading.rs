//! Reading mail: hostile input, and the corpus beside the project.

use std::{
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use proptest::{collection::vec, prelude::*};
use riscontro::{
    channel::email::{names, parse::parse},
    domain::mail::{Mail, MailKind},
};

/// What holds for every mail.
fn sound(mail: &Mail) {
    let clean = |text: &str| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    let line = |text: &str| !text.chars().any(char::is_control);
    assert!(line(&mail.subject) && clean(&mail.text) && mail.html.as_deref().is_none_or(clean), "{mail:?}");
    assert!(mail.references.len() <= 100 && mail.in_reply_to.len() <= 100);
    for id in mail.message_id.iter().chain(&mail.references).chain(&mail.in_reply_to) {
        assert!(line(id) && !id.is_empty() && !id.contains(['<', '>', ' ']), "{id:?}");
    }
    for one in mail.from.iter().chain(&mail.reply_to).chain(&mail.to).chain(&mail.cc) {
        assert!(line(&one.name) && line(&one.address) && one.address.contains('@'), "{one:?}");
        assert_eq!(one.address, one.address.to_lowercase());
    }
    let mut taken = std::collections::HashSet::new();
    for file in &mail.attachments {
        assert!(
            !file.name.is_empty() && line(&file.name) && file.name.len() <= names::MAX_BYTES,
            "{:?}",
            file.name
        );
        assert!(!file.name.contains(['/', '\\']) && file.name != "." && file.name != "..", "{:?}", file.name);
        assert!(taken.insert(file.name.to_lowercase()), "{:?} twice", file.name);
    }
    if let Some(html) = &mail.html {
        let html = html.to_lowercase();
        for bad in [
            "<script",
            "<style",
            "<form",
            "<iframe",
            "<meta",
            "javascript:",
            "src=\"http",
            " onclick",
            " style=",
        ] {
            assert!(!html.contains(bad) || mail.text.to_lowercase().contains(bad), "{bad} in {html}");
        }
    }
}

const USUAL: &str = "From: =?utf-8?Q?Nicol=C3=B2?= <N@Libero.it>\r\nTo: a@b.it\r\nSubject: Reclamo\r\nMessage-ID: <a@b>\r\n\
    References: <x@y> <z@w>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"m\"\r\n\r\n--m\r\n\
    Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Transfer-Encoding: quoted-printable\r\n\r\nCitt=C3=A0\r\n--a\r\nContent-Type: text/html\r\n\r\n<p>Citt&agrave; \
    <img src=\"cid:1@x\"><script>x</script></p>\r\n--a--\r\n--m\r\nContent-Type: image/png; name=\"foto.png\"\r\nContent-ID: <1@x>\r\n\
    Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: dentro\r\n\r\nciao\r\n--m--\r\n";

#[test]
fn a_usual_mail_is_read_as_its_writer_meant_it() {
    let mail = parse(USUAL.as_bytes());
    sound(&mail);
    assert_eq!((mail.sender(), mail.from.as_ref().unwrap().name.as_str()), ("n@libero.it", "Nicolò"));
    assert_eq!(
        (mail.text.as_str(), mail.html.as_deref()),
        ("Città", Some("<p>Città <img src=\"cid:1@x\" alt=\"\"></p>"))
    );
    let files: Vec<_> = mail
        .attachments
        .iter()
        .map(|file| (file.name.as_str(), file.media_type.as_str(), file.bytes.len()))
        .collect();
    assert_eq!(files, [("foto.png", "image/png", 8), ("dentro.eml", "message/rfc822", 23)]);
    assert_eq!(mail.attachments[0].content_id.as_deref(), Some("1@x"));
    assert_eq!(mail.kind, MailKind::Letter);
}

#[test]
fn nothing_is_dropped_that_is_neither_shown_nor_readable() {
    let text_only_in_html = parse(b"Content-Type: text/html\r\n\r\n<p>Solo <b>HTML</b></p>");
    assert_eq!(text_only_in_html.text, "Solo HTML");
    let two_texts = "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nprima\r\n--m\r\nContent-Type: text/html\r\n\r\n<p>poi</p>\r\n--m\r\n\
        Content-Type: text/plain; name=nota.txt\r\n\r\nallegata\r\n--m--";
    let mail = parse(two_texts.as_bytes());
    assert_eq!(
        (mail.text.as_str(), mail.html.as_deref()),
        ("prima\n\npoi", Some("<p>prima</p>\n<p>poi</p>"))
    );
    assert_eq!(mail.attachments[0].name, "nota.txt");
    let long = format!("Subject: x\r\n\r\n{}", "parola ".repeat(200_000));
    let mail = parse(long.as_bytes());
    assert!(mail.text.len() <= 1 << 20);
    assert_eq!(mail.attachments[0].bytes.len(), 7 * 200_000);
}

/// Reads on a thread with the stack of a tokio worker, within a time that holds for a debug build on a busy machine.
fn read_within(raw: Vec<u8>, limit: Duration) -> Mail {
    let started = Instant::now();
    let reading = std::thread::Builder::new().stack_size(2 << 20).spawn(move || parse(&raw)).unwrap();
    let mail = reading.join().unwrap();
    assert!(started.elapsed() < limit, "{:?}", started.elapsed());
    sound(&mail);
    mail
}

#[test]
fn bombs_do_not_go_off() {
    let limit = Duration::from_secs(20);
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(60_000);
    assert_eq!(read_within(nested.clone().into_bytes(), limit).attachments.len(), 1);

    let wrapped = data_encoding::BASE64.encode(nested.as_bytes());
    let wrapped =
        format!("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{wrapped}");
    assert_eq!(read_within(wrapped.into_bytes(), limit).attachments[0].bytes, nested.as_bytes());

    let divs = format!("Content-Type: text/html\r\n\r\nciao{}", "<div>".repeat(300_000));
    let mail = read_within(divs.into_bytes(), limit);
    assert_eq!((mail.text.as_str(), mail.html), ("ciao", None));

    let crossed: Vec<String> = (0..20_000).map(|n| format!("<p><b id={n}>x</i>")).collect();
    let mail =
        read_within(format!("Content-Type: text/html\r\n\r\n{}", crossed.concat()).into_bytes(), limit);
    assert!(mail.html.is_none() && mail.text.starts_with("x\n\nx"));

    let part = "--m\r\nContent-Type: application/pdf\r\n\r\nx\r\n";
    let parts = format!("Content-Type: multipart/mixed; boundary=m\r\n\r\n{}", part.repeat(10_000));
    let mail = read_within(parts.clone().into_bytes(), limit);
    assert_eq!(mail.attachments.len(), 1_001);
    assert_eq!(mail.attachments[1_000].bytes, parts.as_bytes(), "the rest is in the whole");

    let deep: Vec<String> = (0..20_000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
        .collect();
    read_within(deep.concat().into_bytes(), limit);
    read_within(b"a:\n".repeat(2_000_000), limit);
    read_within(format!("Content-Type: x/y{}\r\n\r\n", "; a*1=b".repeat(30_000)).into_bytes(), limit);
    read_within(format!("References: {}\r\n\r\n", "<a@b> ".repeat(100_000)).into_bytes(), limit);
    read_within(format!("To: {}\r\n\r\n", "a@b.it, ".repeat(100_000)).into_bytes(), limit);
    read_within(format!("Subject: {}\r\n\r\n", "=?utf-8?Q?=C3=A0?= ".repeat(50_000)).into_bytes(), limit);
    let dashes =
        format!("Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\n{}", "--\r\n".repeat(1_000_000));
    read_within(dashes.into_bytes(), limit);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_mail(raw in vec(any::<u8>(), 0..2_000)) {
        sound(&parse(&raw));
    }

    #[test]
    fn a_damaged_mail_is_a_mail(damage in vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..40)) {
        let mut raw = USUAL.as_bytes().to_vec();
        for (at, byte, kind) in damage {
            let at = at.index(raw.len());
            match kind {
                0 => raw[at] = byte,
                1 => raw.insert(at, byte),
                _ => { raw.truncate(raw.len() - raw.len() / 50); raw.swap_remove(at.min(raw.len() - 1)); }
            }
        }
        sound(&parse(&raw));
    }

    #[test]
    fn any_words_between_tags_are_sound(pieces in vec("(<[a-z]{1,8}( [a-z]{2,6}=[\"']?[^\"'>]{0,9}[\"']?)?>|</[a-z]{1,8}>|<!--|-->|&[a-z]{2,6};|[^<>]{0,9})", 0..40)) {
        sound(&parse(format!("Content-Type: text/html; charset=utf-8\r\n\r\n{}", pieces.concat()).as_bytes()));
    }
}

/// The corpus is not part of the project; where it lies beside it, all of it must be read soundly and mostly rightly.
#[test]
fn the_corpus_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/mail");
    let Ok(mut manifest) = csv::Reader::from_path(corpus.join("MANIFEST.csv")) else {
        let _ = writeln!(std::io::stderr(), "skipped the_corpus_is_read: {} is not there", corpus.display());
        return;
    };
    let columns = manifest.headers().unwrap().clone();
    let (mut read, mut wrong) = (0, Vec::new());
    for row in manifest.records() {
        let row = row.unwrap();
        let cell = |name| columns.iter().position(|column| column == name).map_or("", |at| &row[at]);
        let mail = read_within(std::fs::read(corpus.join(cell("path"))).unwrap(), Duration::from_secs(5));
        read += 1;
        let squeezed = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
        let mut check = |name: &'static str, got: &str| {
            let expected = cell(name);
            if !expected.is_empty() && squeezed(expected.trim_matches(['<', '>'])) != squeezed(got) {
                wrong.push(format!("{}: {name}", cell("path")));
            }
        };
        check("from", mail.sender());
        check("subject", &mail.subject);
        check("message_id", mail.message_id.as_deref().unwrap_or_default());
        check("attachments", &mail.attachments.len().to_string());
    }
    assert!(read > 250);
    // signatures counted as files (2), broken encoded words (2)
    assert!(wrong.len() <= 4, "{wrong:#?}");
}
