//! What an operator should know about a received mail beside its words: who or what wrote it, whether the sender is who they
//! say, by which way it came. Short marks for what is well, sentences for what needs a second look.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Rome;
use entity::{
    communication::{Direction, Model},
    incoming_mail, mail_log, mailbox,
    origin::{self, MailKind, Origin, Pec, PecKind, Signature, Verdict},
};
use serde::Serialize;

use crate::{
    domain::{identification::speaks_for_itself, mail::Mail, pec::is_believable},
    web::mail::words,
};

/// A word or two.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    tone: &'static str,
    text: String,
}

/// A sentence.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    warning: bool,
    text: String,
}

/// An appointment, ready to be read.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Invitation {
    what: &'static str,
    summary: String,
    when: String,
    place: String,
    organizer: String,
}

/// All of it.
#[derive(Debug, Default)]
pub struct Seen {
    /// Short marks.
    pub marks: Vec<Mark>,
    /// Sentences.
    pub remarks: Vec<Remark>,
    /// The appointment that it carries.
    pub invitation: Option<Invitation>,
}

impl Seen {
    fn mark(&mut self, tone: &'static str, text: impl Into<String>) {
        self.marks.push(Mark { tone, text: text.into() });
    }

    fn warn(&mut self, text: impl Into<String>) {
        self.remarks.push(Remark { warning: true, text: text.into() });
    }

    fn tell(&mut self, text: impl Into<String>) {
        self.remarks.push(Remark { warning: false, text: text.into() });
    }
}

/// What is known of a communication. `logs` are those of the mails that became it or repeat it, with their ledger rows.
pub fn seen(
    row: &Model,
    logs: &[(mail_log::Model, incoming_mail::Model)],
    mailboxes: &[mailbox::Model],
) -> Seen {
    let mut seen = Seen::default();
    if row.direction != Direction::In {
        return seen;
    }
    if let Some(origin) = &row.origin {
        machine(&mut seen, origin);
        certified(&mut seen, origin.pec.as_ref());
        authentic(&mut seen, row, origin);
        seen.invitation = origin.invitation.as_ref().map(invitation);
    }
    if row.reply_address != row.from_address && !row.reply_address.is_empty() {
        seen.tell(format!("Chiede di rispondere a un altro indirizzo: {}.", row.reply_address));
    }
    if let Some(others) = elsewhere(row, logs, mailboxes) {
        seen.tell(format!("Arrivato anche a {others}."));
    }
    let opened = logs.iter().find(|(log, _)| Some(log.incoming_mail_id) == row.incoming_mail_id);
    // Of what a machine wrote the mark has said it already.
    let why = opened.filter(|_| !row.automatic).and_then(|(log, _)| words::silent(&log.data.silent));
    if let Some(why) = why {
        seen.tell(format!("Ricevuta automatica non inviata: {why}."));
    }
    seen
}

fn machine(seen: &mut Seen, origin: &Origin) {
    match origin.kind {
        MailKind::Letter | MailKind::Own => {}
        kind @ (MailKind::Bounce | MailKind::Delay | MailKind::Feedback) => {
            seen.mark("warning", words::kind(kind));
        }
        kind => seen.mark("neutral", words::kind(kind)),
    }
}

fn certified(seen: &mut Seen, pec: Option<&Pec>) {
    let Some(pec) = pec else { return };
    match &pec.kind {
        PecKind::Anomaly => {
            seen.mark("neutral", "Posta ordinaria arrivata alla PEC");
            return;
        }
        // In a thread only when it was opened by hand: its words say the rest.
        PecKind::Receipt(_) => return,
        PecKind::Transport => {}
    }
    let provider = pec.certificate.as_ref().and_then(|certificate| certificate.provider.as_deref());
    // Who is named by an envelope that proves nothing is named by whoever made it.
    match provider.filter(|_| is_believable(pec)) {
        Some(provider) => seen.mark("info", format!("PEC, gestore {provider}")),
        None => seen.mark("info", "PEC"),
    }
    match pec.signature {
        Signature::Valid => seen.mark("success", "Firma del gestore valida"),
        Signature::NotVerifiable => seen.mark("neutral", "Firma del gestore non verificabile"),
        Signature::Invalid => {
            seen.warn("La firma del gestore PEC non è valida: il messaggio può essere stato modificato.");
        }
        Signature::None => {
            seen.warn("Manca la firma del gestore PEC: niente prova che il messaggio sia certificato.");
        }
    }
    match pec.sender_confirmed {
        Some(true) if pec.signature == Signature::Valid => seen.mark("success", "Mittente certificato"),
        Some(false) => {
            let sender = pec.certificate.as_ref().and_then(|certificate| certificate.sender.as_deref());
            seen.warn(format!(
                "Il mittente non è quello certificato dal gestore PEC{}.",
                sender.map(|sender| format!(", che è {sender}")).unwrap_or_default()
            ));
        }
        // Where the signer is not known to be a provider, it is only what the envelope says.
        Some(true) | None => {}
    }
}

/// Each check as the server found it, and what follows. Where no server is trusted nothing is said: it is the usual case.
fn authentic(seen: &mut Seen, row: &Model, origin: &Origin) {
    let Some(found) = origin.authenticity else { return };
    let asked = Mail { authenticity: Some(found), ..Mail::default() };
    if !speaks_for_itself(&asked) {
        seen.warn(format!(
            "Mittente non confermato: chi scrive potrebbe non essere {}. Prima di dare informazioni personali verifica chi è.",
            row.from_address
        ));
    } else if found.dmarc == Verdict::Pass {
        seen.mark("success", "Mittente verificato");
    }
    seen.tell(format!("Controlli del server di posta sul mittente: {}.", words::checks(found)));
}

fn elsewhere(
    row: &Model,
    logs: &[(mail_log::Model, incoming_mail::Model)],
    mailboxes: &[mailbox::Model],
) -> Option<String> {
    let came = |mailbox: &&mailbox::Model| {
        Some(mailbox.id) != row.mailbox_id && logs.iter().any(|(_, mail)| mail.mailbox_id == mailbox.id)
    };
    let others: Vec<&str> = mailboxes.iter().filter(came).map(|mailbox| mailbox.address.as_str()).collect();
    (!others.is_empty()).then(|| others.join(", "))
}

fn invitation(invitation: &origin::Invitation) -> Invitation {
    Invitation {
        what: match invitation.method.as_str() {
            "REQUEST" => "Invito",
            "CANCEL" => "Appuntamento annullato",
            "REPLY" => "Risposta a un invito",
            _ => "Appuntamento",
        },
        summary: invitation.summary.clone(),
        when: invitation
            .starts
            .map(|starts| when(starts, invitation.ends, invitation.all_day))
            .unwrap_or_default(),
        place: invitation.place.clone(),
        organizer: invitation.organizer.clone(),
    }
}

/// In Italy's time. Whole days end at the midnight after the last one (RFC 5545 §3.6.1).
fn when(starts: DateTime<Utc>, ends: Option<DateTime<Utc>>, all_day: bool) -> String {
    let begins = starts.with_timezone(&Rome);
    let first = begins.date_naive();
    let day = |date: chrono::NaiveDate| date.format("%d/%m/%Y");
    if all_day {
        let last = ends.and_then(|ends| ends.with_timezone(&Rome).date_naive().pred_opt());
        return match last.filter(|last| *last > first) {
            Some(last) => format!("dal {} al {}", day(first), day(last)),
            None => format!("{}, tutto il giorno", day(first)),
        };
    }
    let moment = format!("{}, {}", day(first), begins.format("%-H:%M"));
    match ends.filter(|ends| *ends > starts).map(|ends| ends.with_timezone(&Rome)) {
        None => moment,
        Some(ends) if ends.date_naive() == first => format!("{moment}–{}", ends.format("%-H:%M")),
        Some(ends) => format!("dal {moment} al {}, {}", day(ends.date_naive()), ends.format("%-H:%M")),
    }
}

#[cfg(test)]
mod tests {
    use entity::origin::Certificate;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn an_appointment_is_told_in_the_time_of_italy() {
        let told = |starts, ends: &str, all_day| when(at(starts), ends.parse().ok(), all_day);
        assert_eq!(told("2026-03-05T09:30:00Z", "2026-03-05T10:00:00Z", false), "05/03/2026, 10:30–11:00");
        assert_eq!(told("2026-07-05T22:30:00Z", "", false), "06/07/2026, 0:30");
        assert_eq!(
            told("2026-03-05T09:30:00Z", "2026-03-06T10:00:00Z", false),
            "dal 05/03/2026, 10:30 al 06/03/2026, 11:00"
        );
        assert_eq!(told("2026-03-04T23:00:00Z", "2026-03-05T23:00:00Z", true), "05/03/2026, tutto il giorno");
        assert_eq!(
            told("2026-03-04T23:00:00Z", "2026-03-06T23:00:00Z", true),
            "dal 05/03/2026 al 06/03/2026"
        );
    }

    fn said(pec: &Pec) -> (Vec<String>, Vec<String>) {
        let mut seen = Seen::default();
        certified(&mut seen, Some(pec));
        (
            seen.marks.into_iter().map(|mark| mark.text).collect(),
            seen.remarks.into_iter().map(|remark| remark.text).collect(),
        )
    }

    #[test]
    fn an_envelope_says_what_it_proves_and_no_more() {
        let certificate = Some(Certificate {
            provider: Some("Aruba PEC S.p.A.".to_owned()),
            sender: Some("anna@pec.example".to_owned()),
            ..Certificate::default()
        });
        let good =
            Pec { signature: Signature::Valid, sender_confirmed: Some(true), certificate, ..Pec::default() };
        let (marks, remarks) = said(&good);
        assert_eq!(
            marks,
            ["PEC, gestore Aruba PEC S.p.A.", "Firma del gestore valida", "Mittente certificato"]
        );
        assert!(remarks.is_empty());
        let unknown = Pec { signature: Signature::NotVerifiable, ..good.clone() };
        assert_eq!(said(&unknown).0, ["PEC, gestore Aruba PEC S.p.A.", "Firma del gestore non verificabile"]);
        let (marks, remarks) =
            said(&Pec { signature: Signature::Invalid, sender_confirmed: Some(false), ..good });
        assert_eq!(marks, ["PEC"], "nobody is named by what proves nothing");
        assert!(
            remarks[0].contains("non è valida") && remarks[1].contains("anna@pec.example"),
            "{remarks:?}"
        );
        let (marks, remarks) = said(&Pec { kind: PecKind::Anomaly, ..Pec::default() });
        assert_eq!((marks.len(), remarks.len()), (1, 0));
    }
}
