//! Networks: whom do we count together when many requests come from one place?
//!
//! Not single addresses: who has one has its neighbours, too (a household's IPv6 network holds more addresses than the
//! whole of IPv4). What is kept is a keyed hash: enough to count and to ban, worth nothing to whoever reads the table.

// Only the type of an address: nothing here opens a line.
use core::net::IpAddr;

use super::keys::Keys;

/// The network of an address in the form that is kept: twenty hexadecimal digits.
#[must_use]
pub fn network(keys: &Keys, address: IpAddr) -> String {
    data_encoding::HEXLOWER.encode(&keys.sign("network", &prefix(address)))
}

/// The part of an address that its neighbours share: /24 of IPv4, /48 of IPv6.
fn prefix(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(address) => address.octets()[..3].to_vec(),
        IpAddr::V6(address) => address.octets()[..6].to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_network_and_others_are_not() {
        let keys = Keys::new(&[7; 32]);
        let of = |address: &str| network(&keys, address.parse().unwrap());
        assert_eq!(of("203.0.113.9"), of("203.0.113.200"));
        assert_eq!(of("203.0.113.9"), of("::ffff:203.0.113.9"), "the same address, written as IPv6");
        assert_eq!(of("2001:db8:1::1"), of("2001:db8:1:ffff::9"));
        assert_ne!(of("203.0.113.9"), of("203.0.114.9"));
        assert_ne!(of("2001:db8:1::1"), of("2001:db8:2::1"));
        assert_ne!(of("203.0.113.9"), network(&Keys::new(&[8; 32]), "203.0.113.9".parse().unwrap()));
    }
}
