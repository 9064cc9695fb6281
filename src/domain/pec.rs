//! What a receipt of certified mail means for a letter of ours (technical rules of 2 November 2005; RFC 6109 §3).
//!
//! Whether a receipt is believed (by its mailbox, by its signature) is decided where it is taken in, not here.

use entity::{
    delivery::Proof,
    origin::{Certificate, Pec, PecKind, Signature},
};

use super::text::{fold, one_line, shortened};

/// Longest reason, in characters.
const MAX_WORDS: usize = 500;

/// Whether what stands in the envelope can be believed. Altered or unsigned, never; signed by somebody unknown, only as long as
/// nobody has told us the authorities, for then nobody could be known.
#[must_use]
pub fn is_believable(pec: &Pec) -> bool {
    match pec.signature {
        Signature::Valid => true,
        Signature::NotVerifiable => !pec.authorities_known,
        Signature::Invalid | Signature::None => false,
    }
}

/// What a receipt says, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Receipt {
    /// Our provider took the letter.
    Accepted,
    /// Our provider did not take it, for none of its recipients.
    Refused,
    /// It is in a recipient's mailbox.
    Delivered,
    /// Nobody has confirmed that it is.
    Late,
    /// It did not arrive.
    Failed,
}

impl Receipt {
    /// What passes between providers (`presa-in-carico`) and names that nobody knows say nothing.
    fn of(pec: &Pec) -> Option<Self> {
        let PecKind::Receipt(name) = &pec.kind else { return None };
        match name.as_str() {
            "accettazione" => Some(Self::Accepted),
            "non-accettazione" => Some(Self::Refused),
            "avvenuta-consegna" => Some(Self::Delivered),
            "preavviso-errore-consegna" => Some(Self::Late),
            // the second is the name in the subject, and in some providers' headers
            "errore-consegna" | "mancata-consegna" | "rilevazione-virus" => Some(Self::Failed),
            _ => None,
        }
    }
}

/// What a receipt proves of our letter to `recipient` (lower case), and the reason in the provider's words (empty for
/// good news). `notice` is the text of the receipt. `None`: nothing, or nothing about this recipient.
#[must_use]
pub fn proof_of(pec: &Pec, recipient: &str, notice: &str) -> Option<(Proof, String)> {
    let certificate = pec.certificate.as_ref();
    let proof = match Receipt::of(pec)? {
        Receipt::Accepted if is_ordinary(certificate, recipient) => Proof::Unprovable,
        Receipt::Accepted => Proof::Accepted,
        Receipt::Delivered if is_about_only(certificate, recipient) => Proof::Delivered,
        Receipt::Refused => Proof::NotDelivered,
        Receipt::Late if may_be_about(certificate, recipient) => late(certificate, notice),
        Receipt::Failed if may_be_about(certificate, recipient) => Proof::NotDelivered,
        Receipt::Delivered | Receipt::Late | Receipt::Failed => return None,
    };
    let bad = matches!(proof, Proof::NotDelivered | Proof::Warned);
    Some((proof, if bad { words(certificate, notice) } else { String::new() }))
}

/// `esterno`: an ordinary mailbox, which never gives a receipt of delivery.
fn is_ordinary(certificate: Option<&Certificate>, recipient: &str) -> bool {
    certificate.is_some_and(|certificate| {
        certificate.recipients.iter().any(|one| !one.certified && one.address == recipient)
    })
}

/// Good news must name its recipient, or be about a letter that had no other.
fn is_about_only(certificate: Option<&Certificate>, recipient: &str) -> bool {
    certificate.is_some_and(|certificate| match (&certificate.recipient, certificate.recipients.as_slice()) {
        (Some(named), _) => named == recipient,
        (None, [only]) => only.address == recipient,
        (None, _) => false,
    })
}

/// Bad news is about everybody to whom the letter went, unless it names somebody else.
fn may_be_about(certificate: Option<&Certificate>, recipient: &str) -> bool {
    certificate.is_none_or(|certificate| match &certificate.recipient {
        Some(named) => named == recipient,
        None => {
            certificate.recipients.is_empty()
                || certificate.recipients.iter().any(|one| one.address == recipient)
        }
    })
}

fn late(certificate: Option<&Certificate>, notice: &str) -> Proof {
    let reason = certificate.map_or("", |certificate| &certificate.error_words);
    if is_given_up(reason, notice) { Proof::NotDelivered } else { Proof::Warned }
}

/// `preavviso-errore-consegna` is two notices under one name: after twelve hours the provider still tries, after
/// twenty-four it has given up. The reason in the certificate is asked which one it is, then the text; what does not say
/// is the first.
#[must_use]
pub fn is_given_up(reason: &str, notice: &str) -> bool {
    [reason, notice].into_iter().find_map(is_second_notice) == Some(true)
}

/// `None`: it speaks of no hours. The first notice may promise the second, so that it names both.
fn is_second_notice(text: &str) -> Option<bool> {
    let text = fold(text);
    let names = |hours: [&str; 2]| hours.into_iter().any(|hours| text.contains(hours));
    let (twelve, twenty_four) = (names(["dodici ore", "12 ore"]), names(["ventiquattro ore", "24 ore"]));
    (twelve || twenty_four).then_some(!twelve)
}

/// The provider's reason; its whole notice where the certificate gives none.
fn words(certificate: Option<&Certificate>, notice: &str) -> String {
    let reason =
        certificate.map(|certificate| certificate.error_words.as_str()).filter(|words| !words.is_empty());
    shortened(&one_line(reason.unwrap_or(notice)), MAX_WORDS)
}

#[cfg(test)]
mod tests {
    use entity::origin::PecRecipient;

    use super::*;

    const ANNA: &str = "anna@pec.example";
    const BRUNO: &str = "bruno@posta.example";

    fn receipt(name: &str) -> Pec {
        let recipient = |address: &str, certified| PecRecipient { address: address.to_owned(), certified };
        let certificate = Certificate {
            recipients: vec![recipient(ANNA, true), recipient(BRUNO, false)],
            ..Certificate::default()
        };
        Pec { kind: PecKind::Receipt(name.to_owned()), certificate: Some(certificate), ..Pec::default() }
    }

    fn about(mut pec: Pec, recipient: &str, words: &str) -> Pec {
        let certificate = pec.certificate.as_mut().unwrap();
        certificate.recipient = Some(recipient.to_owned());
        certificate.error_words = words.to_owned();
        pec
    }

    fn proof(pec: &Pec, recipient: &str, notice: &str) -> Option<Proof> {
        proof_of(pec, recipient, notice).map(|(proof, _)| proof)
    }

    #[test]
    fn an_acceptance_is_all_there_is_for_an_ordinary_mailbox() {
        let pec = receipt("accettazione");
        assert_eq!(proof_of(&pec, ANNA, "Ricevuta di accettazione"), Some((Proof::Accepted, String::new())));
        assert_eq!(proof(&pec, BRUNO, ""), Some(Proof::Unprovable));
        let without = Pec { certificate: None, ..pec };
        assert_eq!(proof(&without, BRUNO, ""), Some(Proof::Accepted));
    }

    #[test]
    fn a_letter_that_was_not_accepted_reached_nobody() {
        let pec = receipt("non-accettazione");
        for recipient in [ANNA, BRUNO] {
            assert_eq!(proof(&pec, recipient, ""), Some(Proof::NotDelivered));
        }
    }

    #[test]
    fn a_delivery_counts_for_its_recipient_only() {
        let pec = about(receipt("avvenuta-consegna"), ANNA, "");
        assert_eq!(proof(&pec, ANNA, ""), Some(Proof::Delivered));
        assert_eq!(proof(&pec, BRUNO, ""), None);
        let unnamed = receipt("avvenuta-consegna");
        assert_eq!(proof(&unnamed, ANNA, ""), None, "it had two recipients");
        let mut alone = unnamed.clone();
        alone.certificate.as_mut().unwrap().recipients.truncate(1);
        assert_eq!(proof(&alone, ANNA, ""), Some(Proof::Delivered));
        assert_eq!(proof(&Pec { certificate: None, ..unnamed }, ANNA, ""), None);
    }

    #[test]
    fn a_failure_comes_with_its_reason() {
        for name in ["errore-consegna", "mancata-consegna", "rilevazione-virus"] {
            let pec = about(receipt(name), ANNA, "5.1.1 - Gestore - indirizzo non valido");
            let words = "5.1.1 - Gestore - indirizzo non valido".to_owned();
            assert_eq!(proof_of(&pec, ANNA, "avviso"), Some((Proof::NotDelivered, words)));
            assert_eq!(proof(&pec, BRUNO, ""), None);
        }
    }

    #[test]
    fn a_failure_without_certificate_speaks_with_its_notice() {
        let pec = Pec { certificate: None, ..receipt("errore-consegna") };
        let notice = "Avviso di mancata consegna\n\ndel 1.2.2026: 5.2.2 casella piena";
        let words = "Avviso di mancata consegna del 1.2.2026: 5.2.2 casella piena".to_owned();
        assert_eq!(proof_of(&pec, ANNA, notice), Some((Proof::NotDelivered, words)));
    }

    #[test]
    fn the_first_notice_warns_and_the_second_ends() {
        let pec = receipt("preavviso-errore-consegna");
        let twelve = "non consegnato nelle prime dodici ore dall'invio";
        let twenty_four = "non è stato consegnato nelle Ventiquattro  ore successive";
        assert_eq!(proof(&pec, ANNA, twelve), Some(Proof::Warned));
        assert_eq!(proof(&pec, ANNA, twenty_four), Some(Proof::NotDelivered));
        assert_eq!(proof(&pec, ANNA, "entro 24 ore"), Some(Proof::NotDelivered));
        let both = "non consegnato in 12 ore; un secondo avviso seguirà dopo 24 ore";
        assert_eq!(proof(&pec, ANNA, both), Some(Proof::Warned));
        assert_eq!(proof(&pec, ANNA, "non ancora"), Some(Proof::Warned));
        let reason = about(pec.clone(), ANNA, twenty_four);
        assert_eq!(
            proof(&reason, ANNA, twelve),
            Some(Proof::NotDelivered),
            "the reason speaks before the notice"
        );
    }

    #[test]
    fn what_is_unknown_or_between_providers_says_nothing() {
        for name in ["presa-in-carico", "ricevuta-di-domani"] {
            assert_eq!(proof(&receipt(name), ANNA, "5.1.1"), None);
        }
        let letter = Pec { kind: PecKind::Transport, ..receipt("") };
        assert_eq!(proof(&letter, ANNA, ""), None);
    }
}
