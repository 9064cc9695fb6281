//! Providers, certificates and envelopes for the tests, made when they are needed: no key lies in the repository.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, SigningKey, date_time_ymd,
};
use ring::digest;

use crate::channel::email::pec::{Anchors, ber};

/// An authority, over providers or over other authorities.
pub struct Authority {
    pub der: Vec<u8>,
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A provider of certified mail, with what it puts into its signatures.
pub struct Provider {
    pub der: Vec<u8>,
    pub pem: String,
    key: KeyPair,
    /// Further certificates in the signature.
    pub others: Vec<Vec<u8>>,
}

/// How a signature is written.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "ways in which signatures differ, each by itself")]
pub struct Style {
    /// Lengths are not known beforehand.
    pub ber: bool,
    /// The signer is named by its key.
    pub by_key: bool,
    /// The content itself is signed, not attributes.
    pub bare: bool,
    /// The content is inside.
    pub opaque: bool,
    /// The attributes say that something else than data is signed.
    pub other_type: bool,
    /// Year in which the signer says that it signed.
    pub year: Option<i32>,
}

/// Parameters of an authority that holds from 2020 to 2040.
pub fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2040, 1, 1));
    params
}

/// Parameters of a provider that writes from `address`, from 2024 to 2027.
pub fn provider(address: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Gestore di prova");
    params.subject_alt_names = vec![SanType::Rfc822Name(address.try_into().unwrap())];
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
    (params.not_before, params.not_after) = (date_time_ymd(2024, 1, 1), date_time_ymd(2027, 1, 1));
    params
}

impl Authority {
    pub fn root(params: CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { der: certificate.der().to_vec(), pem: certificate.pem(), issuer: Issuer::new(params, key) }
    }

    pub fn over(&self, params: CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Self { der: certificate.der().to_vec(), pem: certificate.pem(), issuer: Issuer::new(params, key) }
    }

    /// The same key in another certificate, of its own making.
    pub fn again(&self, params: &CertificateParams) -> Vec<u8> {
        params.self_signed(self.issuer.key()).unwrap().der().to_vec()
    }

    pub fn provider(&self, params: &CertificateParams) -> Provider {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Provider { der: certificate.der().to_vec(), pem: certificate.pem(), key, others: Vec::new() }
    }

    pub fn anchors(&self) -> Anchors {
        Anchors::from_pem(self.pem.as_bytes()).unwrap()
    }
}

impl Provider {
    /// Signs `content` (CMS, ECDSA with SHA-256).
    pub fn sign(&self, content: &[u8], style: Style) -> Vec<u8> {
        let attributes = attributes(content, style);
        let message = if style.bare { content.to_vec() } else { tlv(0x31, &[&attributes]) };
        let signature = self.key.sign(&message).unwrap();
        let attributes = if style.bare { Vec::new() } else { tlv(0xa0, &[&attributes]) };
        let signer = tlv(
            0x30,
            &[
                &[2, 1, if style.by_key { 3 } else { 1 }],
                &self.id(style.by_key),
                &sha256(),
                &attributes,
                &tlv(0x30, &[&oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])]),
                &tlv(0x04, &[&signature]),
            ],
        );
        let wrap = if style.ber { unknown_length } else { tlv };
        let certificates: Vec<&[u8]> =
            std::iter::once(&self.der).chain(&self.others).map(Vec::as_slice).collect();
        let inside = match (style.opaque, style.ber) {
            (false, _) => Vec::new(),
            (true, false) => wrap(0xa0, &[&tlv(0x04, &[content])]),
            (true, true) => {
                let (one, two) = content.split_at(content.len() / 2);
                wrap(0xa0, &[&wrap(0x24, &[&tlv(0x04, &[one]), &tlv(0x04, &[two])])])
            }
        };
        let data = wrap(
            0x30,
            &[
                &[2, 1, 1],
                &tlv(0x31, &[&sha256()]),
                &wrap(0x30, &[&data_oid(), &inside]),
                &wrap(0xa0, &certificates),
                &tlv(0x31, &[&signer]),
            ],
        );
        wrap(0x30, &[&oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2]), &wrap(0xa0, &[&data])])
    }

    /// `SignerIdentifier`, cut out of the certificate.
    fn id(&self, by_key: bool) -> Vec<u8> {
        use x509_cert::{Certificate, der::Decode, der::Encode, ext::pkix::SubjectKeyIdentifier};
        let certificate = Certificate::from_der(&self.der).unwrap();
        let content = certificate.tbs_certificate();
        if by_key {
            let (_, key): (_, SubjectKeyIdentifier) = content.get_extension().unwrap().unwrap();
            return tlv(0x80, &[key.0.as_bytes()]);
        }
        let number = content.serial_number().to_der().unwrap();
        tlv(0x30, &[&content.issuer().to_der().unwrap(), &number])
    }
}

fn attributes(content: &[u8], style: Style) -> Vec<u8> {
    let hash = digest::digest(&digest::SHA256, content);
    let attribute = |last: u8, value: &[u8]| {
        tlv(0x30, &[&oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, last]), &tlv(0x31, &[value])])
    };
    let signed_data = oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2]);
    let mut all = attribute(3, &if style.other_type { signed_data } else { data_oid() });
    if let Some(year) = style.year {
        all.extend(attribute(5, &tlv(0x17, &[format!("{:02}0601120000Z", year % 100).as_bytes()])));
    }
    all.extend(attribute(4, &tlv(0x04, &[hash.as_ref()])));
    all
}

fn sha256() -> Vec<u8> {
    tlv(0x30, &[&oid(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1])])
}

fn data_oid() -> Vec<u8> {
    oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1])
}

fn oid(bytes: &[u8]) -> Vec<u8> {
    tlv(0x06, &[bytes])
}

fn tlv(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    let mut written = Vec::new();
    ber::write_header(tag, content.len(), &mut written);
    written.extend(content);
    written
}

fn unknown_length(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    [&[tag, 0x80], content.concat().as_slice(), &[0, 0]].concat()
}
