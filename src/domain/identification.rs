//! Whose words are these? A ladder of evidence, and a decision that can be shown.
//!
//! Only an address of the register binds by itself, as the address is what the organisation already wrote to. A code
//! typed into a letter can be typed by anybody who has seen a payment notice: it chooses among the holders of a
//! shared address, and otherwise only proposes.

use std::collections::HashSet;

use entity::work_order::Identified;
use uuid::Uuid;

/// What is known about the sender.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Taxpayers whose contact the sender's address is.
    pub by_address: Vec<Uuid>,
    /// Taxpayers whose codice fiscale, partita IVA or codice utente stands in the text.
    pub by_code: Vec<Uuid>,
}

/// Whose words these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identification {
    /// One taxpayer, and why.
    Certain(Uuid, Identified),
    /// Somebody must choose; candidates are looked up again when the page is shown.
    Probable,
    /// Nothing points to anybody.
    Unknown,
}

/// Decides.
#[must_use]
pub fn identify(evidence: &Evidence) -> Identification {
    match evidence.by_address.as_slice() {
        [only] => Identification::Certain(*only, Identified::Address),
        [] if evidence.by_code.is_empty() => Identification::Unknown,
        [] => Identification::Probable,
        several => {
            let mut named = several.iter().filter(|id| evidence.by_code.contains(id));
            match (named.next(), named.next()) {
                (Some(one), None) => Identification::Certain(*one, Identified::AddressAndCode),
                _ => Identification::Probable,
            }
        }
    }
}

/// Codes that could stand in the register: codici fiscali, partite IVA, and words with digits that may be a codice
/// utente. At most forty.
#[must_use]
pub fn codes_in(subject: &str, text: &str) -> Vec<String> {
    let both = format!("{subject}\n{text}");
    let mut codes: Vec<String> =
        super::fiscal_code::find_in(&both).into_iter().map(|code| code.as_str().to_owned()).collect();
    let words = both.split(|c: char| !c.is_ascii_alphanumeric() && !"-/._".contains(c));
    let like_codes = words
        .map(|word| word.trim_matches(['-', '/', '.', '_']))
        .filter(|word| (4..=20).contains(&word.len()) && word.bytes().any(|byte| byte.is_ascii_digit()));
    codes.extend(like_codes.map(str::to_ascii_uppercase));
    let mut seen = HashSet::new();
    codes.retain(|code| seen.insert(code.clone()));
    codes.truncate(40);
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_one_taxpayer_binds_and_a_typed_code_alone_does_not() {
        let (anna, bruno) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let decide = |by_address: &[Uuid], by_code: &[Uuid]| {
            identify(&Evidence { by_address: by_address.to_vec(), by_code: by_code.to_vec() })
        };
        assert_eq!(decide(&[anna], &[]), Identification::Certain(anna, Identified::Address));
        assert_eq!(decide(&[anna], &[bruno]), Identification::Certain(anna, Identified::Address));
        assert_eq!(decide(&[anna, bruno], &[]), Identification::Probable);
        assert_eq!(
            decide(&[anna, bruno], &[bruno]),
            Identification::Certain(bruno, Identified::AddressAndCode)
        );
        assert_eq!(decide(&[anna, bruno], &[anna, bruno]), Identification::Probable);
        assert_eq!(decide(&[], &[anna]), Identification::Probable);
        assert_eq!(decide(&[], &[]), Identification::Unknown);
    }

    #[test]
    fn codes_are_found_in_a_signature() {
        let codes = codes_in("Utenza UT-00123", "Cordiali saluti, Mario, C.F. RCCMNL83S18D969H, via Roma 12");
        assert_eq!(codes, ["RCCMNL83S18D969H", "UT-00123"]);
    }
}
