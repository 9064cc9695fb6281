//! Reading mail: what it may hold, and hostile input.

use std::time::{Duration, Instant};

use proptest::{collection::vec, prelude::*};
use riscontro::{
    channel::email::{
        names::MAX_BYTES,
        parse::{Reader, parse},
    },
    domain::mail::{Mail, MailKind},
};

/// What holds for every mail.
pub(crate) fn sound(mail: &Mail) {
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
        assert!(!file.name.is_empty() && line(&file.name) && file.name.len() <= MAX_BYTES, "{:?}", file.name);
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

/// A mail of parts.
fn mixed(parts: &[&str]) -> Vec<u8> {
    let parts: String = parts.iter().map(|part| format!("--m\r\n{part}\r\n")).collect();
    format!("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n{parts}--m--\r\n")
        .into_bytes()
}

fn names(mail: &Mail) -> Vec<&str> {
    mail.attachments.iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn files_written_into_the_text_come_out_of_it() {
    let mail =
        parse(b"Subject: foto\r\n\r\nEcco:\r\n\r\nbegin 644 ciao.txt\r\n$8VEA;P``\r\n`\r\nend\r\n\r\nSaluti");
    assert_eq!((names(&mail), mail.attachments[0].bytes.as_slice()), (vec!["ciao.txt"], b"ciao".as_slice()));
    assert!(mail.text.starts_with("Ecco:") && mail.text.ends_with("Saluti") && !mail.text.contains("begin"));
}

/// One attribute of a `winmail.dat`.
fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let sum = data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    let length = u32::try_from(data.len()).unwrap();
    [&[level], id.to_le_bytes().as_slice(), &length.to_le_bytes(), data, &sum.to_le_bytes()].concat()
}

fn winmail(attributes: &[Vec<u8>]) -> String {
    let bytes = [&[0x78, 0x9f, 0x3e, 0x22, 1, 0], attributes.concat().as_slice()].concat();
    format!(
        "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        data_encoding::BASE64.encode(&bytes)
    )
}

#[test]
fn a_letter_wrapped_by_outlook_is_unwrapped() {
    let words = attribute(1, 0x0002_800c, b"Buongiorno\0");
    let file = [
        attribute(2, 0x0006_9002, &[0; 14]),
        attribute(2, 0x0001_8010, b"foto.jpg\0"),
        attribute(2, 0x0006_800f, b"JPEG"),
    ];
    let whole = winmail(&[words.as_slice(), file.concat().as_slice()].map(<[u8]>::to_vec));
    let mail = parse(&mixed(&[&whole]));
    assert_eq!((mail.text.as_str(), names(&mail)), ("Buongiorno", vec!["foto.jpg"]));
    let same = parse(&mixed(&["\r\nBuongiorno", &whole]));
    assert_eq!((same.text.as_str(), names(&same)), ("Buongiorno", vec!["foto.jpg"]));
    let renamed = parse(&mixed(&[&whole.replace("ms-tnef", "octet-stream")]));
    assert_eq!((renamed.text.as_str(), names(&renamed)), ("Buongiorno", vec!["foto.jpg"]));
    let other = parse(&mixed(&["\r\nVedi allegato", &whole]));
    assert_eq!((other.text.as_str(), names(&other)), ("Vedi allegato", vec!["winmail.dat", "foto.jpg"]));
    let cut = parse(&mixed(&[&whole[..whole.len() - 8]]));
    assert!(names(&cut).contains(&"winmail.dat"), "{:?}", names(&cut));
}

/// A value of DER.
fn der(tag: u8, inside: &[&[u8]]) -> Vec<u8> {
    let inside = inside.concat();
    let length = u16::try_from(inside.len()).unwrap();
    let [high, low] = length.to_be_bytes();
    let header: &[u8] = match length {
        0..=127 => &[tag, low],
        128..=255 => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [header, &inside].concat()
}

#[test]
fn a_mail_wrapped_in_its_signature_is_opened() {
    let inner = b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nfirmato\r\n--i\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nPDF\r\n--i--";
    let signed_data = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    let data = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
    let content = der(0x30, &[data, &der(0xa0, &[&der(0x04, &[inner])])]);
    let signed = der(0x30, &[b"\x02\x01\x01", &der(0x31, &[]), &content, &der(0x31, &[])]);
    let cms = data_encoding::BASE64.encode(&der(0x30, &[signed_data, &der(0xa0, &[&signed])]));
    let part = format!(
        "Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n{cms}"
    );
    let mail = parse(part.as_bytes());
    assert_eq!((mail.text.as_str(), names(&mail)), ("firmato", vec!["a.pdf"]));
    // a signed document is a document
    assert_eq!(names(&parse(&mixed(&["\r\nallego", &part]))), ["smime.p7m"]);
    assert_eq!(
        names(&parse(b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\ncifrato")),
        ["smime.p7m"]
    );
}

#[test]
fn what_only_machines_read_is_no_file() {
    let signed = "Content-Type: multipart/signed; boundary=m\r\n\r\n--m\r\n\r\nciao\r\n--m\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx\r\n--m--";
    assert_eq!(names(&parse(signed.as_bytes())), Vec::<&str>::new());
    assert_eq!(names(&parse(signed.replace("signed", "mixed").as_bytes())), ["smime.p7s"]);
    let report = "Content-Type: multipart/report; report-type=delivery-status; boundary=m\r\n\r\n--m\r\n\r\nnon arrivata\r\n\
        --m\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\n--m\r\n\
        Content-Type: message/rfc822\r\n\r\nSubject: la nostra\r\n\r\nciao\r\n--m--";
    let mail = parse(report.as_bytes());
    assert_eq!((mail.text.as_str(), names(&mail)), ("non arrivata", vec!["la nostra.eml"]));
}

#[test]
fn an_invitation_is_read_and_stays_a_file() {
    let ics = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Sopralluogo\r\nDTSTART:20260415T070000Z\r\nLOCATION:via Po\r\nEND:VEVENT\r\nEND:VCALENDAR";
    let mail = parse(&mixed(&[
        "\r\nCi vediamo",
        &format!("Content-Type: text/calendar; charset=utf-8\r\n\r\n{ics}"),
    ]));
    let invitation = mail.invitation.as_ref().unwrap();
    assert_eq!((invitation.method.as_str(), invitation.place.as_str()), ("REQUEST", "via Po"));
    assert_eq!(names(&mail), ["allegato.ics"]);
}

#[test]
fn what_decides_is_found_behind_ten_megabytes_of_header() {
    let raw = format!(
        "Subject: {}\r\n{}From: anna@b.example\r\nIn-Reply-To: <c@d>\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <a@b>\r\n\r\nciao",
        "parola ".repeat(1_500_000),
        "Cc: tanti@esempio.example\r\n".repeat(100_000)
    );
    let mail = read_within(raw.into_bytes(), Duration::from_secs(20));
    assert_eq!((mail.sender(), mail.message_id.as_deref()), ("anna@b.example", Some("a@b")));
    assert_eq!(
        (mail.in_reply_to.as_slice(), mail.kind),
        (["c@d".to_owned()].as_slice(), MailKind::AutoReply)
    );
    assert_eq!((mail.text.as_str(), mail.cc.len()), ("ciao", 500));
}

/// A certified letter; `header` makes it what it is.
fn envelope(header: &str) -> Vec<u8> {
    format!(
        "From: \"Per conto di: anna@pec.example\" <posta-certificata@gestore.example>\r\nSubject: BUSTA\r\nMessage-ID: <busta@x>\r\n{header}\r\n\
        Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nAvviso del gestore\r\n--m\r\nContent-Type: message/rfc822; name=postacert.eml\r\n\r\n\
        From: Anna <anna@pec.example>\r\nSubject: Reclamo\r\nMessage-ID: <lettera@x>\r\nReferences: <prima@x>\r\n\r\nBuongiorno\r\n--m--\r\n"
    )
    .into_bytes()
}

#[test]
fn an_envelope_is_opened_only_in_a_mailbox_of_certified_mail() {
    let certified = Reader { pec: true, ..Reader::default() };
    let raw = envelope("X-Trasporto: posta-certificata");
    let letter = certified.read(&raw);
    sound(&letter);
    assert_eq!(
        (letter.sender(), letter.subject.as_str(), letter.text.as_str()),
        ("anna@pec.example", "Reclamo", "Buongiorno")
    );
    assert_eq!(
        (letter.kind, letter.message_id.as_deref(), letter.references.as_slice()),
        (MailKind::Letter, Some("lettera@x"), ["prima@x".to_owned()].as_slice())
    );
    let pec = letter.pec.as_ref().unwrap();
    assert_eq!(
        (pec.envelope_from.as_str(), pec.envelope_id.as_deref()),
        ("posta-certificata@gestore.example", Some("busta@x"))
    );

    let ordinary = parse(&raw);
    assert_eq!(
        (ordinary.subject.as_str(), ordinary.text.as_str(), ordinary.pec.is_none()),
        ("BUSTA", "Avviso del gestore", true)
    );
    assert_eq!(names(&ordinary), ["postacert.eml"]);

    let raw = envelope("X-Ricevuta: avvenuta-consegna");
    let receipt = certified.read(&raw);
    assert_eq!(
        (receipt.kind, receipt.text.as_str(), receipt.report.is_none()),
        (MailKind::PecReceipt, "Avviso del gestore", true)
    );
    let ordinary = parse(&raw);
    assert!(ordinary.kind != MailKind::PecReceipt && ordinary.pec.is_none(), "anybody can write the header");
}

#[test]
fn an_envelope_in_an_envelope_is_a_file() {
    let inner = String::from_utf8(envelope("X-Trasporto: posta-certificata")).unwrap();
    let forwarded = format!(
        "X-Trasporto: posta-certificata\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: message/rfc822; name=postacert.eml\r\n\r\n\
        From: bruno@pec.example\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nInoltro\r\n--i\r\nContent-Type: message/rfc822; name=busta.eml\r\n\r\n{inner}\r\n--i--\r\n--o--\r\n"
    );
    let mail = Reader { pec: true, ..Reader::default() }.read(forwarded.as_bytes());
    assert_eq!(
        (mail.sender(), mail.text.as_str(), names(&mail)),
        ("bruno@pec.example", "Inoltro", vec!["busta.eml"])
    );
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

    let divs = format!("Content-Type: text/html\r\n\r\nciao{}", "<div>".repeat(200_000));
    let mail = read_within(divs.into_bytes(), limit);
    assert_eq!(mail.text, "ciao");
    assert!(mail.html.unwrap().len() < 10_000);

    let crossed: Vec<String> = (0..20_000).map(|n| format!("<p><b id={n}>x</i>")).collect();
    let mail =
        read_within(format!("Content-Type: text/html\r\n\r\n{}", crossed.concat()).into_bytes(), limit);
    assert!(
        mail.html.unwrap().starts_with("<p><b>x</b></p><p><b>x</b></p>") && mail.text.starts_with("x\n\nx")
    );

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
