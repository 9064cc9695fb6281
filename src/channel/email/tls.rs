//! Whom we trust on the line to a mail server: the system's certificate authorities, and one more if the owner names it.
//!
//! One provider (ring), one configuration for all IMAP lines, made once at the start. lettre builds its own from the
//! same certificates, because it takes no finished configuration.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use lettre::transport::smtp::client::{Certificate, TlsParameters};
use rustls::{
    ClientConfig,
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

/// Whom we trust.
#[derive(Clone)]
pub struct Trust {
    config: Arc<ClientConfig>,
    extra: Arc<[CertificateDer<'static>]>,
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trust").field("extra", &self.extra.len()).finish_non_exhaustive()
    }
}

/// Why nobody can be trusted.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The file with the further authority cannot be used.
    #[error("the certificate file {} (mail.extra_ca) cannot be used: {words}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        words: String,
    },
    /// The system's own authorities cannot be loaded.
    #[error("the certificate authorities of this system cannot be loaded (package ca-certificates): {0}")]
    System(rustls::Error),
}

impl Trust {
    /// The system's authorities, and those in the PEM file `extra_ca`.
    ///
    /// # Errors
    /// The file is missing, is no PEM, or holds no certificate.
    pub fn load(extra_ca: Option<&Path>) -> Result<Self, TrustError> {
        let extra = extra_ca.map(certificates).transpose()?.unwrap_or_default();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Verifier::new_with_extra_roots(extra.iter().cloned(), provider.clone())
            .map_err(TrustError::System)?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(TrustError::System)?
            .dangerous() // the name of the method; the verifier is the platform's own
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Self { config: Arc::new(config), extra: extra.into() })
    }

    /// For tokio-rustls.
    #[must_use]
    pub fn config(&self) -> Arc<ClientConfig> {
        self.config.clone()
    }

    /// For lettre.
    ///
    /// # Errors
    /// lettre refuses a certificate that rustls took: not seen, but its words would be shown.
    pub fn lettre(&self, host: &str) -> Result<TlsParameters, lettre::transport::smtp::Error> {
        let mut parameters = TlsParameters::builder(host.to_owned());
        for certificate in &*self.extra {
            parameters = parameters.add_root_certificate(Certificate::from_der(certificate.to_vec())?);
        }
        parameters.build_rustls()
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let unreadable = |words: String| TrustError::Unreadable { path: path.to_owned(), words };
    let found: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).map_err(|error| unreadable(error.to_string()))?.collect();
    let found = found.map_err(|error| unreadable(error.to_string()))?;
    if found.is_empty() { Err(unreadable("it holds no certificate".to_owned())) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        assert!(Trust::load(Some(&file)).unwrap_err().to_string().contains("ca.pem"));
        std::fs::write(&file, "hello").unwrap();
        assert!(Trust::load(Some(&file)).unwrap_err().to_string().contains("holds no certificate"));
        assert!(Trust::load(None).is_ok());
    }
}
