//! Whose words are these? A ladder of evidence, and a decision that can be shown.
//!
//! Only an address of the register binds by itself, as the address is what the organisation already wrote to. A code
//! typed into a letter can be typed by anybody who has seen a payment notice: it chooses among the holders of a
//! shared address, and otherwise only proposes.

use std::collections::HashSet;

use entity::work_order::Identified;
use uuid::Uuid;

use super::{
    mail::{Authenticity, Mail, PecKind, Verdict},
    pec::is_believable,
};

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

/// Whether the address that signs may speak for a taxpayer by itself. What a server or a provider has found to be false never
/// does; what nobody has checked does, or no mailbox without such a server could know anybody.
#[must_use]
pub fn speaks_for_itself(mail: &Mail) -> bool {
    let forged = mail.authenticity.is_some_and(is_forged);
    let certified = mail.pec.as_ref().is_none_or(|pec| {
        pec.kind != PecKind::Transport || is_believable(pec) && pec.sender_confirmed != Some(false)
    });
    !forged && certified
}

/// DMARC has the last word, as it looks at the address that people see; without it, a failed check that no other makes good.
fn is_forged(found: Authenticity) -> bool {
    match found.dmarc {
        Verdict::Fail => true,
        Verdict::Pass => false,
        Verdict::Unknown => {
            let checks = [found.spf, found.dkim];
            checks.contains(&Verdict::Fail) && !checks.contains(&Verdict::Pass)
        }
    }
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
    use crate::domain::mail::{Pec, Signature};

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
    fn what_was_found_to_be_false_does_not_speak_for_itself_and_what_nobody_checked_does() {
        use Verdict::{Fail, Pass, Unknown};
        let checked = |dmarc, spf, dkim| Mail {
            authenticity: Some(Authenticity { dmarc, spf, dkim }),
            ..Mail::default()
        };
        assert!(speaks_for_itself(&Mail::default()));
        assert!(speaks_for_itself(&checked(Unknown, Unknown, Unknown)));
        assert!(speaks_for_itself(&checked(Pass, Fail, Pass)), "a forwarded letter fails SPF");
        assert!(speaks_for_itself(&checked(Unknown, Fail, Pass)));
        assert!(!speaks_for_itself(&checked(Unknown, Fail, Unknown)));
        assert!(
            !speaks_for_itself(&checked(Fail, Pass, Pass)),
            "signed, but not by the domain that people see"
        );
        let certified = |kind, signature, sender_confirmed| Mail {
            pec: Some(Pec { kind, signature, sender_confirmed, ..Pec::default() }),
            ..Mail::default()
        };
        assert!(speaks_for_itself(&certified(PecKind::Transport, Signature::Valid, Some(true))));
        assert!(!speaks_for_itself(&certified(PecKind::Transport, Signature::Valid, Some(false))));
        assert!(!speaks_for_itself(&certified(PecKind::Transport, Signature::Invalid, None)));
        assert!(!speaks_for_itself(&certified(PecKind::Transport, Signature::None, None)));
        let by_nobody_known = Pec { signature: Signature::NotVerifiable, ..Pec::default() };
        let spoken = |pec: Pec| speaks_for_itself(&Mail { pec: Some(pec), ..Mail::default() });
        assert!(spoken(by_nobody_known.clone()), "nobody told us the authorities");
        assert!(
            !spoken(Pec { authorities_known: true, ..by_nobody_known }),
            "none of the authorities knows it"
        );
        assert!(speaks_for_itself(&certified(PecKind::Anomaly, Signature::Valid, None)), "an ordinary mail");
    }

    #[test]
    fn codes_are_found_in_a_signature() {
        let codes = codes_in("Utenza UT-00123", "Cordiali saluti, Mario, C.F. RCCMNL83S18D969H, via Roma 12");
        assert_eq!(codes, ["RCCMNL83S18D969H", "UT-00123"]);
    }
}
