//! What a form declares, held against the register: codes that belong to one person and a name that belongs to another are
//! no lie. People write for their parents, and copy a wrong line of the bill. An operator is told, calmly, and looks twice.

use std::collections::BTreeSet;

use entity::taxpayer;

use super::{form::Declared, text};

/// Where what was declared does not agree with the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// The codes given belong to several taxpayers.
    Codes,
    /// The codice fiscale is not the one of whom the code belongs to.
    FiscalCode,
    /// The name is not.
    Name,
}

/// What does not agree. `found` are taxpayers that the codes given may belong to; nothing is said where there is none.
#[must_use]
pub fn contradictions(declared: &Declared, found: &[taxpayer::Model]) -> Vec<Contradiction> {
    let named = |one: &&taxpayer::Model| one.code.as_ref().is_some_and(|code| declared.codes.contains(code));
    let holders: Vec<&taxpayer::Model> = found.iter().filter(named).collect();
    let holder = match holders.as_slice() {
        [] => return Vec::new(),
        [one] => one,
        _ => return vec![Contradiction::Codes],
    };
    match holder.fiscal_code.as_deref().filter(|_| !declared.fiscal_code.is_empty()) {
        // The same person, whatever the register calls them.
        Some(fiscal_code) if fiscal_code == declared.fiscal_code => Vec::new(),
        Some(_) => vec![Contradiction::FiscalCode],
        None if is_other(&declared.name, &holder.name) => vec![Contradiction::Name],
        None => Vec::new(),
    }
}

/// Two names that cannot be one person's: registers write the surname first, and a second name that people leave out.
fn is_other(declared: &str, registered: &str) -> bool {
    let (declared, registered) = (text::fold(declared), text::fold(registered));
    let words = |name: &str| -> BTreeSet<String> {
        let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let (declared, registered) = (words(&declared), words(&registered));
    !declared.is_subset(&registered) && !registered.is_subset(&declared)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn taxpayer(code: &str, name: &str, fiscal_code: Option<&str>) -> taxpayer::Model {
        taxpayer::Model {
            id: Uuid::now_v7(),
            organisation_id: Uuid::nil(),
            code: Some(code.to_owned()),
            name: name.to_owned(),
            name_folded: text::fold(name),
            fiscal_code: fiscal_code.map(str::to_owned),
            address: String::new(),
            generic: false,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    fn declared(codes: &[&str], name: &str, fiscal_code: &str) -> Declared {
        Declared {
            name: name.to_owned(),
            fiscal_code: fiscal_code.to_owned(),
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            ..Declared::default()
        }
    }

    #[test]
    fn what_agrees_is_not_spoken_of() {
        let anna = [taxpayer("UT-1", "BIANCHI ANNA MARIA", Some("BNCNNA80A41B157K"))];
        for (name, fiscal_code) in [
            ("Anna Bianchi", "BNCNNA80A41B157K"),
            ("Anna Bianchi", ""),
            ("Bianchi Anna Maria", ""),
            ("", ""),
            ("Anna Rossi", "BNCNNA80A41B157K"),
        ] {
            assert_eq!(contradictions(&declared(&["UT-1"], name, fiscal_code), &anna), [], "{name}");
        }
        assert_eq!(contradictions(&declared(&["UT-9"], "Ugo Neri", "X"), &anna), [], "nobody's code");
        assert_eq!(contradictions(&declared(&[], "Ugo Neri", "X"), &anna), [], "no code was given");
    }

    #[test]
    fn what_does_not_agree_is_said_once() {
        let anna = taxpayer("UT-1", "Bianchi Anna", Some("BNCNNA80A41B157K"));
        let ugo = taxpayer("UT-2", "Neri Ugo", None);
        let both = [anna, ugo];
        let of =
            |codes: &[&str], name, fiscal_code| contradictions(&declared(codes, name, fiscal_code), &both);
        assert_eq!(of(&["UT-1"], "Ugo Neri", "NREGUO80A01B157T"), [Contradiction::FiscalCode]);
        assert_eq!(of(&["UT-1"], "Ugo Neri", ""), [Contradiction::Name]);
        assert_eq!(of(&["UT-2"], "Anna Bianchi", "BNCNNA80A41B157K"), [Contradiction::Name]);
        assert_eq!(of(&["UT-1", "UT-2"], "Anna Bianchi", ""), [Contradiction::Codes]);
    }
}
