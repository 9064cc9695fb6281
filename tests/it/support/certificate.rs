//! A self-signed certificate for `localhost` and 127.0.0.1, made once per test process: no key lies in the repository,
//! and none expires.

use std::sync::{Arc, OnceLock};

use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};

/// What our test servers show, and what their clients have to trust.
pub struct Certificate {
    /// The certificate, for libraries that take bytes.
    pub der: CertificateDer<'static>,
    /// The certificate, for programs that read files.
    pub pem: String,
    /// Its private key, for programs that read files.
    pub key_pem: String,
    key: PrivateKeyDer<'static>,
}

/// The one certificate of this test process.
pub fn localhost() -> &'static Certificate {
    static CERTIFICATE: OnceLock<Certificate> = OnceLock::new();
    CERTIFICATE.get_or_init(|| {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).expect("two plain names make a certificate");
        Certificate {
            der: made.cert.der().clone(),
            pem: made.cert.pem(),
            key_pem: made.signing_key.serialize_pem(),
            key: made.signing_key.into(),
        }
    })
}

impl Certificate {
    /// For a TLS server that shows this certificate.
    pub fn server_config(&self) -> Arc<ServerConfig> {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring speaks the default versions")
            .with_no_client_auth()
            .with_single_cert(vec![self.der.clone()], self.key.clone_key())
            .expect("certificate and key belong together");
        Arc::new(config)
    }

    /// For a TLS client that trusts this certificate and no other.
    pub fn client_config(&self) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).expect("our own certificate is well formed");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring speaks the default versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Arc::new(config)
    }
}
