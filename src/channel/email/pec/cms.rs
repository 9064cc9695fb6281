//! The structure of a signature (CMS, RFC 5652 §5.1), as much of it as is needed.
//!
//! The crate `cms` was refused: it reads every certificate at once and gives up the whole signature for one that it
//! does not understand, and it writes the signed attributes anew, in its own order, where the signature is over the
//! bytes that came.

use x509_cert::{
    der::{
        Reader, Result, SliceReader, Tag, TagNumber, Tagged,
        asn1::{AnyRef, ObjectIdentifier, OctetStringRef},
        oid::db::rfc5911::{ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SIGNED_DATA, ID_SIGNING_TIME},
    },
    name::Name,
    serial_number::SerialNumber,
    spki::AlgorithmIdentifierRef,
    time::Time,
};

/// Certificates taken from one signature; the signer's and those above it are two to four.
const MAX_CERTIFICATES: usize = 16;
/// Signers taken from one signature; a provider signs once, and each further one hashes the whole mail again.
const MAX_SIGNERS: usize = 2;
/// Signed attributes taken from one signer; there are three to six.
const MAX_ATTRIBUTES: usize = 32;

/// `SignedData`.
pub struct SignedData<'a> {
    /// What is signed, when it is inside (an opaque signature).
    pub content: Option<&'a [u8]>,
    /// Certificates, raw.
    pub certificates: Vec<&'a [u8]>,
    /// Who signs.
    pub signers: Vec<SignerInfo<'a>>,
}

/// `SignerInfo`.
pub struct SignerInfo<'a> {
    /// Whose certificate it is.
    pub signer: Signer<'a>,
    /// Hash of the content.
    pub digest: ObjectIdentifier,
    /// What is signed in place of the content; `None`: the content itself.
    pub attributes: Option<Attributes<'a>>,
    /// How it is signed.
    pub algorithm: AlgorithmIdentifierRef<'a>,
    /// The signature.
    pub signature: &'a [u8],
}

/// How a signature names its certificate.
pub enum Signer<'a> {
    /// By who gave it and by its number.
    Issued(Box<Name>, SerialNumber),
    /// By its key.
    Key(&'a [u8]),
}

/// Attributes that are signed.
pub struct Attributes<'a> {
    /// Their bytes, without tag and length.
    pub raw: &'a [u8],
    /// Hash of the content.
    pub message_digest: Option<&'a [u8]>,
    /// The content is plain data.
    pub data: bool,
    /// When the signer says that it signed.
    pub signing_time: Option<Time>,
}

impl<'a> SignedData<'a> {
    /// Reads a signature. What follows it is ignored.
    pub fn read(cms: &'a [u8]) -> Option<Self> {
        Self::decode(cms).ok()
    }

    fn decode(cms: &'a [u8]) -> Result<Self> {
        let mut info = inside(SliceReader::new(cms)?.decode()?)?;
        expect(&mut info, ID_SIGNED_DATA)?;
        let mut data = inside(inside(info.decode()?)?.decode()?)?;
        let (_version, _digests): (AnyRef<'_>, AnyRef<'_>) = (data.decode()?, data.decode()?);
        let mut encapsulated = inside(data.decode()?)?;
        expect(&mut encapsulated, ID_DATA)?;
        let content = if encapsulated.is_finished() {
            None
        } else {
            Some(inside(encapsulated.decode()?)?.decode::<&OctetStringRef>()?.as_bytes())
        };
        let mut certificates = Vec::new();
        let mut signers = Vec::new();
        while !data.is_finished() {
            let element: AnyRef<'_> = data.decode()?;
            match element.tag() {
                tag if is_context(tag, 0) => certificates = elements(element, MAX_CERTIFICATES)?,
                Tag::Set => {
                    let signer = elements(element, MAX_SIGNERS)?.into_iter().map(SignerInfo::decode);
                    signers = signer.collect::<Result<_>>()?;
                }
                _ => {} // revocation lists
            }
        }
        Ok(Self { content, certificates, signers })
    }
}

impl<'a> SignerInfo<'a> {
    fn decode(raw: &'a [u8]) -> Result<Self> {
        let mut info = inside(SliceReader::new(raw)?.decode()?)?;
        let _version: AnyRef<'_> = info.decode()?;
        let signer = Signer::decode(info.decode()?)?;
        let digest = info.decode::<AlgorithmIdentifierRef<'_>>()?.oid;
        let attributes =
            if is_context(Tag::peek(&info)?, 0) { Some(Attributes::decode(info.decode()?)?) } else { None };
        let algorithm = info.decode()?;
        let signature = info.decode::<&OctetStringRef>()?.as_bytes();
        Ok(Self { signer, digest, attributes, algorithm, signature })
    }
}

impl<'a> Signer<'a> {
    fn decode(id: AnyRef<'a>) -> Result<Self> {
        if is_context(id.tag(), 0) {
            return Ok(Self::Key(id.value()));
        }
        let mut issued = inside(id)?;
        Ok(Self::Issued(Box::new(issued.decode()?), issued.decode()?))
    }
}

impl<'a> Attributes<'a> {
    fn decode(set: AnyRef<'a>) -> Result<Self> {
        let mut read = Self { raw: set.value(), message_digest: None, data: false, signing_time: None };
        for raw in elements(set, MAX_ATTRIBUTES)? {
            let mut attribute = inside(SliceReader::new(raw)?.decode()?)?;
            let name: ObjectIdentifier = attribute.decode()?;
            let mut values = inside(attribute.decode()?)?;
            match name {
                ID_MESSAGE_DIGEST => {
                    read.message_digest = Some(values.decode::<&OctetStringRef>()?.as_bytes());
                }
                ID_CONTENT_TYPE => read.data = values.decode::<ObjectIdentifier>()? == ID_DATA,
                ID_SIGNING_TIME => read.signing_time = values.decode().ok(),
                _ => {}
            }
        }
        Ok(read)
    }
}

/// What stands inside a value.
fn inside(value: AnyRef<'_>) -> Result<SliceReader<'_>> {
    SliceReader::new(value.value())
}

/// The raw values inside a set.
fn elements(set: AnyRef<'_>, limit: usize) -> Result<Vec<&[u8]>> {
    let mut rest = inside(set)?;
    let mut elements = Vec::new();
    while !rest.is_finished() && elements.len() < limit {
        elements.push(rest.tlv_bytes()?);
    }
    Ok(elements)
}

fn expect(reader: &mut SliceReader<'_>, wanted: ObjectIdentifier) -> Result<()> {
    if reader.decode::<ObjectIdentifier>()? == wanted {
        Ok(())
    } else {
        Err(Tag::ObjectIdentifier.value_error().into())
    }
}

fn is_context(tag: Tag, number: u32) -> bool {
    matches!(tag, Tag::ContextSpecific { number: own, .. } if own == TagNumber(number))
}
