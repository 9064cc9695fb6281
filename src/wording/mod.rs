//! Every sentence that we send to a citizen by default, one function per text: who wants to proofread the tone of the
//! product reads this file. Plain, courteous Italian; no word of the sender's own is ever repeated in an automatic
//! text, or the desk would carry other people's advertising.

pub mod letters;
pub mod pages;
mod say;
pub mod updates;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{language::Language, mailbox};

pub use self::say::{Value, say, say_named, say_with};
use crate::domain::{calendar, care::Trouble, form::Problem, number::Number};

/// A letter's subject and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Subject.
    pub subject: String,
    /// Body, plain text.
    pub body: String,
}

/// Says that a request has arrived, under which number, what happens next and by when.
#[must_use]
pub fn acknowledgement(organisation: &str, number: Number, received: NaiveDate, due: NaiveDate) -> Text {
    Text {
        subject: format!("Abbiamo ricevuto la tua richiesta [{number}]"),
        body: format!(
            "Buongiorno,\n\n\
             abbiamo ricevuto la tua richiesta il {received} e l'abbiamo registrata con il numero {number}.\n\n\
             Che cosa succede ora: un operatore la legge e ti risponde a questo indirizzo.\n\
             Entro quando: la risposta è dovuta entro il {due}.\n\n\
             Se vuoi aggiungere qualcosa, rispondi a questo messaggio: le tue parole arriveranno nella stessa pratica. \
             Non serve scrivere di nuovo.\n\n\
             Questo messaggio è stato inviato in automatico.\n\n\
             {organisation}\n",
            received = day(received),
            due = day(due),
        ),
    }
}

/// Stands in a letter where each recipient gets a link of their own; what is stored and shown to operators opens nothing.
pub const PERSONAL_LINK: &str = "[link personale]";

/// A letter for somebody who has no such link: without the lines that are about it.
#[must_use]
pub fn without_link(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.lines().filter(|line| !line.contains(PERSONAL_LINK)) {
        kept.extend([line, "\n"]);
    }
    kept
}

/// The same in a notification for IO, whose buttons take nothing but addresses.
pub const PERSONAL_URL: &str = "https://link-personale.invalid/";

/// What is wrong with an answer of a form, in the language of who fills it.
#[must_use]
pub fn problem(language: Language, problem: &Problem) -> String {
    say_with(language, &format!("problem-{}", problem.what), &[("n", Value::from(problem.n))])
}

/// Stands for a mail that the program could not read.
#[must_use]
pub fn unreadable_mail() -> Text {
    Text {
        subject: "Messaggio da leggere nell’originale".to_owned(),
        body: "Il programma non è riuscito a leggere questo messaggio. Il testo e il mittente sono nel file allegato, \
               così com’è arrivato."
            .to_owned(),
    }
}

/// Tells the administrators what is wrong with a mailbox.
#[must_use]
pub fn mailbox_trouble(mailbox: &mailbox::Model, troubles: &[Trouble], public_url: &str) -> Text {
    let words: Vec<String> =
        troubles.iter().map(|trouble| format!("- {}", trouble_words(*trouble))).collect();
    let servers = [&mailbox.last_error, &mailbox.exit_error].into_iter().flatten();
    let servers: Vec<String> = servers.map(|words| format!("Il server dice: {words}\n")).collect();
    Text {
        subject: format!("La casella {} richiede attenzione", mailbox.address),
        body: format!(
            "Buongiorno,\n\nla casella {address} richiede attenzione:\n\n{words}\n\n{servers}\
             \nI messaggi dei cittadini aspettano sul server: nulla va perso, ma i termini di legge corrono.\n\
             Le impostazioni sono qui: {public_url}/desk/admin/mailboxes\n\n\
             Questo avviso è stato inviato in automatico.\n",
            address = mailbox.address,
            words = words.join("\n"),
            servers = servers.concat(),
        ),
    }
}

/// What is wrong, in a sentence.
#[must_use]
pub fn trouble_words(trouble: Trouble) -> String {
    match trouble {
        Trouble::Silent(since) => format!("Nessuna lettura riuscita dal {}.", rome_moment(since)),
        Trouble::Refused => {
            "Il server non accetta più il nostro accesso: la posta non viene letta.".to_owned()
        }
        Trouble::Exit => {
            "Il server di invio rifiuta le nostre credenziali: le risposte non partono.".to_owned()
        }
        Trouble::Grant => "Il fornitore non rinnova più l’accesso: serve un nuovo consenso.".to_owned(),
        Trouble::Expired(on) => format!("La password è scaduta il {}: va sostituita.", day(on)),
        Trouble::Expires(on) => format!("La password scade il {}: va rinnovata prima.", day(on)),
    }
}

/// Subject of an operator's answer. The number helps people; threads do not depend on it.
#[must_use]
pub fn reply_subject(subject: &str, number: Number) -> String {
    let subject = subject.trim();
    let tag = format!("[{number}]");
    let answered = subject.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("re:"));
    let answer = match (subject.is_empty(), answered) {
        (true, _) => "Risposta alla tua richiesta".to_owned(),
        (false, true) => subject.to_owned(),
        (false, false) => format!("Re: {subject}"),
    };
    if answer.contains(&tag) { answer } else { format!("{answer} {tag}") }
}

/// What stands under an operator's answer.
#[must_use]
pub fn signature(operator: &str, organisation: &str, number: Number) -> String {
    format!("{operator}\n{organisation}\nPratica {number}")
}

/// `21/11/2026 alle 19:45`, in Italy.
fn rome_moment(at: DateTime<Utc>) -> impl std::fmt::Display {
    calendar::rome(at).format("%d/%m/%Y alle %H:%M")
}

/// `21/11/2026`.
fn day(date: NaiveDate) -> impl std::fmt::Display {
    date.format("%d/%m/%Y")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: Number = Number { year: 2026, number: 7 };

    #[test]
    fn an_acknowledgement_says_number_next_step_and_date() {
        let date = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        let text = acknowledgement("Ambiente Servizi", NUMBER, date(2), date(30));
        insta::assert_snapshot!(format!("{}\n\n{}", text.subject, text.body), @r"
        Abbiamo ricevuto la tua richiesta [2026/000007]

        Buongiorno,

        abbiamo ricevuto la tua richiesta il 02/03/2026 e l'abbiamo registrata con il numero 2026/000007.

        Che cosa succede ora: un operatore la legge e ti risponde a questo indirizzo.
        Entro quando: la risposta è dovuta entro il 30/03/2026.

        Se vuoi aggiungere qualcosa, rispondi a questo messaggio: le tue parole arriveranno nella stessa pratica. Non serve scrivere di nuovo.

        Questo messaggio è stato inviato in automatico.

        Ambiente Servizi
        ");
    }

    #[test]
    fn a_reply_carries_the_number_once() {
        assert_eq!(reply_subject("Mancato ritiro", NUMBER), "Re: Mancato ritiro [2026/000007]");
        assert_eq!(
            reply_subject("RE: Mancato ritiro [2026/000007]", NUMBER),
            "RE: Mancato ritiro [2026/000007]"
        );
        assert_eq!(reply_subject("  ", NUMBER), "Risposta alla tua richiesta [2026/000007]");
    }
}
