//! Signatures as they are written, and what is altered under them.

use entity::origin::Signature;

use super::{
    Anchors, DATICERT, GESTORE, INNER, PROVIDER, ROOT, TRANSPORT, content,
    forge::{Style, provider},
    mail, opened, pec, signature_of, signed,
};

#[test]
fn a_signature_is_valid_however_it_is_written() {
    let styles = [
        Style::default(),
        Style { ber: true, ..Style::default() },
        Style { by_key: true, ..Style::default() },
        Style { bare: true, ..Style::default() },
        Style { year: Some(2026), ber: true, by_key: true, ..Style::default() },
    ];
    for style in styles {
        assert_eq!(signature_of(&GESTORE, style, &ROOT.anchors()), Signature::Valid);
    }
}

#[test]
fn signatures_of_rsa_are_checked() {
    let mails: [&[u8]; 4] = [
        include_bytes!("../../../../../tests/data/pec/firma-rsa-sha1.eml"),
        include_bytes!("../../../../../tests/data/pec/firma-rsa-sha256.eml"),
        include_bytes!("../../../../../tests/data/pec/firma-rsa-sha512.eml"),
        include_bytes!("../../../../../tests/data/pec/firma-rsa-pss.eml"),
    ];
    for raw in mails {
        let anchors = rsa_anchors();
        assert_eq!(opened(raw, Some(&anchors)).unwrap().pec.signature, Signature::Valid);
        assert_eq!(opened(raw, None).unwrap().pec.signature, Signature::NotVerifiable);
        let mut altered = raw.to_vec();
        let at = altered.windows(8).position(|window| window == b"Manca il").unwrap();
        altered[at] = b'm';
        assert_eq!(opened(&altered, Some(&anchors)).unwrap().pec.signature, Signature::Invalid);
    }
}

#[test]
fn a_way_to_sign_that_proves_nothing_to_us_is_not_verifiable() {
    let mails: [&[u8]; 3] = [
        include_bytes!("../../../../../tests/data/pec/firma-chiave-corta.eml"),
        include_bytes!("../../../../../tests/data/pec/firma-certificato-sha1.eml"),
        include_bytes!("../../../../../tests/data/pec/firma-rsa-pss-sale-lungo.eml"),
    ];
    for raw in mails {
        assert_eq!(opened(raw, Some(&rsa_anchors())).unwrap().pec.signature, Signature::NotVerifiable);
    }
}

fn rsa_anchors() -> Anchors {
    Anchors::from_pem(include_bytes!("../../../../../tests/data/pec/ca.pem")).unwrap()
}

#[test]
fn line_ends_do_not_matter_and_words_do() {
    let whole = signed(TRANSPORT, &content(DATICERT, INNER));
    assert_eq!(pec(&whole.replace("\r\n", "\n")).signature, Signature::Valid);
    assert_eq!(pec(&whole.replace("Manca il", "Manca un")).signature, Signature::Invalid);
    assert_eq!(pec(&whole.replace("--busta--", "--busta-- ")).signature, Signature::Invalid);
    // what a server adds outside is not signed
    assert_eq!(pec(&format!("Received: da qualche parte\r\n{whole}")).signature, Signature::Valid);
    // signed against the norm, with line ends that are not canonical
    let content = content(DATICERT, INNER).replace("\r\n", "\n");
    assert_eq!(pec(&signed(TRANSPORT, &content).replace("\r\n", "\n")).signature, Signature::Valid);
}

#[test]
fn what_is_no_signature_is_called_so() {
    let content = content(DATICERT, INNER);
    assert_eq!(pec(&mail(TRANSPORT, &content, b"MII...njA==")).signature, Signature::Invalid);
    assert_eq!(pec(&mail(TRANSPORT, &content, b"")).signature, Signature::Invalid);
    let announced = signed(TRANSPORT, &content);
    let cut = &announced[..announced.rfind("--firma\r\n").unwrap()];
    assert_eq!(pec(cut).signature, Signature::Invalid);
    let unsigned = format!("{TRANSPORT}From: {PROVIDER}\r\n{content}");
    assert_eq!(pec(&unsigned).signature, Signature::None);
    assert!(pec(&unsigned).certificate.is_some());
    let other = mail(TRANSPORT, &content, &GESTORE.sign(b"altro", Style::default()));
    assert_eq!(pec(&other).signature, Signature::Invalid);
    let mut forger = ROOT.provider(&provider(PROVIDER));
    forger.der.clone_from(&GESTORE.der);
    assert_eq!(signature_of(&forger, Style::default(), &ROOT.anchors()), Signature::Invalid);
    let other_type = Style { other_type: true, ..Style::default() };
    assert_eq!(signature_of(&GESTORE, other_type, &ROOT.anchors()), Signature::Invalid);
    let bare = Style { bare: true, ..Style::default() };
    assert_eq!(pec(&mail(TRANSPORT, &content, &GESTORE.sign(b"altro", bare))).signature, Signature::Invalid);
}
