//! What the archive says of a notification, in words.

use entity::{
    io_call::Call,
    io_message::{Model, Purpose, State},
};
use serde::Serialize;

use crate::{actions::io::draft, domain::io::fate, web::words::capital};

/// A state as a chip.
#[derive(Debug, Serialize)]
pub struct Shown {
    tone: &'static str,
    text: String,
}

/// The chip of a state.
pub fn state(state: State) -> Shown {
    let tone = match state {
        State::Draft => "neutral",
        State::Queued | State::Sending | State::Accepted => "info",
        State::Processed => "success",
        State::NotOnIo | State::ServiceOff | State::Uncertain => "warning",
        State::Rejected | State::Failed => "danger",
    };
    Shown { tone, text: capital(fate::words(state)) }
}

/// What a state means for whoever asks "has it arrived?". `by_mail`: a letter says the same.
pub fn meaning(row: &Model, by_mail: bool) -> &'static str {
    match row.state {
        state if by_mail && fate::has_missed(state) => {
            "Su IO non è arrivata: lo stesso aggiornamento è andato per posta, non serve riscrivere."
        }
        State::Draft if draft::may_be_changed(row) => {
            "Non è partita e non parte da sola: si può modificare, inviare o eliminare."
        }
        State::Draft if draft::may_be_deleted(row) => {
            "Non è partita e non parte da sola: si può inviare così com’è o eliminare."
        }
        State::Draft => "Non è partita e non parte da sola: si può inviare così com’è.",
        State::Queued => "Aspetta di partire.",
        State::Sending => "La chiamata a IO è in corso.",
        State::Accepted => "IO l’ha presa in carico: non è ancora nella posta della persona.",
        State::Processed => "È nella posta della persona, nell’app. Se l’ha letta, di solito IO non lo dice.",
        State::Rejected => {
            "IO l’aveva presa in carico, poi non l’ha consegnata: intanto la persona ha lasciato IO o ha disattivato il servizio."
        }
        State::Failed => "Non è arrivata.",
        State::Uncertain => {
            "Non si sa se IO l’ha ricevuta, e a IO non si può chiedere. Non viene mai rimandata da sola."
        }
        State::NotOnIo => "La persona non usa IO: scrivile per altra via.",
        State::ServiceOff => "La persona è su IO e ha disattivato questo servizio: scrivile per altra via.",
    }
}

/// Why there is a notification; nothing for an ordinary one.
pub fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Single => "",
        Purpose::Update => "Aggiornamento",
        Purpose::Repeat => "Rimandata",
        Purpose::Correction => "Errata corrige",
        Purpose::Reminder => "Promemoria",
    }
}

/// What was asked of IO, or ordered.
pub fn call(call: Call) -> &'static str {
    match call {
        Call::Profile => "Profilo",
        Call::Submit => "Invio",
        Call::Status => "Esito",
        Call::Operator => "Ordine",
    }
}

/// What IO says of push and mail.
pub fn told(word: &str) -> &'static str {
    match word {
        "sent" => "inviata",
        "throttled" => "rimandata",
        "expired" => "non inviata in tempo",
        _ => "non riuscita",
    }
}

/// Whether it was read.
pub fn read(word: &str) -> &'static str {
    match word {
        "read" => "letta",
        "unread" => "non ancora letta",
        _ => "non si sa: la persona non lo fa sapere",
    }
}

/// Whether it was paid.
pub fn paid(word: &str) -> &'static str {
    if word == "paid" { "pagato" } else { "non risulta pagato" }
}

/// A codice fiscale of which a list shows only as much as tells two people apart.
pub fn masked(code: &str) -> String {
    if code.is_empty() {
        return "non ancora scelto".to_owned();
    }
    let end = code.char_indices().nth(6).map_or(code.len(), |(at, _)| at);
    format!("{}••••••••••", &code[..end])
}
