//! The installation's key: seals passwords at rest and signs the ids that we give out.
//!
//! One random key of 32 bytes lives in a file beside the database. Every use gets a key of its own, derived from it,
//! so that no use can be turned against another. The key enters from outside; here is only arithmetic.

use chacha20poly1305::{KeyInit, XChaCha20Poly1305, aead::Aead};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Bytes of the master key.
pub const KEY_BYTES: usize = 32;
/// Bytes of the nonce that begins every sealed value.
const NONCE_BYTES: usize = 24;

/// Keys derived from the installation's one key.
#[derive(Clone)]
pub struct Keys {
    seal: [u8; KEY_BYTES],
    sign: [u8; KEY_BYTES],
    check: [u8; KEY_BYTES],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

/// A sealed value was not sealed with this key, or was altered.
#[derive(Debug, thiserror::Error)]
#[error("a stored secret cannot be opened with this key: type it again in the settings of the mailbox")]
pub struct Unreadable;

impl Keys {
    /// Derives the keys of each use.
    #[must_use]
    pub fn new(master: &[u8; KEY_BYTES]) -> Self {
        let derive = |purpose: &[u8]| mac(master, &[purpose]);
        Self { seal: derive(b"seal"), sign: derive(b"sign"), check: derive(b"check") }
    }

    /// A public mark of the key: kept in the database, it tells a wrong key file before any harm is done.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.check[..16])
    }

    /// Encrypts and authenticates `plain`. `nonce` must be random and fresh.
    #[must_use]
    pub fn seal(&self, nonce: [u8; NONCE_BYTES], plain: &str) -> Vec<u8> {
        let cipher = XChaCha20Poly1305::new(&self.seal.into());
        let mut sealed = nonce.to_vec();
        sealed.extend(
            cipher
                .encrypt(&nonce.into(), plain.as_bytes())
                .expect("a password is far shorter than the cipher's limit"),
        );
        sealed
    }

    /// Opens what [`Keys::seal`] made.
    ///
    /// # Errors
    /// The bytes were sealed with another key, or altered.
    pub fn open(&self, sealed: &[u8]) -> Result<String, Unreadable> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Unreadable)?;
        let cipher = XChaCha20Poly1305::new(&self.seal.into());
        let plain = cipher.decrypt(&(*nonce).into(), sealed).map_err(|_| Unreadable)?;
        String::from_utf8(plain).map_err(|_| Unreadable)
    }

    /// Signs `data` for one `purpose`: ten bytes, enough against guessing through a mail server.
    #[must_use]
    pub fn sign(&self, purpose: &str, data: &[u8]) -> [u8; 10] {
        let full = mac(&self.sign, &[purpose.as_bytes(), &[0], data]);
        let mut short = [0; 10];
        short.copy_from_slice(&full[..10]);
        short
    }

    /// Whether `signature` is what [`Keys::sign`] gives.
    #[must_use]
    pub fn verify(&self, purpose: &str, data: &[u8], signature: &[u8]) -> bool {
        let right = self.sign(purpose, data);
        // No early return: the time taken must not tell how many bytes were guessed.
        signature.len() == right.len()
            && right.iter().zip(signature).fold(0, |different, (a, b)| different | (a ^ b)) == 0
    }
}

fn mac(key: &[u8; KEY_BYTES], parts: &[&[u8]]) -> [u8; KEY_BYTES] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_with_its_own_key() {
        let keys = Keys::new(&[7; 32]);
        let sealed = keys.seal([1; 24], "pässword");
        assert_eq!(keys.open(&sealed).unwrap(), "pässword");
        assert!(Keys::new(&[8; 32]).open(&sealed).is_err());
        let mut altered = sealed.clone();
        *altered.last_mut().unwrap() ^= 1;
        assert!(keys.open(&altered).is_err());
        assert!(keys.open(b"short").is_err());
    }

    #[test]
    fn a_signature_holds_for_one_purpose_only() {
        let keys = Keys::new(&[7; 32]);
        let signature = keys.sign("letter", b"x");
        assert!(keys.verify("letter", b"x", &signature));
        assert!(!keys.verify("reply", b"x", &signature));
        assert!(!keys.verify("letter", b"y", &signature));
        assert!(!keys.verify("letter", b"x", &signature[..9]));
    }
}
