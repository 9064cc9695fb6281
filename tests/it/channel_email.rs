//! The edge by itself: our IMAP and SMTP lines with real servers and with scripted bad ones, and the reading of mail.

mod bad_imap;
mod explaining;
mod imap;
mod maildir;
pub(crate) mod reading;
mod script;
mod smtp;
mod whims;

use std::path::Path;

use riscontro::channel::email::tls::Trust;

use crate::support::certificate;

/// Trust in the certificate of our test servers.
fn trust() -> Trust {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &certificate::localhost().pem).unwrap();
    trust_in(file.path())
}

fn trust_in(file: &Path) -> Trust {
    Trust::load(Some(file)).unwrap()
}
