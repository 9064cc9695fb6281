//! Addresses, as they are compared in the house and as they are written on the line.

use entity::communication::Address;

use crate::domain::text::{one_line, shortened};

/// Longest address in bytes (RFC 5321 §4.5.3.1.3, without the angle brackets).
pub const MAX_BYTES: usize = 254;
/// Longest display name in characters.
const MAX_NAME: usize = 200;

/// `local@domain` in lower case, or nothing when this is no address.
#[must_use]
pub fn normal(address: &str) -> Option<String> {
    let address = address.trim().trim_start_matches('<').trim_end_matches('>').trim().to_lowercase();
    let (local, domain) = address.rsplit_once('@')?;
    let readable =
        !address.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';'));
    (readable && !local.is_empty() && !domain.is_empty() && address.len() <= MAX_BYTES).then_some(address)
}

/// A name and an address as a header gave them.
#[must_use]
pub fn address(name: &str, address: &str) -> Option<Address> {
    let address = normal(address)?;
    let name = one_line(name);
    let name = name.trim_matches(|c| matches!(c, '"' | '\'' | ' '));
    let name = if name.eq_ignore_ascii_case(&address) { String::new() } else { shortened(name, MAX_NAME) };
    Some(Address { name, address })
}

/// The address with its domain in the form that every server takes (`città.it` becomes `xn--citt-3na.it`), or nothing
/// when it has no such form. A local part beyond ASCII stays: the server takes it (SMTPUTF8) or the letter is refused.
#[must_use]
pub fn on_the_line(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    if domain.is_ascii() {
        return Some(address.to_owned());
    }
    idna::domain_to_ascii(domain).ok().map(|domain| format!("{local}@{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_lower_case_and_whole() {
        assert_eq!(normal(" <Anna.Rossi@Libero.IT> ").as_deref(), Some("anna.rossi@libero.it"));
        for nonsense in
            ["", "anna", "@libero.it", "anna@", "anna rossi@libero.it", "a@b\r\nBcc: c@d", "a@b,c@d"]
        {
            assert_eq!(normal(nonsense), None, "{nonsense}");
        }
        assert_eq!(normal(&format!("{}@x.it", "a".repeat(300))), None);
    }

    #[test]
    fn names_are_cleaned_and_not_repeated() {
        assert_eq!(address("\"Anna\r\n Rossi\u{0}\"", "a@b.it").unwrap().name, "Anna Rossi");
        assert_eq!(address("A@B.it", "a@b.it").unwrap().name, "");
    }

    #[test]
    fn a_domain_with_accents_gets_its_ascii_form() {
        assert_eq!(on_the_line("info@città.it").as_deref(), Some("info@xn--citt-3na.it"));
        assert_eq!(on_the_line("nicolò@example.it").as_deref(), Some("nicolò@example.it"));
    }
}
