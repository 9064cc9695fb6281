//! Whom we believe: certificates, and the chain over them.

use entity::origin::Signature;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    KeyUsagePurpose, NameConstraints, date_time_ymd,
};

use super::{
    Anchors, DATICERT, GESTORE, INNER, PROVIDER, ROOT, TRANSPORT, content,
    forge::{Authority, Style, authority, provider},
    opened, signature_of, signed,
};
use crate::channel::email::pec::certificate::Certificate;

/// What is found when a provider with these parameters signs.
fn signature_with(params: &CertificateParams) -> Signature {
    signature_of(&ROOT.provider(params), Style::default(), &ROOT.anchors())
}

#[test]
fn a_signer_whom_nobody_vouches_for_is_not_verifiable() {
    let raw = signed(TRANSPORT, &content(DATICERT, INNER));
    let stranger = Authority::root(authority("Autorità di prova")).anchors();
    for anchors in [None, Some(&stranger)] {
        assert_eq!(opened(raw.as_bytes(), anchors).unwrap().pec.signature, Signature::NotVerifiable);
    }
    let anchor = Anchors::from_pem(GESTORE.pem.as_bytes()).unwrap();
    assert_eq!(opened(raw.as_bytes(), Some(&anchor)).unwrap().pec.signature, Signature::Valid);
}

#[test]
fn a_certificate_must_be_for_the_provider_and_for_mail() {
    assert_eq!(signature_with(&provider("altra-casella@gestore.example")), Signature::Valid);
    assert_eq!(signature_with(&provider("anna@posta.example")), Signature::NotVerifiable);
    let mut nameless = provider(PROVIDER);
    nameless.subject_alt_names.clear();
    assert_eq!(signature_with(&nameless), Signature::Valid);
    let mut server = provider(PROVIDER);
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    assert_eq!(signature_with(&server), Signature::NotVerifiable);
    let mut agreement = provider(PROVIDER);
    agreement.key_usages = vec![KeyUsagePurpose::KeyAgreement];
    assert_eq!(signature_with(&agreement), Signature::NotVerifiable);
}

#[test]
fn the_signer_held_when_it_signed() {
    let in_year =
        |year| signature_of(&GESTORE, Style { year: Some(year), ..Style::default() }, &ROOT.anchors());
    assert_eq!(in_year(2025), Signature::Valid);
    assert_eq!(in_year(2023), Signature::NotVerifiable);
    assert_eq!(in_year(2029), Signature::NotVerifiable);
    let mut expired = authority("Autorità intermedia");
    expired.not_after = date_time_ymd(2023, 1, 1);
    let middle = ROOT.over(expired);
    let mut signer = middle.provider(&provider(PROVIDER));
    signer.others = vec![middle.der.clone()];
    assert_eq!(signature_of(&signer, Style::default(), &ROOT.anchors()), Signature::NotVerifiable);
}

/// What is found when an authority with these parameters stands between the root and the provider.
fn signature_under(params: CertificateParams) -> Signature {
    let middle = ROOT.over(params);
    let mut signer = middle.provider(&provider(PROVIDER));
    signer.others = vec![ROOT.der.clone(), middle.der.clone()];
    signature_of(&signer, Style::default(), &ROOT.anchors())
}

#[test]
fn an_authority_in_between_counts_if_it_may() {
    assert_eq!(signature_under(authority("Autorità intermedia")), Signature::Valid);
    let permitting = |domain: &str| {
        let mut params = authority("Autorità intermedia");
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::Rfc822Name(domain.to_owned())],
            excluded_subtrees: Vec::new(),
        });
        signature_under(params)
    };
    for domain in ["gestore.example", ".example", PROVIDER] {
        assert_eq!(permitting(domain), Signature::Valid, "{domain}");
    }
    for domain in ["altro.example", ".gestore.example", "store.example", "altra@gestore.example"] {
        assert_eq!(permitting(domain), Signature::NotVerifiable, "{domain}");
    }
    let mut excluding = authority("Autorità intermedia");
    excluding.name_constraints = Some(NameConstraints {
        permitted_subtrees: Vec::new(),
        excluded_subtrees: vec![GeneralSubtree::Rfc822Name("gestore.example".to_owned())],
    });
    assert_eq!(signature_under(excluding), Signature::NotVerifiable);
    let mut no_authority = authority("Autorità intermedia");
    no_authority.is_ca = IsCa::ExplicitNoCa;
    assert_eq!(signature_under(no_authority), Signature::NotVerifiable);
    let mut other_use = authority("Autorità intermedia");
    other_use.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    assert_eq!(signature_under(other_use), Signature::NotVerifiable);
}

#[test]
fn a_path_is_as_long_as_its_authorities_allow() {
    let through = |limit: u8| {
        let mut params = authority("Prima");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(limit));
        let first = ROOT.over(params);
        let second = first.over(authority("Seconda"));
        let mut signer = second.provider(&provider(PROVIDER));
        signer.others = vec![second.der.clone(), first.der.clone()];
        signature_of(&signer, Style::default(), &ROOT.anchors())
    };
    assert_eq!(through(1), Signature::Valid);
    assert_eq!(through(0), Signature::NotVerifiable);
}

#[test]
fn many_certificates_of_one_name_are_not_tried_without_end() {
    let everyone = Authority::root(authority("Tutti"));
    let mut signer = everyone.provider(&provider(PROVIDER));
    let until = |year| {
        let mut params = authority("Tutti");
        params.not_after = date_time_ymd(year, 1, 1);
        params
    };
    signer.others = (2030..2046).map(|year| everyone.again(&until(year))).collect();
    assert_eq!(signature_of(&signer, Style::default(), &ROOT.anchors()), Signature::NotVerifiable);
}

#[test]
fn a_key_counts_under_its_own_name_only() {
    let middle = ROOT.over(authority("Autorità intermedia"));
    let mut signer = middle.provider(&provider(PROVIDER));
    signer.others = vec![middle.again(&authority("Altro nome"))];
    let other_name = Anchors(vec![Certificate::read(&signer.others[0]).unwrap()]);
    assert_eq!(signature_of(&signer, Style::default(), &other_name), Signature::NotVerifiable);
}

#[test]
fn a_provider_whom_we_trust_by_itself_is_nobodys_authority() {
    let trusted = ROOT.over(provider(PROVIDER));
    let signer = trusted.provider(&provider(PROVIDER));
    assert_eq!(signature_of(&signer, Style::default(), &trusted.anchors()), Signature::NotVerifiable);
}

#[test]
fn a_demand_that_we_do_not_understand_is_not_met() {
    let demanding = |critical| {
        let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99_999, 1], vec![5, 0]);
        extension.set_criticality(critical);
        let mut params = provider(PROVIDER);
        params.custom_extensions = vec![extension];
        signature_with(&params)
    };
    assert_eq!((demanding(false), demanding(true)), (Signature::Valid, Signature::NotVerifiable));
}

#[test]
fn a_file_of_authorities_is_read_whole_or_refused() {
    let words = |pem: &[u8]| Anchors::from_pem(pem).unwrap_err().to_string();
    assert_eq!(words(b""), "it holds no certificate (PEM)");
    assert_eq!(words(b"ciao"), "it holds no certificate (PEM)");
    let no_certificate = "-----BEGIN CERTIFICATE-----\nY2lhbw==\n-----END CERTIFICATE-----\n";
    assert_eq!(
        words(no_certificate.as_bytes()),
        "the certificates cannot be read: number 1 is no certificate"
    );
    assert!(words(b"-----BEGIN CERTIFICATE-----\nY2lh").starts_with("the certificates cannot be read: "));
    let two = format!("{}{}", GESTORE.pem, GESTORE.pem);
    assert_eq!(Anchors::from_pem(two.as_bytes()).unwrap().0.len(), 2);
}
