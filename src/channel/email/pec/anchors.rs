//! Whom we trust to name the providers of certified mail.
//!
//! The authority of all providers is that of the State's agency (`AgID CA1`). A public authority that gives certificates
//! to everybody is a poor choice: then everybody's certificate leads to it. A provider's own certificate may stand here
//! too.

use rustls::pki_types::{CertificateDer, pem::PemObject};

use super::certificate::Certificate;

/// Authorities whose signature on an envelope counts.
#[derive(Clone, Debug)]
pub struct Anchors(pub(super) Vec<Certificate>);

/// Why a file of authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AnchorsError {
    /// The file is broken.
    #[error("the certificates cannot be read: {0}")]
    Unreadable(String),
    /// The file holds no certificate.
    #[error("it holds no certificate (PEM)")]
    Empty,
}

impl Anchors {
    /// Reads the certificates of a PEM file.
    ///
    /// # Errors
    /// The file is broken, or holds no certificate.
    pub fn from_pem(pem: &[u8]) -> Result<Self, AnchorsError> {
        let mut certificates = Vec::new();
        for (number, der) in CertificateDer::pem_slice_iter(pem).enumerate() {
            let der = der.map_err(|error| AnchorsError::Unreadable(error.to_string()))?;
            let read = Certificate::read(&der);
            let unreadable = || AnchorsError::Unreadable(format!("number {} is no certificate", number + 1));
            certificates.push(read.ok_or_else(unreadable)?);
        }
        if certificates.is_empty() { Err(AnchorsError::Empty) } else { Ok(Self(certificates)) }
    }
}
