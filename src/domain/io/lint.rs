//! What reads badly in a message: hints for its author, never a refusal ("Manuale dei servizi", Send Messages and Tone of Voice).

use chrono::{DateTime, Utc};

use super::{
    Remark,
    message::{Content, Message},
    payment, preview,
    recipient::DOUBT,
    text, unfit,
};

mod words;

pub use words::is_sensitive;

/// Fewest characters in which the forwarded mail can say something.
const NEWS: usize = 40;

/// What a hint depends on beside the message.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The moment.
    pub now: DateTime<Utc>,
    /// Whether the service may only try notices of payment out.
    pub trial: bool,
    /// Most euro cents that the service may ask for, where its sheet says so.
    pub most_cents: Option<u64>,
}

/// Hints on a whole message.
#[must_use]
pub fn lint(message: &Message, circumstances: &Circumstances) -> Vec<Remark> {
    let mut hints = Vec::new();
    if message.recipient.is_doubtful() {
        hints.push(Remark::new("recipient", DOUBT));
    }
    hints.extend(lint_content(&message.content, circumstances));
    hints
}

/// Hints on what a message says, to whomever: for templates, too.
#[must_use]
pub fn lint_content(content: &Content, circumstances: &Circumstances) -> Vec<Remark> {
    let mut hints = subject(&content.subject);
    hints.extend(body(content));
    let due = content.due_date.iter().flat_map(|due| super::due_date::hints(*due, circumstances.now));
    hints.extend(due.map(|words| Remark::new("due_date", words)));
    hints.extend(amount(content, circumstances));
    hints
}

fn subject(subject: &str) -> Vec<Remark> {
    let emoji = "Togli le emoji dal titolo.";
    let found = [
        (words::is_sensitive(subject), unfit::SENSITIVE),
        (
            words::is_special(subject),
            "Il titolo si legge anche sullo schermo bloccato: salute, convinzioni e vicende giudiziarie stanno solo nel testo, con il canale sicuro.",
        ),
        (words::is_shouted(subject), "Scrivi il titolo in minuscolo, con la sola iniziale maiuscola."),
        (words::has_emoji(subject), emoji),
    ];
    remarks("subject", found)
}

fn body(content: &Content) -> Vec<Remark> {
    let Content { body, cta, .. } = content;
    let opening = preview::forwarded(&content.markdown());
    let hollow = text::units(opening.trim()) < NEWS || words::is_formula(&opening);
    let without_link = cta.is_empty() && !body.contains("://");
    let found = [
        (
            hollow,
            "La mail inoltrata mostra solo i primi 134 caratteri: comincia dalla notizia, senza saluti e premesse.",
        ),
        (
            body.contains("---"),
            "La mail inoltrata comincia dopo l'ultimo ---: quello che viene prima si legge solo nell'app.",
        ),
        (
            without_link,
            "Manca un collegamento: aggiungi un pulsante o l'indirizzo della pagina con i dettagli.",
        ),
        (words::is_formal(body), "Su IO si dà del tu: niente «gentile utente» e niente Lei."),
        (words::has_emoji(body), "Togli le emoji: chi ascolta il messaggio le sente leggere una per una."),
        (
            words::is_wrapped(body),
            "Il testo va a capo a ogni riga: l'app mostra gli a capo così come sono. Scrivi ogni paragrafo su una riga sola.",
        ),
        (
            words::says_click(body) || cta.it.iter().any(|button| words::says_click(&button.text)),
            "Invece di «clicca qui» scrivi che cosa si apre, per esempio «Vai alla segnalazione».",
        ),
    ];
    let mut hints = remarks("body", found);
    hints.extend(preview::undrawn(body).into_iter().map(|undrawn| Remark::new("body", undrawn.words())));
    hints
}

fn amount(content: &Content, circumstances: &Circumstances) -> Vec<Remark> {
    let Some(payment) = &content.payment else { return Vec::new() };
    let mut hints = Vec::new();
    if circumstances.trial && payment.cents > payment::TRIAL_CENTS {
        hints.push(Remark::new("amount", "In fase di prova IO ammette avvisi fino a 0,10 €."));
    }
    hints.extend(unfit::above(content, circumstances));
    hints
}

fn remarks<const N: usize>(field: &'static str, found: [(bool, &'static str); N]) -> Vec<Remark> {
    found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, words)| Remark::new(field, words)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::io::{
        cta::{Button, Cta, action},
        payment::Payment,
        recipient::Recipient,
    };

    const GOOD: &str = "La tua segnalazione 2026/000123 del 2 marzo è stata presa in carico: la squadra passa entro venerdì 6 marzo.";

    fn content() -> Content {
        let button = Button {
            text: "Vai alla segnalazione".to_owned(),
            action: action("https://ente.example/s/1").unwrap(),
        };
        Content {
            subject: "La tua segnalazione è stata presa in carico".to_owned(),
            body: GOOD.to_owned(),
            cta: Cta { it: vec![button], en: vec![] },
            ..Content::default()
        }
    }

    fn circumstances() -> Circumstances {
        Circumstances { now: "2026-03-02T08:00:00Z".parse().unwrap(), trial: false, most_cents: None }
    }

    fn hints(content: &Content) -> Vec<(&'static str, String)> {
        lint_content(content, &circumstances())
            .into_iter()
            .map(|hint| (hint.field, hint.words.into_owned()))
            .collect()
    }

    #[test]
    fn a_good_message_needs_no_hint() {
        assert_eq!(hints(&content()), []);
    }

    #[test]
    fn a_title_says_nothing_that_others_must_not_read() {
        for (subject, expected) in [
            ("Avviso per RSSMRA45C12F205C", 1),
            ("Scrivi ad anna@libero.example", 1),
            ("Chiama il 333 123 4567", 1),
            ("Rimborso su IT60 X054 2811 1010 0000 0123 456", 1),
            ("COMUNE DI PROVA: AVVISO", 1),
            ("La tua segnalazione ♻️", 1),
            ("Ritiro agevolato per salute", 1),
            ("Sacchi per chi ha una disabilità", 1),
            ("Raccolta dei medicinali e dei sanitari", 0),
            ("Segnalazione 2026/000123 del 02/03/2026", 0),
            ("TARI 2026: il tuo avviso", 0),
        ] {
            let found = hints(&Content { subject: subject.to_owned(), ..content() });
            assert_eq!(found.len(), expected, "{subject}: {found:?}");
            assert!(found.iter().all(|(field, _)| *field == "subject"));
        }
    }

    #[test]
    fn a_text_is_read_over() {
        for (body, word) in [
            (format!("Gentile utente, {GOOD}"), "si dà del tu"),
            (format!("{GOOD} Può scriverci quando vuole, Lei è importante."), "si dà del tu"),
            (format!("{GOOD} 🎉"), "emoji"),
            (format!("{GOOD} Clicca qui."), "clicca qui"),
            (format!("Ciao,\nti scriviamo in merito alla tua pratica.\n{GOOD}"), "134"),
            (format!("{GOOD}\n\n---\n\nA presto"), "134"),
            (format!("{GOOD}\n\n---\n\n{GOOD}"), "dopo l'ultimo ---"),
            (format!("{GOOD}\n\n| a | b |\n|---|---|\n| 1 | 2 |"), "tabelle"),
            (
                "La tua segnalazione del 2 marzo è stata presa in carico e la\nsquadra passa entro venerdì 6 marzo a controllare che cosa\nsia successo."
                    .to_owned(),
                "va a capo",
            ),
        ] {
            let found = hints(&Content { body: body.clone(), ..content() });
            assert!(found.iter().any(|(_, words)| words.contains(word)), "{word} in {found:?} for {body}");
        }
        let unlinked = Content { cta: Cta::default(), ..content() };
        assert!(hints(&unlinked).iter().any(|(_, words)| words.contains("collegamento")));
    }

    #[test]
    fn trap_08_a_wrapped_paragraph_is_pointed_out_and_a_list_is_not() {
        let list =
            format!("{GOOD}\n\n- {GOOD}\n- {GOOD}\n- {GOOD}\n\nVia Roma 1\n25100 Brescia\nSportello 3");
        assert!(hints(&Content { body: list, ..content() }).is_empty());
    }

    #[test]
    fn an_amount_above_what_is_allowed_is_pointed_out() {
        let payment = Payment {
            cents: 11,
            notice_number: "302000000000000017".to_owned(),
            invalid_after_due_date: false,
        };
        let content = Content { payment: Some(payment), ..content() };
        let found = |trial, most_cents| {
            lint_content(&content, &Circumstances { trial, most_cents, ..circumstances() }).len()
        };
        assert_eq!(
            (found(false, None), found(true, None), found(true, Some(10)), found(false, Some(11))),
            (0, 1, 2, 0)
        );
    }

    #[test]
    fn a_slip_in_the_code_and_a_late_deadline_are_pointed_out() {
        let recipient = Recipient::read("RSSMRA45C12F205A").unwrap();
        let late = Content { due_date: "2026-03-01T22:59:59Z".parse().ok(), ..content() };
        assert_eq!(lint(&Message { recipient, content: late }, &circumstances()).len(), 2);
    }
}
