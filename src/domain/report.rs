//! How bad is a report? Only what is wrong with the address itself, and for good, makes an address unreachable.
//!
//! The code is believed first (RFC 3463). Many servers know only `5.0.0`, or no code at all: then their words are
//! read, in the languages that our citizens' providers write. What cannot be understood is soft: an address that is
//! called unreachable without need is a citizen who gets no more letters.

use super::{
    mail::{Action, Reported},
    text::fold,
};

/// What a report means for the letters to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The address takes no letters, now or later.
    Hard,
    /// This letter did not arrive; the next one may.
    Soft,
    /// The letter is late and still being tried.
    Delay,
    /// Nothing bad: it arrived.
    None,
}

/// What a report about one recipient means.
#[must_use]
pub fn severity(reported: &Reported) -> Severity {
    match reported.action {
        Action::Delivered => Severity::None,
        Action::Delayed => Severity::Delay,
        Action::Failed if is_for_good(&precise_code(reported)) => Severity::Hard,
        Action::Failed => Severity::Soft,
    }
}

/// The code, or what the words say where the code says nothing.
fn precise_code(reported: &Reported) -> String {
    let code = reported.status.as_deref().unwrap_or_default();
    let vague = matches!(code, "" | "5.0.0" | "4.0.0");
    let told = vague.then(|| code_of_words(&reported.words)).flatten();
    told.unwrap_or(code).to_owned()
}

/// A permanent code that is about the address. What is about the letter (too big), the one moment (full, no route),
/// the writer (RFC 3463 §3.2: `5.1.7`, `5.1.8` are the sender's address) or somebody's policy says nothing about the
/// next letter.
fn is_for_good(code: &str) -> bool {
    let mut numbers = code.split('.').map(str::parse);
    let (Some(Ok(5u16)), Some(Ok(subject)), Some(Ok(detail))) =
        (numbers.next(), numbers.next(), numbers.next())
    else {
        return false;
    };
    match (subject, detail) {
        // no such domain (RFC 3463 §3.5; 310 is Exchange Online's)
        (4, 4 | 310) => true,
        // said by nobody; the sender's address; mailbox full, letter too long; the system; network; the letter's content;
        // policy
        (0 | 3 | 4 | 6 | 7, _) | (1, 7 | 8) | (2, 2 | 3) => false,
        _ => true,
    }
}

/// Words and the code that they stand for; the first that is found counts. Folded (`domain::text::fold`). Refusals
/// come last: `spam` and `policy` also stand in names of servers.
const MEANINGS: &[(&str, &[&str])] = &[
    ("5.1.8", &["sender verify failed", "sender address rejected", "verification failed for"]),
    (
        "5.2.2",
        &[
            "mailbox full",
            "mailbox is full",
            "mailbox size limit",
            "quota",
            "exceeded storage",
            "out of storage",
            "insufficient disk space",
            "casella piena",
            "casella di posta piena",
            "casella e piena",
            "spazio esaurito",
            "spazio insufficiente",
        ],
    ),
    (
        "5.3.4",
        &[
            "message too big",
            "message too large",
            "message is too large",
            "size limit exceeded",
            "message size exceeds",
            "exceeds size limit",
            "maximum message size",
            "messaggio troppo grande",
            "dimensione massima",
            "dimensioni massime",
        ],
    ),
    (
        "4.4.7",
        &[
            "message expired",
            "retry timeout exceeded",
            "retry time not reached",
            "in the queue too long",
            "delivery time expired",
            "tempo massimo di consegna",
        ],
    ),
    ("5.4.6", &["routing loop", "hop count", "too many hops", "mail loop"]),
    (
        "4.4.1",
        &[
            "try again",
            "connection timed out",
            "connection refused",
            "network is unreachable",
            "no answer from host",
            "connessione scaduta",
        ],
    ),
    (
        "5.2.1",
        &[
            "account disabled",
            "account is disabled",
            "account has been disabled",
            "account that you tried to reach is disabled",
            "mailbox disabled",
            "mailbox is disabled",
            "account inactive",
            "inactive mailbox",
            "casella disattivata",
            "casella disabilitata",
            "casella non attiva",
            "utente disabilitato",
        ],
    ),
    (
        "5.1.2",
        &[
            "host not found",
            "host unknown",
            "unknown host",
            "domain not found",
            "domain does not exist",
            "unrouteable mail domain",
            "dominio inesistente",
            "dominio sconosciuto",
        ],
    ),
    (
        "5.1.1",
        &[
            "user unknown",
            "unknown user",
            "unknown or illegal user",
            "user not known",
            "user not found",
            "no such user",
            "nosuchuser",
            "no such recipient",
            "no such address",
            "no mailbox",
            "unknown recipient",
            "recipient unknown",
            "recipient not found",
            "recipient name is not recognized",
            "invalid recipient",
            "account that you tried to reach does not exist",
            "mailbox unavailable",
            "mailbox not found",
            "address couldn't be found",
            "unrouteable address",
            "does not like recipient",
            "did not exactly match",
            "doesn't have a",
            "utente sconosciuto",
            "utente inesistente",
            "utente non trovato",
            "casella inesistente",
            "indirizzo inesistente",
            "indirizzo sconosciuto",
            "destinatario sconosciuto",
            "destinatario inesistente",
            "does not exist",
            "non esiste",
        ],
    ),
    (
        "5.7.1",
        &[
            "spam",
            "blacklist",
            "blocklist",
            "block list",
            " rbl",
            "policy",
            "access denied",
            "unable to relay",
            "relaying denied",
            "relay access denied",
            "relay not permitted",
            "not permitted",
            "not accepting mail from",
        ],
    ),
];

/// The enhanced status code that a server's words stand for, when they are words that we know.
#[must_use]
pub fn code_of_words(words: &str) -> Option<&'static str> {
    let words = fold(words);
    let known = MEANINGS.iter().find(|(_, phrases)| phrases.iter().any(|phrase| words.contains(phrase)));
    known.map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(status: &str, words: &str) -> Severity {
        severity(&Reported {
            address: "anna@libero.example".to_owned(),
            status: (!status.is_empty()).then(|| status.to_owned()),
            action: Action::Failed,
            words: words.to_owned(),
        })
    }

    #[test]
    fn an_address_that_is_wrong_for_good_is_hard() {
        for code in ["5.1.1", "5.1.10", "5.1.2", "5.2.1", "5.4.4", "5.5.0"] {
            assert_eq!(failed(code, ""), Severity::Hard, "{code}");
        }
        assert_eq!(failed("5.0.0", "550 unknown user"), Severity::Hard);
        assert_eq!(failed("", "Casella inesistente"), Severity::Hard);
    }

    #[test]
    fn a_full_mailbox_a_big_letter_a_refusal_or_a_broken_line_is_soft() {
        for code in
            ["5.2.2", "5.3.0", "5.3.4", "5.6.3", "5.7.1", "5.7.509", "5.4.7", "4.4.7", "4.2.2", "5.1.8"]
        {
            assert_eq!(failed(code, "User unknown"), Severity::Soft, "{code}");
        }
        assert_eq!(failed("5.0.0", "552 la casella di posta è piena: spazio esaurito"), Severity::Soft);
        assert_eq!(failed("5.0.0", "554 rejected as SPAM"), Severity::Soft);
        assert_eq!(failed("5.0.0", "550-Unrouteable address 550 Sender verify failed"), Severity::Soft);
    }

    #[test]
    fn what_cannot_be_understood_is_soft() {
        for (code, words) in
            [("", ""), ("5.0.0", ""), ("", "Wiadomość odrzucona"), ("boh", ""), ("5", ""), ("5.1", "")]
        {
            assert_eq!(failed(code, words), Severity::Soft, "{code} {words}");
        }
    }

    #[test]
    fn late_is_not_lost_and_arrived_is_nothing() {
        let about = |action| Reported { action, status: Some("5.1.1".to_owned()), ..Reported::default() };
        assert_eq!(severity(&about(Action::Delayed)), Severity::Delay);
        assert_eq!(severity(&about(Action::Delivered)), Severity::None);
    }
}
