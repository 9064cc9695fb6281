//! Messages to apps: where they may go, and how they are signed.
//!
//! The address is typed by people who are not the owner of this machine's network. What stands behind it must be a server of
//! the public internet: never this machine, its neighbours, or the address where clouds keep their secrets. The name is
//! judged here; the addresses that it stands for are judged by the same [`is_public`] when the line is opened.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use url::{Host, Url};

use super::endpoint::{self, Unfit as NoEndpoint};

/// Longest address, in bytes.
const MAX_URL: usize = 1000;
/// What every secret begins with (Standard Webhooks).
const MARK: &str = "whsec_";

/// Why messages are not sent to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is no address to which anything is sent.
    #[error(transparent)]
    Address(#[from] NoEndpoint),
    /// Longer than any address that we keep.
    #[error("L'indirizzo è troppo lungo (al massimo {MAX_URL} caratteri).")]
    Long,
    /// A service that is no web server.
    #[error("Usa la porta 443, o una dalla 1024 in su.")]
    Port,
    /// This machine, or one of its neighbours.
    #[error("L'indirizzo deve essere di un server raggiungibile da Internet, non di una rete interna.")]
    Private,
}

/// Reads an address to which messages may be sent. `private`: the owner lets them go to machines of the own network, and
/// without encryption to this one.
///
/// # Errors
/// A sentence for whoever typed it.
pub fn read(address: &str, private: bool) -> Result<Url, Unfit> {
    if address.len() > MAX_URL {
        return Err(Unfit::Long);
    }
    let url = endpoint::read(address)?;
    if private {
        return Ok(url);
    }
    if url.scheme() != "https" {
        return Err(Unfit::Address(NoEndpoint::InClear));
    }
    if !url.port_or_known_default().is_some_and(|port| port == 443 || port >= 1024) {
        return Err(Unfit::Port);
    }
    let public = match url.host() {
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        Some(Host::Domain(name)) => may_be_public(name),
        None => false,
    };
    if public { Ok(url) } else { Err(Unfit::Private) }
}

/// Whether a name may stand for a server of the public internet. Some never do: this machine (RFC 6761 §6.3), neighbours (RFC 6762,
/// RFC 8375), the private domain of ICANN's resolution 2024.07.29.06, where `metadata.google.internal` stands, and whatever has
/// no dot. What the others stand for is judged when the line is opened.
fn may_be_public(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let private = ["localhost", "local", "internal", "home.arpa"];
    let within =
        |zone: &str| name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    name.contains('.') && !private.into_iter().any(within)
}

/// Whether an address is one of the public internet (IANA's special-purpose registries). What has an IPv4 address inside is
/// judged by that.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        // This network; private; this machine; multicast and reserved; shared by providers (RFC 6598).
        [0 | 10 | 127 | 224..=255, ..] | [100, 64..=127, ..]
        // Link-local, where clouds keep their secrets; private.
        | [169, 254, ..] | [172, 16..=31, ..]
        // Private; protocol assignments and documentation; relays of 6to4.
        | [192, 168, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _]
        // Benchmarks; documentation; documentation.
        | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // IPv4-mapped; translated by NAT64 (RFC 6052); 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Protocol assignments, Teredo among them; documentation.
        [0x2001, 0..=0x1ff | 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        // Whatever else is no global unicast: this machine, link-local, unique local, multicast, other NAT64, unassigned.
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

/// The secret made of 32 random bytes, in the form in which it is shown.
#[must_use]
pub fn secret(random: &[u8; 32]) -> String {
    format!("{MARK}{}", BASE64.encode(random))
}

/// The signature of a message (Standard Webhooks, scheme v1): HMAC-SHA-256 of id, time in seconds and body. `None` when the
/// secret is none.
#[must_use]
pub fn signature(secret: &str, id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let key = BASE64.decode(secret.strip_prefix(MARK)?.as_bytes()).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_servers_of_the_public_internet_are_called() {
        let refused = [
            ("http://app.example/hook", Unfit::Address(NoEndpoint::InClear)),
            ("http://127.0.0.1:8080/", Unfit::Address(NoEndpoint::InClear)),
            ("https://user:pass@app.example/", Unfit::Address(NoEndpoint::Adorned)),
            ("ftp://app.example/", Unfit::Address(NoEndpoint::Unreadable)),
            ("https://app.example:22/", Unfit::Port),
            ("https://app.example:80/", Unfit::Port),
            ("https://127.0.0.1/", Unfit::Private),
            ("https://2130706433/", Unfit::Private),
            ("https://0x7f.1/", Unfit::Private),
            ("https://0177.0.0.1/", Unfit::Private),
            ("https://[::1]/", Unfit::Private),
            ("https://[::ffff:169.254.169.254]/", Unfit::Private),
            ("https://localhost/", Unfit::Private),
            ("https://LOCALHOST.:8443/", Unfit::Private),
            ("https://app.localhost/", Unfit::Private),
            ("https://intranet/", Unfit::Private),
            ("https://printer.local/", Unfit::Private),
            ("https://router.home.arpa/", Unfit::Private),
            ("https://metadata.google.internal/computeMetadata/v1/", Unfit::Private),
        ];
        for (address, why) in refused {
            assert_eq!(read(address, false), Err(why), "{address}");
        }
        assert_eq!(read(&format!("https://app.example/{}", "a".repeat(1000)), false), Err(Unfit::Long));
        for address in [
            "https://app.example/hook?x=1",
            "https://app.example:8443/",
            "https://93.184.216.34/",
            "https://notlocal.example/",
            "https://mylocalhost.it/",
        ] {
            assert!(read(address, false).is_ok(), "{address}");
        }
        assert!(read("http://127.0.0.1:8080/", true).is_ok(), "the owner allows it");
        assert!(read("http://10.0.0.1:8080/", true).is_err(), "in clear to this machine only");
    }

    #[test]
    fn every_disguise_of_a_private_address_is_seen_through() {
        for private in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::10.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "1.1.1.1",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    /// The example of the specification (standard-webhooks, `spec/standard-webhooks.md`).
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let body = br#"{"test": 2432232314}"#;
        let signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(signature("whsec_?", "a", 0, b""), None);
        assert_eq!(signature("other", "a", 0, b""), None);
        assert!(signature(&super::secret(&[7; 32]), "a", 0, b"").is_some());
    }
}
