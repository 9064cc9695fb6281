//! Hashes and signatures, by their names in certificates; the mathematics is ring's.
//!
//! SHA-1 is accepted over a mail: large providers signed so until 2023, and to make two mails of one hash somebody would
//! have to know beforehand the identifiers and boundaries that the provider writes in front of his words. In a
//! certificate it is refused. RSA keys below 2048 bits, DSA and everything that ring does not do count as unknown.

use ring::{digest, signature as sign};
use x509_cert::{
    der::{
        Reader, SliceReader, TagMode, TagNumber,
        asn1::{AnyRef, ObjectIdentifier},
        oid::db::rfc5912::{
            ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ID_EC_PUBLIC_KEY, ID_RSASSA_PSS, ID_SHA_1, ID_SHA_256,
            ID_SHA_384, ID_SHA_512, RSA_ENCRYPTION, SECP_256_R_1, SECP_384_R_1, SHA_1_WITH_RSA_ENCRYPTION,
            SHA_256_WITH_RSA_ENCRYPTION, SHA_384_WITH_RSA_ENCRYPTION, SHA_512_WITH_RSA_ENCRYPTION,
        },
    },
    spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef},
};

/// Length in bytes of the smallest RSA key that counts: 2048 bits; one of 1024 bits has 140.
const SMALLEST_RSA_KEY: usize = 256;

/// Why a signature could not be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is wrong.
    Wrong,
    /// We do not know how it is made.
    Unknown,
}

/// A hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// By its name.
    pub fn named(name: ObjectIdentifier) -> Option<Self> {
        match name {
            ID_SHA_1 => Some(Self::Sha1),
            ID_SHA_256 => Some(Self::Sha256),
            ID_SHA_384 => Some(Self::Sha384),
            ID_SHA_512 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// Nobody can make two texts of one hash.
    pub fn is_sound(self) -> bool {
        self != Self::Sha1
    }

    /// ring's name for it.
    pub fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }
}

/// A way to sign.
#[derive(Clone, Copy)]
enum Scheme {
    Pkcs1,
    Pss,
    Ecdsa,
}

/// Checks a signature over `message` and gives its hash. `digest` is the hash of a CMS.
///
/// # Errors
/// The signature is wrong, or made in a way that we do not know.
pub fn verify(
    algorithm: AlgorithmIdentifierRef<'_>,
    digest: Option<ObjectIdentifier>,
    key: &SubjectPublicKeyInfoRef<'_>,
    message: &[u8],
    signature: &[u8],
) -> Result<Hash, Fault> {
    let (scheme, hash) = scheme(algorithm, digest).ok_or(Fault::Unknown)?;
    let bits = key.subject_public_key.as_bytes().ok_or(Fault::Unknown)?;
    let method = method(scheme, hash, key.algorithm, bits).ok_or(Fault::Unknown)?;
    sign::UnparsedPublicKey::new(method, bits).verify(message, signature).map_err(|_| Fault::Wrong)?;
    Ok(hash)
}

/// A signature in a CMS may name only the kind of its key; its hash is then that of the content.
fn scheme(algorithm: AlgorithmIdentifierRef<'_>, digest: Option<ObjectIdentifier>) -> Option<(Scheme, Hash)> {
    Some(match algorithm.oid {
        SHA_1_WITH_RSA_ENCRYPTION => (Scheme::Pkcs1, Hash::Sha1),
        SHA_256_WITH_RSA_ENCRYPTION => (Scheme::Pkcs1, Hash::Sha256),
        SHA_384_WITH_RSA_ENCRYPTION => (Scheme::Pkcs1, Hash::Sha384),
        SHA_512_WITH_RSA_ENCRYPTION => (Scheme::Pkcs1, Hash::Sha512),
        RSA_ENCRYPTION => (Scheme::Pkcs1, Hash::named(digest?)?),
        ID_RSASSA_PSS => (Scheme::Pss, pss_hash(algorithm.parameters?)?),
        ECDSA_WITH_SHA_256 => (Scheme::Ecdsa, Hash::Sha256),
        ECDSA_WITH_SHA_384 => (Scheme::Ecdsa, Hash::Sha384),
        ID_EC_PUBLIC_KEY => (Scheme::Ecdsa, Hash::named(digest?)?),
        _ => return None,
    })
}

/// Hash of a signature of the kind PSS (RFC 4055 §3.1). ring knows only salts as long as the hash.
fn pss_hash(parameters: AnyRef<'_>) -> Option<Hash> {
    const DEFAULT_SALT: u16 = 20;
    let mut rest = SliceReader::new(parameters.value()).ok()?;
    let explicit = TagMode::Explicit;
    let hash: AlgorithmIdentifierRef<'_> = rest.context_specific(TagNumber(0), explicit).ok()??;
    let _mask: Option<AlgorithmIdentifierRef<'_>> = rest.context_specific(TagNumber(1), explicit).ok()?;
    let salt: Option<u16> = rest.context_specific(TagNumber(2), explicit).ok()?;
    let hash = Hash::named(hash.oid)?;
    let length = usize::from(salt.unwrap_or(DEFAULT_SALT));
    (length == hash.algorithm().output_len()).then_some(hash)
}

/// ring's method for this way to sign with this key.
fn method(
    scheme: Scheme,
    hash: Hash,
    key: AlgorithmIdentifierRef<'_>,
    bits: &[u8],
) -> Option<&'static dyn sign::VerificationAlgorithm> {
    let strong = bits.len() >= SMALLEST_RSA_KEY;
    let curve = || key.parameters_oid().ok();
    Some(match (scheme, key.oid, hash) {
        (Scheme::Pkcs1, RSA_ENCRYPTION, hash) if strong => match hash {
            Hash::Sha1 => &sign::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => &sign::RSA_PKCS1_2048_8192_SHA256,
            Hash::Sha384 => &sign::RSA_PKCS1_2048_8192_SHA384,
            Hash::Sha512 => &sign::RSA_PKCS1_2048_8192_SHA512,
        },
        (Scheme::Pss, RSA_ENCRYPTION | ID_RSASSA_PSS, hash) if strong => match hash {
            Hash::Sha1 => return None,
            Hash::Sha256 => &sign::RSA_PSS_2048_8192_SHA256,
            Hash::Sha384 => &sign::RSA_PSS_2048_8192_SHA384,
            Hash::Sha512 => &sign::RSA_PSS_2048_8192_SHA512,
        },
        (Scheme::Ecdsa, ID_EC_PUBLIC_KEY, hash) => match (curve()?, hash) {
            (SECP_256_R_1, Hash::Sha256) => &sign::ECDSA_P256_SHA256_ASN1,
            (SECP_256_R_1, Hash::Sha384) => &sign::ECDSA_P256_SHA384_ASN1,
            (SECP_384_R_1, Hash::Sha256) => &sign::ECDSA_P384_SHA256_ASN1,
            (SECP_384_R_1, Hash::Sha384) => &sign::ECDSA_P384_SHA384_ASN1,
            _ => return None,
        },
        _ => return None,
    })
}
