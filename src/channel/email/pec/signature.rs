//! Who signed an envelope, and whether it is as it was signed (S/MIME, RFC 8551).
//!
//! Valid: the bytes are the signed ones, the signer's certificate leads to an authority of ours, and it is the
//! certificate of whom the envelope is from. Without that last point anybody with a certificate of a great authority
//! could sign as a provider: the header with the provider's name is not among the signed bytes.

use std::time::Duration;

use entity::origin::Signature;

use super::{
    Anchors,
    algorithm::{Fault, Hash, verify},
    ber,
    certificate::Certificate,
    chain,
    cms::{Attributes, SignedData, SignerInfo},
    content::Content,
    envelope::Signed,
};

/// Longest signature in bytes that is read; with the whole chain it has five to ten thousand.
const MAX_BYTES: usize = 1024 * 1024;
const SET: u8 = 0x31;

/// Checks the signature of an envelope that is from the address `from`.
pub fn check(signed: &Signed<'_>, from: &str, anchors: Option<&Anchors>) -> Signature {
    if signed.signature.len() > MAX_BYTES {
        return Signature::Invalid;
    }
    let Some(cms) = ber::definite(&signed.signature) else { return Signature::Invalid };
    let Some(data) = SignedData::read(&cms) else { return Signature::Invalid };
    let check = Check {
        contents: Content::forms(signed.bytes),
        certificates: data.certificates.iter().filter_map(|raw| Certificate::read(raw)).collect(),
        anchors: anchors.map_or(&[], |anchors| &anchors.0),
        from,
    };
    data.signers
        .iter()
        .map(|signer| check.signer(signer))
        .max_by_key(|found| worth(*found))
        .unwrap_or(Signature::Invalid)
}

/// Several signers: the best one counts, since each of them signed everything.
fn worth(signature: Signature) -> u8 {
    match signature {
        Signature::Valid => 2,
        Signature::NotVerifiable => 1,
        Signature::Invalid | Signature::None => 0,
    }
}

struct Check<'a> {
    /// What may have been signed.
    contents: Vec<Content<'a>>,
    certificates: Vec<Certificate>,
    anchors: &'a [Certificate],
    from: &'a str,
}

impl Check<'_> {
    fn signer(&self, signer: &SignerInfo<'_>) -> Signature {
        let mut all = self.certificates.iter().chain(self.anchors);
        let certificate = all.find(|one| one.is_meant(&signer.signer)).ok_or(Fault::Unknown);
        match (self.confirm(signer, certificate), certificate) {
            (Err(Fault::Wrong), _) => Signature::Invalid,
            (Ok(()), Ok(certificate)) if self.is_trusted(signer, certificate) => Signature::Valid,
            _ => Signature::NotVerifiable,
        }
    }

    /// The bytes are those that the owner of the certificate signed.
    fn confirm(
        &self,
        signer: &SignerInfo<'_>,
        certificate: Result<&Certificate, Fault>,
    ) -> Result<(), Fault> {
        let over = |message: &[u8], certificate: &Certificate| {
            verify(signer.algorithm, Some(signer.digest), &certificate.key(), message, signer.signature)
                .map(drop)
        };
        let hash = Hash::named(signer.digest).ok_or(Fault::Unknown)?;
        match &signer.attributes {
            Some(attributes) => {
                self.confirm_digest(attributes, hash)?;
                over(&as_set(attributes.raw), certificate?)
            }
            None => {
                let certificate = certificate?;
                let mut found = self.contents.iter().map(|content| over(&content.whole(), certificate));
                found.find(|found| *found != Err(Fault::Wrong)).unwrap_or(Err(Fault::Wrong))
            }
        }
    }

    fn confirm_digest(&self, attributes: &Attributes<'_>, hash: Hash) -> Result<(), Fault> {
        let digest = attributes.message_digest.filter(|_| attributes.data).ok_or(Fault::Wrong)?;
        let same = self.contents.iter().any(|content| content.hash(hash).as_ref() == digest);
        if same { Ok(()) } else { Err(Fault::Wrong) }
    }

    fn is_trusted(&self, signer: &SignerInfo<'_>, certificate: &Certificate) -> bool {
        let signed_at: Option<Duration> = signer
            .attributes
            .as_ref()
            .and_then(|attributes| Some(attributes.signing_time?.to_unix_duration()));
        !self.anchors.is_empty()
            && is_of(certificate, self.from)
            && chain::leads_to_an_anchor(certificate, &self.certificates, self.anchors, signed_at)
    }
}

/// The certificate is one for the address `from`. The technical rules ask for that very address; its domain is enough,
/// because some providers write from several mailboxes. A certificate that names no address at all is not asked.
fn is_of(certificate: &Certificate, from: &str) -> bool {
    let Some((_, domain)) = from.rsplit_once('@') else { return false };
    let addresses = certificate.addresses();
    let same = |address: &String| address.rsplit_once('@').is_some_and(|(_, own)| own == domain);
    addresses.is_empty() || addresses.iter().any(same)
}

/// Signed attributes stand in the signature under another tag than the one under which they are signed (RFC 5652 §5.4).
fn as_set(attributes: &[u8]) -> Vec<u8> {
    let mut set = Vec::with_capacity(attributes.len() + 8);
    ber::write_header(SET, attributes.len(), &mut set);
    set.extend_from_slice(attributes);
    set
}
