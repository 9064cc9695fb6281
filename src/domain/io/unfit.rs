//! What must not leave although IO may take it: what its rules forbid, what it certainly refuses of this service, and what the
//! citizen could not use.
//!
//! Refused here, because a slip would stop a good message: words of illness and the like in a title, and whatever else only guesses.
//! They are hints.

use pulldown_cmark::{Event, Parser, Tag};

use super::{
    Remark, cta, due_date,
    lint::{self, Circumstances},
    message::Content,
    payment,
};
use crate::domain::{calendar::rome_date, text::fold};

/// What is said of a title with somebody's data in it ("Manuale dei servizi", Send Messages).
pub const SENSITIVE: &str = "Il titolo si legge anche sullo schermo bloccato: non metterci codici fiscali, indirizzi mail, telefoni o IBAN.";

/// Names of what is paid with the message itself.
const NOTICES: [&str; 4] =
    ["avviso di pagamento", "avvisi di pagamento", "sollecito di pagamento", "avviso pagopa"];
/// Beginnings of words with which a title speaks of a notice that is not to be paid (any more).
const OVER: [&str; 4] = ["annull", "rettific", "sospe", "rimbors"];
/// With these a text asks to be paid here.
const ASKS: [&str; 4] = [
    "paga da questo messaggio",
    "pagare da questo messaggio",
    "pagarlo da questo messaggio",
    "pagarla da questo messaggio",
];
/// What a link in a text may open. The app does nothing with some of them, which is a hint; what runs or holds something else is nobody's
/// news.
const OPENED: [&str; 7] = ["https", "http", "mailto", "tel", "sms", "ioit", "iosso"];
/// Most characters of a scheme that are said back.
const SCHEME_CHARS: usize = 20;
/// How the title of a correction begins: it repeats the title of what was wrong.
const CORRECTION: &str = "errata corrige";

/// Why a message must not leave, field by field.
#[must_use]
pub fn unfit(content: &Content, circumstances: &Circumstances) -> Vec<Remark> {
    let mut flaws = Vec::new();
    if lint::is_sensitive(&content.subject) {
        flaws.push(Remark::new("subject", SENSITIVE));
    }
    // IO takes any day; whoever reads it can do nothing by yesterday. Today counts until it is over.
    if content.due_date.is_some_and(|due| rome_date(due) < rome_date(circumstances.now)) {
        flaws.push(Remark::new("due_date", due_date::PAST));
    }
    if content.payment.is_none() && asks_for_money(content) {
        flaws.push(Remark::new("amount", "La notifica parla di un pagamento: scrivi l'importo dell'avviso."));
        flaws.push(Remark::new(
            "notice_number",
            "La notifica parla di un pagamento: scrivi il numero dell'avviso pagoPA, di 18 cifre.",
        ));
    }
    flaws.extend(above(content, circumstances));
    flaws.extend(strange_link(&content.body));
    flaws
}

/// What is wrong with the links of a text, also of one with names in braces: see [`cta::action`] for those of buttons.
#[must_use]
pub fn strange_link(body: &str) -> Option<Remark> {
    let scheme = Parser::new(body).find_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => strange_scheme(&dest_url),
        _ => None,
    })?;
    let words = format!(
        "Un collegamento del testo apre «{scheme}:», che non si può mandare: scrivi un indirizzo che comincia con https://."
    );
    Some(Remark::new("body", words))
}

/// The scheme of an address that must not be opened. Whoever opens one overlooks blanks in it.
fn strange_scheme(address: &str) -> Option<String> {
    let address = address.replace(|c: char| c.is_whitespace() || c.is_control(), "").to_ascii_lowercase();
    let address = address.strip_prefix(cta::HANDLED).unwrap_or(&address);
    let (scheme, _) = address.split_once(':')?;
    let is_one = scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    (is_one && !OPENED.contains(&scheme)).then(|| scheme.chars().take(SCHEME_CHARS).collect())
}

/// Whether a text speaks of a payment that is to be made with it.
#[must_use]
pub fn asks_for_money(content: &Content) -> bool {
    let (title, body) = (fold(&content.subject), fold(&content.body));
    let is_over = title.starts_with(CORRECTION) || OVER.iter().any(|word| title.contains(word));
    let named = !is_over && NOTICES.iter().any(|name| title.contains(name));
    named || ASKS.iter().any(|words| body.contains(words))
}

/// An amount for which IO answers 400, "Error while sending payment metadata".
pub(super) fn above(content: &Content, circumstances: &Circumstances) -> Option<Remark> {
    let most = circumstances.most_cents?;
    content.payment.as_ref().filter(|payment| payment.cents > most)?;
    let most = payment::written(most);
    Some(Remark::new(
        "amount",
        format!("Questo servizio può chiedere al massimo {most}: IO rifiuta il messaggio."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(content: &Content) -> Vec<&'static str> {
        let now = "2026-03-02T23:30:00Z".parse().unwrap();
        let circumstances = Circumstances { now, trial: false, most_cents: Some(10) };
        unfit(content, &circumstances).into_iter().map(|flaw| flaw.field).collect()
    }

    fn titled(subject: &str) -> Vec<&'static str> {
        found(&Content { subject: subject.to_owned(), ..Content::default() })
    }

    fn said(body: &str) -> Vec<&'static str> {
        found(&Content { body: body.to_owned(), ..Content::default() })
    }

    #[test]
    fn a_title_names_nobody() {
        for subject in [
            "Avviso per RSSMRA45C12F205C",
            "Avviso per rssmra45c12f205x",
            "Scrivi ad anna@libero.example",
            "Chiama il 333 123 4567",
            "Rimborso su IT60 X054 2811 1010 0000 0123 456",
        ] {
            assert_eq!(titled(subject), ["subject"], "{subject}");
        }
        for subject in ["Segnalazione 2026/000123 del 02/03/2026", "La raccolta è sospesa", "TARI 2026"] {
            assert_eq!(titled(subject), [""; 0], "{subject}");
        }
    }

    #[test]
    fn whoever_asks_for_money_says_how_much_and_for_what() {
        assert_eq!(titled("TARI: avviso di pagamento"), ["amount", "notice_number"]);
        assert_eq!(titled("Promemoria: TARI: Sollecito di pagamento"), ["amount", "notice_number"]);
        assert_eq!(said("Puoi pagarlo da questo messaggio."), ["amount", "notice_number"]);
        assert_eq!(titled("Errata corrige: TARI: avviso di pagamento"), [""; 0], "it may be annulled");
        assert_eq!(titled("Il tuo avviso di pagamento è stato annullato"), [""; 0]);
        assert_eq!(said("Non c'è nessun importo da pagare entro il 31 marzo."), [""; 0]);
        assert_eq!(said("Il tuo pagamento è stato registrato: non devi fare niente."), [""; 0]);
        assert_eq!(titled("Il tuo sollecito è stato preso in carico"), [""; 0]);
        let payment = payment::Payment {
            cents: 11,
            notice_number: "302000000000000017".to_owned(),
            invalid_after_due_date: false,
        };
        let notice = Content {
            subject: "TARI: avviso di pagamento".to_owned(),
            payment: Some(payment),
            ..Content::default()
        };
        assert_eq!(found(&notice), ["amount"], "more than the service may ask for");
    }

    #[test]
    fn yesterday_is_over_in_italy_and_today_is_not() {
        let due = |due: &str| found(&Content { due_date: due.parse().ok(), ..Content::default() });
        // In Rome it is half past midnight of the third.
        assert_eq!(due("2026-03-02T22:59:59Z"), ["due_date"]);
        assert_eq!(due("2026-03-02T23:10:00Z"), [""; 0]);
        assert_eq!(due("2026-03-03T22:59:59Z"), [""; 0]);
    }
}
