//! A receipt of certified mail that brings bad news, as the report that it is.
//!
//! Whom it is about says its certificate, or, where that was lost, nobody: then the desk knows the letter by its
//! reference, and the recipients from the letter.

use crate::domain::{
    mail::{Action, Pec, Report, Reported},
    pec::is_given_up,
    text::one_line,
};

/// What the receipt called `name` reports. `None`: nothing went wrong.
pub(super) fn report(name: &str, pec: &Pec, text: &str) -> Option<Report> {
    let certificate = pec.certificate.clone().unwrap_or_default();
    let action = action(name, &certificate.error_words, text)?;
    let addresses = match certificate.recipient {
        Some(recipient) => vec![recipient],
        None => certificate.recipients.into_iter().map(|recipient| recipient.address).collect(),
    };
    let words = one_line(if certificate.error_words.is_empty() { text } else { &certificate.error_words });
    let reported = |address| Reported { address, status: status(&words), action, words: words.clone() };
    Some(Report {
        recipients: addresses.into_iter().map(reported).collect(),
        about: pec.reference.iter().cloned().collect(),
    })
}

/// What became of the letter.
fn action(receipt: &str, reason: &str, notice: &str) -> Option<Action> {
    match receipt {
        "non-accettazione" | "errore-consegna" | "mancata-consegna" | "rilevazione-virus" => {
            Some(Action::Failed)
        }
        "preavviso-errore-consegna" if is_given_up(reason, notice) => Some(Action::Failed),
        "preavviso-errore-consegna" => Some(Action::Delayed),
        _ => None,
    }
}

/// The enhanced status code (RFC 3463) with which providers begin their reason (`5.1.1 - … - indirizzo non valido`).
fn status(words: &str) -> Option<String> {
    words.split([' ', ',', ';']).find(|word| is_status(word)).map(str::to_owned)
}

fn is_status(word: &str) -> bool {
    let mut numbers = word.split('.');
    let class = numbers.next().is_some_and(|class| matches!(class, "2" | "4" | "5"));
    let rest = [numbers.next(), numbers.next()];
    let number =
        |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    class && rest.iter().all(|text| text.is_some_and(number)) && numbers.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mail::{Certificate, PecRecipient};

    fn pec(recipient: Option<&str>, words: &str) -> Pec {
        let recipients = vec![PecRecipient { address: "a@pec.example".to_owned(), certified: true }];
        let certificate = Certificate {
            recipients,
            recipient: recipient.map(str::to_owned),
            error_words: words.to_owned(),
            ..Certificate::default()
        };
        Pec { reference: Some("1@x".to_owned()), certificate: Some(certificate), ..Pec::default() }
    }

    #[test]
    fn only_bad_news_is_a_report() {
        for good in ["accettazione", "avvenuta-consegna", "presa-in-carico", "qualcosa-di-nuovo"] {
            assert_eq!(report(good, &pec(None, ""), ""), None, "{good}");
        }
        let bad = report(
            "errore-consegna",
            &pec(Some("b@pec.example"), "5.1.1 - Gestore - indirizzo non valido"),
            "",
        );
        let bad = bad.unwrap();
        assert_eq!((bad.recipients.len(), bad.recipients[0].address.as_str()), (1, "b@pec.example"));
        assert_eq!(
            (bad.recipients[0].status.as_deref(), bad.recipients[0].action),
            (Some("5.1.1"), Action::Failed)
        );
        assert_eq!(bad.about, ["1@x"]);
        assert_eq!(report("non-accettazione", &Pec::default(), "testo").unwrap().recipients, []);
    }

    #[test]
    fn a_warning_is_final_after_a_day() {
        let action = |text: &str| {
            report("preavviso-errore-consegna", &pec(None, ""), text).unwrap().recipients[0].action
        };
        assert_eq!(action("non è stato consegnato nelle prime dodici ore"), Action::Delayed);
        assert_eq!(action("non è stato consegnato nelle ventiquattro ore successive"), Action::Failed);
        assert_eq!(action("entro 24 ore dal suo invio"), Action::Failed);
    }

    #[test]
    fn a_date_is_no_status() {
        assert_eq!(status("il 5.1.2024 alle 10, 5.4.1 - ritardo").as_deref(), Some("5.4.1"));
        assert_eq!(status("versione 3.1.1 5.1 5.1.1.1"), None);
    }
}
