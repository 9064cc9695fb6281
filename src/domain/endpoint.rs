//! Addresses of other people's web servers that an administrator types: where secrets may be sent, and where not.

use url::{Host, Url};

/// Why an address is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is no web address.
    #[error("Scrivi l'indirizzo completo, a partire da https://.")]
    Unreadable,
    /// What is sent there could be read on the way.
    #[error("L'indirizzo deve cominciare con https://: senza, il segreto viaggerebbe in chiaro.")]
    InClear,
    /// A password in an address ends up in logs.
    #[error("Togli dall'indirizzo il nome utente, la password e tutto ciò che segue #.")]
    Adorned,
}

/// Reads an address to which secrets may be sent: `https`, or `http` to this machine itself.
///
/// # Errors
/// A sentence for whoever typed it.
pub fn read(address: &str) -> Result<Url, Unfit> {
    let url = Url::parse(address.trim()).map_err(|_| Unfit::Unreadable)?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(Unfit::Unreadable);
    }
    if !is_protected(&url) {
        return Err(Unfit::InClear);
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(Unfit::Adorned);
    }
    Ok(url)
}

/// Whether nobody on the way can read what is sent to `url`.
#[must_use]
pub fn is_protected(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Domain(name))) => name == "localhost",
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|mapped| mapped.is_loopback())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_over_https_or_to_this_machine() {
        for fit in [
            "https://login.example/token",
            " https://login.example:8443/token?x=1 ",
            "http://127.0.0.1:9000/token",
            "http://[::1]/token",
            "http://[::ffff:127.0.0.1]/token",
            "http://LOCALHOST/token",
        ] {
            assert!(read(fit).is_ok(), "{fit}");
        }
        for (unfit, why) in [
            ("", Unfit::Unreadable),
            ("login.example/token", Unfit::Unreadable),
            ("ftp://login.example", Unfit::Unreadable),
            ("file:///etc/passwd", Unfit::Unreadable),
            ("http://login.example/token", Unfit::InClear),
            ("http://localhost.example/", Unfit::InClear),
            ("http://10.0.0.1/", Unfit::InClear),
            ("http://0x7f000002.example/", Unfit::InClear),
            ("https://a:b@login.example/", Unfit::Adorned),
            ("https://login.example/#x", Unfit::Adorned),
        ] {
            assert_eq!(read(unfit), Err(why), "{unfit}");
        }
    }
}
