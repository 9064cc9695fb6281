//! Whole mails of certified mail, opened. Certificates and signatures are made here; those of RSA, for which ring makes
//! no keys, lie in `tests/data/pec`, signed by OpenSSL with keys that were thrown away.

use std::sync::LazyLock;

use data_encoding::BASE64_MIME;
use entity::origin::{Pec, PecKind, Signature};

use super::{Anchors, Opened, open, smime_content};
use crate::channel::email::mime;
use forge::{Authority, Provider, Style, authority, provider};

mod forge;
mod signature;
mod trust;

const PROVIDER: &str = "posta-certificata@gestore.example";
const INNER: &str = "From: Anna Rossi <Anna@pec.example>\r\nTo: ufficio@pec.example\r\nSubject: Reclamo\r\n\
    Message-ID: <lettera.1@pec.example>\r\nX-Ricevuta: avvenuta-consegna\r\n\r\nManca il ritiro.\r\n";
const DATICERT: &str = "<postacert tipo=\"posta-certificata\" errore=\"nessuno\"><intestazione><mittente>anna@pec.example\
    </mittente><destinatari tipo=\"certificato\">ufficio@pec.example</destinatari></intestazione><dati>\
    <gestore-emittente>Gestore</gestore-emittente><data zona=\"+0100\"><giorno>02/02/2026</giorno><ora>10:00:00</ora>\
    </data><consegna>ufficio@pec.example</consegna></dati></postacert>";

static ROOT: LazyLock<Authority> = LazyLock::new(|| Authority::root(authority("Autorità di prova")));
static GESTORE: LazyLock<Provider> = LazyLock::new(|| ROOT.provider(&provider(PROVIDER)));

/// The signed part of an envelope.
fn content(daticert: &str, inner: &str) -> String {
    let encoded = BASE64_MIME.encode(daticert.as_bytes());
    format!(
        "Content-Type: multipart/mixed; boundary=\"busta\"\r\n\r\n--busta\r\nContent-Type: text/plain; charset=utf-8\
         \r\n\r\nMessaggio di posta certificata\r\n--busta\r\nContent-Type: application/xml; name=\"daticert.xml\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--busta\r\nContent-Type: message/rfc822; \
         name=\"postacert.eml\"\r\n\r\n{inner}\r\n--busta--\r\n"
    )
}

/// A mail of certified mail: `header` says what it is.
fn mail(header: &str, content: &str, signature: &[u8]) -> String {
    let signature = BASE64_MIME.encode(signature);
    format!(
        "{header}From: \"Per conto di: anna@pec.example\" <{PROVIDER}>\r\nSubject: POSTA CERTIFICATA: Reclamo\r\n\
         Message-ID: <busta.1@gestore.example>\r\nX-Riferimento-Message-ID: <lettera.1@pec.example>\r\n\
         Content-Type: multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=\"firma\"\r\n\r\n\
         This is an S/MIME signed message\r\n\r\n--firma\r\n{content}\r\n--firma\r\n\
         Content-Type: application/x-pkcs7-signature; name=\"smime.p7s\"\r\nContent-Transfer-Encoding: base64\r\n\r\n\
         {signature}\r\n--firma--\r\n"
    )
}

const TRANSPORT: &str = "X-Trasporto: posta-certificata\r\n";

fn opened<'a>(raw: &'a [u8], anchors: Option<&Anchors>) -> Option<Opened<'a>> {
    open(&mime::take_apart(raw), raw, anchors)
}

fn pec(raw: &str) -> Pec {
    opened(raw.as_bytes(), Some(&ROOT.anchors())).unwrap().pec
}

/// What is found when `by` signs an envelope and `anchors` are trusted.
fn signature_of(by: &Provider, style: Style, anchors: &Anchors) -> Signature {
    let content = content(DATICERT, INNER);
    let raw = mail(TRANSPORT, &content, &by.sign(content.as_bytes(), style));
    opened(raw.as_bytes(), Some(anchors)).unwrap().pec.signature
}

fn signed(header: &str, content: &str) -> String {
    mail(header, content, &GESTORE.sign(content.as_bytes(), Style::default()))
}

#[test]
fn an_envelope_is_opened_and_its_letter_certified() {
    let raw = signed(TRANSPORT, &content(DATICERT, INNER));
    let Opened { pec, inner } = opened(raw.as_bytes(), Some(&ROOT.anchors())).unwrap();
    assert_eq!(inner.as_deref(), Some(INNER.as_bytes()));
    assert_eq!(
        (pec.kind, pec.signature, pec.sender_confirmed),
        (PecKind::Transport, Signature::Valid, Some(true))
    );
    assert_eq!(pec.envelope_from, PROVIDER);
    assert_eq!(pec.envelope_subject, "POSTA CERTIFICATA: Reclamo");
    assert_eq!(pec.envelope_id.as_deref(), Some("busta.1@gestore.example"));
    assert_eq!(pec.reference.as_deref(), Some("lettera.1@pec.example"));
    assert_eq!(pec.certificate.unwrap().at.unwrap().to_rfc3339(), "2026-02-02T09:00:00+00:00");
}

#[test]
fn only_the_outer_header_says_what_a_mail_is() {
    let kind = |header: &str| {
        let raw = signed(header, &content(DATICERT, INNER));
        opened(raw.as_bytes(), None).map(|opened| (opened.pec.kind, opened.inner.is_some()))
    };
    let receipt = |name: &str| Some((PecKind::Receipt(name.to_owned()), false));
    assert_eq!(kind(""), None);
    assert_eq!(
        kind("X-Ricevuta: Accettazione\r\nX-Trasporto: posta-certificata\r\n"),
        receipt("accettazione")
    );
    assert_eq!(kind("x-ricevuta: \r\nX-RICEVUTA: di-domani\r\nx-ricevuta: altra\r\n"), receipt("di-domani"));
    assert_eq!(
        kind("x-trasporto: Posta-Certificata\r\nX-TipoRicevuta: breve\r\n"),
        Some((PecKind::Transport, true))
    );
    assert_eq!(kind("X-Trasporto: errore\r\n"), Some((PecKind::Anomaly, true)));
    assert_eq!(kind("X-Trasporto: di-domani\r\n"), Some((PecKind::Anomaly, true)));
}

#[test]
fn an_anomaly_certifies_nothing() {
    let pec = pec(&signed("X-Trasporto: errore\r\n", &content(DATICERT, INNER)));
    assert_eq!((pec.certificate, pec.sender_confirmed, pec.signature), (None, None, Signature::Valid));
}

#[test]
fn a_writer_who_is_not_the_certified_one_is_noticed() {
    let confirmed = |inner: &str| pec(&signed(TRANSPORT, &content(DATICERT, inner))).sender_confirmed;
    assert_eq!(confirmed("From: sindaco@pec.example\r\n\r\nCiao"), Some(false));
    assert_eq!(confirmed("From: anna@pec.example, sindaco@pec.example\r\n\r\nCiao"), Some(false));
    assert_eq!(confirmed("Subject: nessuno\r\n\r\nCiao"), Some(false));
    assert_eq!(confirmed("\r\nFrom: anna@pec.example\r\n\r\nCiao"), Some(true));
    let silent = pec(&signed(TRANSPORT, &content("<postacert errore=\"nessuno\">", INNER)));
    assert_eq!(silent.sender_confirmed, None);
}

#[test]
fn a_certificate_deeper_inside_is_not_the_providers() {
    let deeper = content(DATICERT, INNER)
        .replace(
            "Content-Type: application/xml",
            "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/xml",
        )
        .replace("--busta\r\nContent-Type: message", "--x--\r\n--busta\r\nContent-Type: message");
    assert_eq!(pec(&signed(TRANSPORT, &deeper)).certificate, None);
}

#[test]
fn an_envelope_without_its_letter_is_still_an_envelope() {
    let empty = signed(TRANSPORT, &content(DATICERT, "\r\n"));
    let opened_empty = opened(empty.as_bytes(), None).unwrap();
    assert_eq!((opened_empty.inner, opened_empty.pec.sender_confirmed), (None, None));
    let whole = signed(TRANSPORT, &content(DATICERT, INNER));
    let cut = &whole[..whole.find("Manca il").unwrap() + 5];
    let inner = opened(cut.as_bytes(), None).unwrap().inner.unwrap();
    assert!(inner.ends_with(b"\r\n\r\nManca"));
}

#[test]
fn an_inner_mail_may_be_encoded_for_the_transfer() {
    let encoded = content(DATICERT, &BASE64_MIME.encode(INNER.as_bytes()))
        .replace("name=\"postacert.eml\"", "name=\"Postacert.EML\"\r\nContent-Transfer-Encoding: base64");
    let raw = signed(TRANSPORT, &encoded);
    assert_eq!(opened(raw.as_bytes(), None).unwrap().inner.as_deref(), Some(INNER.as_bytes()));
}

#[test]
fn an_opaque_mail_gives_what_it_holds() {
    for ber in [false, true] {
        let cms = GESTORE.sign(INNER.as_bytes(), Style { ber, opaque: true, ..Style::default() });
        assert_eq!(smime_content(&cms).as_deref(), Some(INNER.as_bytes()));
        for end in 0..cms.len() {
            let _ = smime_content(&cms[..end]);
        }
    }
    assert_eq!(smime_content(&GESTORE.sign(INNER.as_bytes(), Style::default())), None);
    assert_eq!(smime_content(b"<html>"), None);
    assert_eq!(smime_content(b""), None);
}

/// No byte that is lost or altered on the way ends the reading; what is altered among the signed bytes is never valid.
#[test]
fn no_damage_ends_the_reading() {
    let content = content(DATICERT, INNER);
    let style = Style { ber: true, year: Some(2026), ..Style::default() };
    let whole = mail(TRANSPORT, &content, &GESTORE.sign(content.as_bytes(), style)).into_bytes();
    let anchors = ROOT.anchors();
    for end in 0..whole.len() {
        let cut = opened(&whole[..end], Some(&anchors));
        assert!(
            cut.is_none_or(|cut| cut.pec.signature != Signature::Valid || end > whole.len() - 20),
            "{end}"
        );
    }
    let begin = whole.windows(7).position(|window| window == b"--firma").unwrap() + 9;
    for at in (0..whole.len()).step_by(5) {
        for change in [0x20, 0xff] {
            let mut altered = whole.clone();
            altered[at] ^= change;
            let found = opened(&altered, Some(&anchors));
            if (begin..begin + content.len()).contains(&at) {
                assert_ne!(found.unwrap().pec.signature, Signature::Valid, "byte {at}");
            }
        }
    }
}
