//! A certificate (RFC 5280), and what it allows.
//!
//! An extension that cannot be read forbids; one that is absent allows what it would restrict, as the norm has it.

use std::time::Duration;

use x509_cert::{
    Certificate as Parsed, TbsCertificate,
    der::{
        Decode, Reader, SliceReader,
        asn1::{AnyRef, ObjectIdentifier},
        oid::{
            AssociatedOid,
            db::rfc5280::{
                ANY_EXTENDED_KEY_USAGE, ID_CE_BASIC_CONSTRAINTS, ID_CE_CERTIFICATE_POLICIES,
                ID_CE_EXT_KEY_USAGE, ID_CE_KEY_USAGE, ID_CE_NAME_CONSTRAINTS, ID_CE_SUBJECT_ALT_NAME,
                ID_KP_EMAIL_PROTECTION,
            },
        },
        referenced::OwnedToRef,
    },
    ext::pkix::{
        BasicConstraints, ExtendedKeyUsage, KeyUsage, NameConstraints, SubjectAltName, SubjectKeyIdentifier,
        constraints::name::GeneralSubtrees, name::GeneralName,
    },
    spki::SubjectPublicKeyInfoRef,
};

use super::{
    algorithm::{self, Hash},
    cms::Signer,
};

/// Extensions that we obey, or that restrict nothing of what we ask. Any other that is marked critical forbids.
const KNOWN: [ObjectIdentifier; 6] = [
    ID_CE_BASIC_CONSTRAINTS,
    ID_CE_CERTIFICATE_POLICIES,
    ID_CE_EXT_KEY_USAGE,
    ID_CE_KEY_USAGE,
    ID_CE_NAME_CONSTRAINTS,
    ID_CE_SUBJECT_ALT_NAME,
];

/// A certificate.
#[derive(Clone, Debug)]
pub struct Certificate {
    raw: Vec<u8>,
    parsed: Parsed,
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl Certificate {
    /// Reads a certificate in DER.
    pub fn read(raw: &[u8]) -> Option<Self> {
        Some(Self { raw: raw.to_vec(), parsed: Parsed::from_der(raw).ok()? })
    }

    fn content(&self) -> &TbsCertificate {
        self.parsed.tbs_certificate()
    }

    /// Its public key.
    pub fn key(&self) -> SubjectPublicKeyInfoRef<'_> {
        self.content().subject_public_key_info().owned_to_ref()
    }

    /// From when to when it holds, since 1970.
    pub fn validity(&self) -> (Duration, Duration) {
        let validity = self.content().validity();
        (validity.not_before.to_unix_duration(), validity.not_after.to_unix_duration())
    }

    /// The signature means this certificate.
    pub fn is_meant(&self, by: &Signer<'_>) -> bool {
        let content = self.content();
        match by {
            Signer::Issued(issuer, number) => {
                content.issuer() == &**issuer && content.serial_number() == number
            }
            Signer::Key(key) => self.says(false, |own: SubjectKeyIdentifier| own.0.as_bytes() == *key),
        }
    }

    /// The certificate names `issuer` as its issuer.
    pub fn names_issuer(&self, issuer: &Self) -> bool {
        self.content().issuer() == issuer.content().subject()
    }

    /// The certificate was signed with the key of `issuer`; not by way of SHA-1, where somebody else's request may have
    /// been made to fit.
    pub fn is_signed_by(&self, issuer: &Self) -> bool {
        let Some(signature) = self.parsed.signature().as_bytes() else { return false };
        let Some(signed) = self.signed_bytes() else { return false };
        let algorithm = self.parsed.signature_algorithm().owned_to_ref();
        algorithm::verify(algorithm, None, &issuer.key(), signed, signature).is_ok_and(Hash::is_sound)
    }

    /// The bytes that its issuer signed, as they came: written anew they might differ.
    fn signed_bytes(&self) -> Option<&[u8]> {
        let whole = AnyRef::from_der(&self.raw).ok()?;
        SliceReader::new(whole.value()).ok()?.tlv_bytes().ok()
    }

    /// Whether the extension says what `rule` asks.
    fn says<T>(&self, absent: bool, rule: impl FnOnce(T) -> bool) -> bool
    where
        T: for<'a> Decode<'a> + AssociatedOid,
    {
        match self.content().get_extension::<T>() {
            Ok(None) => absent,
            Ok(Some((_, extension))) => rule(extension),
            Err(_) => false,
        }
    }

    /// We understand all that it demands to be understood.
    fn is_understood(&self) -> bool {
        let extensions = self.content().extensions().map_or(&[][..], Vec::as_slice);
        extensions.iter().all(|extension| !extension.critical || KNOWN.contains(&extension.extn_id))
    }

    /// It may sign mail.
    pub fn may_sign_mail(&self) -> bool {
        self.is_understood()
            && self.says(true, |usage: KeyUsage| usage.digital_signature() || usage.non_repudiation())
            && self.says(true, |usage: ExtendedKeyUsage| {
                usage.0.iter().any(|usage| matches!(*usage, ID_KP_EMAIL_PROTECTION | ANY_EXTENDED_KEY_USAGE))
            })
    }

    /// It may sign certificates, with `below` of the same kind under it.
    pub fn may_sign_certificates(&self, below: usize) -> bool {
        let deep_enough = |limit: Option<u8>| limit.is_none_or(|limit| below <= usize::from(limit));
        self.is_understood()
            && self.says(false, |basic: BasicConstraints| basic.ca && deep_enough(basic.path_len_constraint))
            && self.says(true, |usage: KeyUsage| usage.key_cert_sign())
    }

    /// It may be the end of a chain: whoever put it among the anchors has decided so, unless it says itself that it is
    /// nobody's issuer (the certificate of a provider, trusted by itself).
    pub fn may_be_last(&self) -> bool {
        self.says(true, |basic: BasicConstraints| basic.ca)
    }

    /// The addresses that it names, lower case.
    pub fn addresses(&self) -> Vec<String> {
        let subject = self.content().subject().email_address().ok().flatten();
        let mut addresses: Vec<String> =
            subject.iter().map(|address| address.as_str().to_lowercase()).collect();
        if let Ok(Some((_, SubjectAltName(names)))) = self.content().get_extension() {
            addresses.extend(names.iter().filter_map(address));
        }
        addresses
    }

    /// It may stand above a certificate of these addresses (RFC 5280 §4.2.1.10). An address is the only name that we
    /// believe of a signer: what is laid down for other names restricts nothing here.
    pub fn permits(&self, addresses: &[String]) -> bool {
        self.says(true, |constraints: NameConstraints| {
            let permitted = domains(constraints.permitted_subtrees.as_ref());
            let excluded = domains(constraints.excluded_subtrees.as_ref());
            addresses.iter().all(|address| {
                let among = |domains: &[String]| domains.iter().any(|domain| is_in(address, domain));
                (permitted.is_empty() || among(&permitted)) && !among(&excluded)
            })
        })
    }
}

fn address(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::Rfc822Name(address) => Some(address.as_str().to_lowercase()),
        _ => None,
    }
}

fn domains(subtrees: Option<&GeneralSubtrees>) -> Vec<String> {
    subtrees.into_iter().flatten().filter_map(|subtree| address(&subtree.base)).collect()
}

/// `constraint` is one mailbox, or all those of a server, or (with a dot in front) all those of its subdomains.
fn is_in(address: &str, constraint: &str) -> bool {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    if constraint.contains('@') {
        address == constraint
    } else if constraint.starts_with('.') {
        domain.ends_with(constraint)
    } else {
        domain == constraint
    }
}
